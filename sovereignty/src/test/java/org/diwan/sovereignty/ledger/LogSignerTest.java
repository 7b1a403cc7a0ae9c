package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;
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
    void anotherImplementationVerifiesBothSignatures() throws Exception {
        var checkpoint = Logs.SIGNER.sign(7, new byte[32]);
        for (var key : Logs.KEYS) {
            var line = checkpoint.signatures().stream()
                    .filter(one -> one.by(key))
                    .findFirst()
                    .orElseThrow();
            byte[] raw = StrictBase64.decode(key.toString().substring(key.name().length() + 10));
            boolean verifies =
                    switch (key.type()) {
                        case ED25519 -> {
                            var verifier = new Ed25519Signer();
                            verifier.init(false, new Ed25519PublicKeyParameters(raw, 1));
                            byte[] body = checkpoint
                                    .text()
                                    .substring(0, checkpoint.text().indexOf("\n\n") + 1)
                                    .getBytes(StandardCharsets.UTF_8);
                            verifier.update(body, 0, body.length);
                            yield verifier.verifySignature(line.blob());
                        }
                        case ECDSA_P256, ED25519_COSIGNATURE -> throw new AssertionError("no such key in a key file");
                        case ML_DSA_44 -> {
                            byte[] publicKey = Arrays.copyOfRange(raw, 1, raw.length);
                            var verifier = new MLDSASigner();
                            verifier.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, publicKey));
                            long time = ByteBuffer.wrap(line.blob()).getLong();
                            byte[] message = VerifierKey.cosignedMessage(
                                    Logs.ORIGIN, time, new Checkpoint.Body(Logs.ORIGIN, 7, new byte[32]));
                            verifier.update(message, 0, message.length);
                            yield verifier.verifySignature(Arrays.copyOfRange(line.blob(), 8, line.blob().length));
                        }
                    };
            assertTrue(verifies, key.type().algorithm);
        }
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
