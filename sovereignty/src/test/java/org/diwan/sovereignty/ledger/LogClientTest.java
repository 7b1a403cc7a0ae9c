package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogClientTest {
    @TempDir
    Path folder;

    private static void grow(Ledger ledger, int size) throws IOException {
        Logs.grow(ledger, size);
        ledger.publish();
    }

    @Test
    void anOldProofStandsAgainstALogThatHasGrown() throws Exception {
        try (var ledger = Ledger.open(folder, Logs.SIGNER)) {
            grow(ledger, 7);
            var old = TlogProof.parse(ledger.prove(5));
            for (int size : new int[] {7, 8, 255, 256, 300, 700}) {
                grow(ledger, size);
                new LogClient(TileSource.of(folder), Logs.KEYS).check(old, Logs.entry(5));
            }
        }
    }

    @Test
    void aLogThatForgotRewroteOrServesSomethingElseIsCaught() throws Exception {
        String proof;
        byte[] early;
        try (var ledger = Ledger.open(folder.resolve("a"), Logs.SIGNER)) {
            grow(ledger, 3);
            early = Files.readAllBytes(folder.resolve("a/checkpoint"));
            grow(ledger, 7);
            proof = ledger.prove(5);
        }
        var old = TlogProof.parse(proof);
        var client = new LogClient(TileSource.of(folder.resolve("a")), Logs.KEYS);
        client.check(old, Logs.entry(5));

        byte[] newest = Files.readAllBytes(folder.resolve("a/checkpoint"));
        Files.write(folder.resolve("a/checkpoint"), early);
        Logs.assertSays(
                "gone back from size 7",
                assertThrows(VerificationException.class, () -> client.check(old, Logs.entry(5))));
        Files.write(folder.resolve("a/checkpoint"), newest);

        Path bundle = folder.resolve("a/tile/entries/000.p/7");
        byte[] served = Files.readAllBytes(bundle);
        byte[] changed = served.clone();
        changed[changed.length - 12] ^= 1;
        Files.write(bundle, changed);
        assertThrows(VerificationException.class, () -> client.check(old, Logs.entry(5)));
        Files.write(bundle, served);

        // The same keys sign another history: exactly what a log must never do.
        try (var fork = Ledger.open(folder.resolve("b"), Logs.SIGNER)) {
            for (int i = 0; i < 9; i++) fork.append(("fork " + i).getBytes(StandardCharsets.UTF_8));
            fork.publish();
        }
        var forked = new LogClient(TileSource.of(folder.resolve("b")), Logs.KEYS);
        Logs.assertSays(
                "does not begin with the tree of size 7",
                assertThrows(VerificationException.class, () -> forked.check(old, Logs.entry(5))));
    }

    @Test
    void aLogIsCheckedAndAskedOverHttpAsInAFolder() throws Exception {
        try (var ledger = Ledger.open(folder, Logs.SIGNER)) {
            grow(ledger, 300);
            var proof = TlogProof.parse(ledger.prove(299));
            var server = SimpleFileServer.createFileServer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    folder.toAbsolutePath(),
                    SimpleFileServer.OutputLevel.NONE);
            server.start();
            try {
                check(server, proof);
            } finally {
                server.stop(0);
            }
        }
    }

    private void check(HttpServer server, TlogProof proof) throws Exception {
        var base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        new LogClient(TileSource.of(base), Logs.KEYS).check(proof, Logs.entry(299));
        var report = Fsck.check(base, Logs.KEYS);
        assertNull(report.difference());
        assertEquals(300, report.size());
        assertEquals(1 + 2 + 2 + 1, report.filesChecked());

        Path tile = folder.resolve("tile/0/000");
        byte[] bytes = Files.readAllBytes(tile);
        bytes[8000] ^= 1;
        Files.write(tile, bytes);
        String difference = Fsck.check(base, Logs.KEYS).difference();
        assertTrue(difference != null && difference.startsWith("tile/0/000 offset 8000"), difference);
        Files.write(tile, new byte[10_000]);
        assertTrue(String.valueOf(Fsck.check(base, Logs.KEYS).difference()).startsWith("tile/0/000 offset 8192"));
        assertThrows(IOException.class, () -> TileSource.of(base).read("tile/0/000", 9999));
        assertNull(TileSource.of(base).read("tile/7/000", 9999));
    }
}
