package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSignerTest {
    @TempDir
    Path folder;

    @Test
    void keysSurviveARestartAndBothSign() throws Exception {
        Path file = folder.resolve("log.key");
        var made = LogSigner.create(file, "example.com/log");
        var loaded = LogSigner.load(file);
        assertEquals(made.verifierKeys(), loaded.verifierKeys());
        List<VerifierKey> keys =
                made.verifierKeys().stream().map(VerifierKey::parse).toList();
        assertEquals(
                List.of(VerifierKey.Type.ED25519, VerifierKey.Type.ML_DSA_44),
                keys.stream().map(VerifierKey::type).toList());
        var checkpoint = loaded.sign(7, new byte[32]);
        Checkpoint.parse(checkpoint.text()).verify(keys);
    }

    @Test
    void theKeyFileIsItsOwnersAloneAndIsNeverOverwritten() throws IOException {
        Path file = folder.resolve("log.key");
        LogSigner.create(file, "example.com/log");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertThrows(FileAlreadyExistsException.class, () -> LogSigner.create(file, "example.com/log"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThrows(IOException.class, () -> LogSigner.load(file));
    }

    @Test
    void aPrivateKeyOfAnotherPairIsRefused() throws IOException {
        Path a = folder.resolve("a.key");
        LogSigner.create(a, "example.com/log");
        LogSigner.create(folder.resolve("b.key"), "example.com/log");
        var lines = Files.readAllLines(a);
        String foreign = Files.readAllLines(folder.resolve("b.key")).get(1).split(" ", 2)[1];
        lines.set(1, lines.get(1).split(" ", 2)[0] + " " + foreign);
        Files.write(a, lines);
        assertThrows(IOException.class, () -> LogSigner.load(a));
    }

    @Test
    void originsThatWouldBreakANoteAreRefused() {
        for (String origin : List.of("", "a b", "a+b", "a\nb", "a\u00a0b", "x".repeat(256)))
            assertThrows(IllegalArgumentException.class, () -> LogSigner.create(folder.resolve("k"), origin), origin);
    }
}
