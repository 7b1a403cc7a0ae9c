package org.diwan.cloud.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.Mirror;
import org.diwan.sovereignty.ledger.TileSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A mirror in moto, an S3 server that others wrote (PyPI: `moto[server]`); skipped, saying so, where
/// `moto_server` is neither on the PATH nor named by `DIWAN_MOTO`.
class S3StoreTest {
    @TempDir
    Path folder;

    private static Optional<Path> moto() {
        String named = System.getenv("DIWAN_MOTO");
        var places = Stream.concat(
                Stream.ofNullable(named).map(Path::of),
                Stream.of(System.getenv("PATH").split(":")).map(place -> Path.of(place, "moto_server")));
        return places.filter(Files::isExecutable).findFirst();
    }

    private static Map<String, String> environment(String endpoint) {
        return Map.of("AWS_ENDPOINT_URL", endpoint, "AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "secret");
    }

    @Test
    void aLogMirroredIntoABucketIsWholeForWhoeverReadsItThere() throws Exception {
        var program = moto();
        Assumptions.assumeTrue(program.isPresent(), "skipped: needs moto_server (pip install 'moto[server]')");
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var server = new ProcessBuilder(program.orElseThrow().toString(), "-H", "127.0.0.1", "-p", "" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("moto.log").toFile())
                .start();
        try {
            check("http://127.0.0.1:" + port);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private void check(String endpoint) throws Exception {
        makeBucket(endpoint);
        var store = S3Store.of(URI.create("s3://nation/ledger"), environment(endpoint));
        assertNull(store.read("checkpoint", 100));
        byte[] bytes = {1, 2, 3};
        store.put("tile/0/x001/067", bytes);
        assertArrayEquals(bytes, store.read("tile/0/x001/067", 3));
        assertThrows(IOException.class, () -> store.read("tile/0/x001/067", 2));

        var signer = LogSigner.create(folder.resolve("log.key"), "log.example/mirrored");
        Path log = folder.resolve("log");
        try (var ledger = Ledger.open(log, signer)) {
            var mirror = new Mirror(TileSource.of(log), signer.keys(), store);
            for (int size : new int[] {3, 300}) {
                while (ledger.size() < size) ledger.append(("entry " + ledger.size()).getBytes(StandardCharsets.UTF_8));
                mirror.copy(ledger.publish());
                // An auditor reads it without a key to the bucket.
                var report = Fsck.check(URI.create(endpoint + "/nation/ledger/"), signer.keys());
                assertNull(report.difference());
                assertEquals(size, report.size());
            }
        }
        var absent = S3Store.of(URI.create("s3://no-such-bucket"), environment(endpoint));
        var refused = assertThrows(IOException.class, () -> absent.put("checkpoint", bytes));
        assertTrue(String.valueOf(refused.getMessage()).contains("404"), refused.getMessage());
    }

    /// Once it listens: a bucket that we write and everybody reads.
    private static void makeBucket(String endpoint) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            for (int attempt = 0; ; attempt++) {
                try {
                    assertEquals(200, put(client, endpoint + "/nation", ""));
                    break;
                } catch (IOException e) {
                    if (attempt == 300) throw e;
                    Thread.sleep(200);
                }
            }
            String anybodyReads = """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",
                     "Action":"s3:GetObject","Resource":"arn:aws:s3:::nation/*"}]}""";
            int status = put(client, endpoint + "/nation?policy", anybodyReads);
            assertTrue(status == 200 || status == 204, "status " + status);
        }
    }

    private static int put(HttpClient client, String url, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void addressesAndCredentialsThatAreMissingAreNamed() {
        var full = environment("http://127.0.0.1:1");
        for (String bad : List.of("http://bucket", "s3:///x", "s3://bucket/a%20b"))
            assertThrows(IllegalArgumentException.class, () -> S3Store.of(URI.create(bad), full), bad);
        var refused =
                assertThrows(IllegalArgumentException.class, () -> S3Store.of(URI.create("s3://bucket"), Map.of()));
        assertTrue(String.valueOf(refused.getMessage()).contains("AWS_ACCESS_KEY_ID"));
    }
}
