package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diwan.base.Digest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log whose key lies in a token, held to openssl. The token is SoftHSM 2 (Debian: softhsm2) in a
/// process of its own, whose environment names the token's folder; skipped, saying so, where it is
/// not installed.
class HsmKeyTest {
    private static final String PIN = "1234";
    private static final int MAX_SECONDS = 60;

    @TempDir
    Path folder;

    private Path library = Path.of("");

    private record Result(int exit, String output) {}

    private Result run(String... command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment());
        var process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS));
        return new Result(process.exitValue(), output);
    }

    private Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", folder.resolve("softhsm.conf").toString());
    }

    private static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    @BeforeEach
    void makeToken() throws Exception {
        var found = Stream.of(
                        "/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")
                .map(place -> Path.of(place, "libsofthsm2.so"))
                .filter(Files::exists)
                .findFirst();
        Assumptions.assumeTrue(
                found.isPresent() && Files.isExecutable(Path.of("/usr/bin/softhsm2-util")),
                "skipped: needs apt-get install softhsm2");
        library = found.orElseThrow();
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(
                folder.resolve("softhsm.conf"),
                "directories.tokendir = " + folder.resolve("tokens")
                        + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        Files.writeString(
                folder.resolve("hsm.cfg"),
                "name = diwan\nlibrary = " + library + "\nslotListIndex = 0\n"
                        + "attributes(generate, CKO_PRIVATE_KEY, *) = {\n  CKA_SENSITIVE = true\n"
                        + "  CKA_EXTRACTABLE = false\n}\n");
        var made = run("softhsm2-util", "--init-token", "--free", "--label", "log", "--pin", PIN, "--so-pin", "5678");
        assertEquals(0, made.exit(), made.output());
    }

    private void makeKey() throws Exception {
        var made = run(
                java("keytool"),
                "-genkeypair",
                "-alias",
                HsmKey.ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=diwan-log",
                "-storetype",
                "PKCS11",
                "-providerClass",
                "sun.security.pkcs11.SunPKCS11",
                "-providerArg",
                folder.resolve("hsm.cfg").toString(),
                "-storepass",
                PIN);
        assertEquals(0, made.exit(), made.output());
    }

    /// What [HsmLog] prints: the verifier key, or why there is no log.
    private Result log(String pin) throws Exception {
        return run(
                java("java"),
                "-ea",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HsmLog.class.getName(),
                folder.resolve("hsm.cfg").toString(),
                pin,
                folder.resolve("log").toString());
    }

    @Test
    void aKeyThatNeverLeavesItsTokenSignsALogThatOpensslVerifies() throws Exception {
        makeKey();
        var first = log(PIN);
        assertEquals(0, first.exit(), first.output());
        var key = VerifierKey.parse(first.output().strip());
        assertEquals(VerifierKey.Type.ECDSA_P256, key.type());
        var second = log(PIN);
        assertEquals(first.output(), second.output(), "the key survives the process");

        var report = Fsck.check(folder.resolve("log"), List.of(key));
        assertNull(report.difference());
        assertEquals(2 * HsmLog.ENTRIES, report.size());
        checkWithOpenssl(key, Checkpoint.parse(Files.readString(folder.resolve("log/checkpoint"))));
    }

    /// The key id and the signature, by somebody else: signed-note's type 0x02.
    private void checkWithOpenssl(VerifierKey key, Checkpoint checkpoint) throws Exception {
        byte[] material =
                StrictBase64.decode(key.toString().substring(key.name().length() + 10));
        byte[] spki = Arrays.copyOfRange(material, 1, material.length);
        assertEquals(2, material[0]);
        assertEquals(HexFormat.of().formatHex(Digest.sha256(spki), 0, 4), key.idText());
        Files.write(folder.resolve("key.der"), spki);
        Files.write(folder.resolve("note"), checkpoint.body().bytes());
        byte[] signature = checkpoint.signatures().getFirst().blob();
        assertEquals("Verified OK\n", openssl(signature).output());
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(false, key.verifies(checkpoint.body(), flipped), "bit " + bit);
        }
        signature[signature.length - 1] ^= 1;
        assertEquals(1, openssl(signature).exit());
    }

    private Result openssl(byte[] signature) throws Exception {
        Files.write(folder.resolve("signature"), signature);
        return run(
                "openssl",
                "dgst",
                "-sha256",
                "-keyform",
                "DER",
                "-verify",
                folder.resolve("key.der").toString(),
                "-signature",
                folder.resolve("signature").toString(),
                folder.resolve("note").toString());
    }

    @Test
    void aWrongPinAMissingKeyAndAMissingModuleAreNamed() throws Exception {
        var none = log(PIN);
        assertEquals(1, none.exit());
        assertTrue(none.output().contains("the module has no key \"diwan-log\"; make it with keytool"), none.output());
        var wrong = log("0000");
        assertEquals(1, wrong.exit());
        assertTrue(wrong.output().contains("does not open with this PIN"), wrong.output());
        Files.writeString(folder.resolve("hsm.cfg"), "name = diwan\nlibrary = /nowhere/lib.so\n");
        var missing = log(PIN);
        assertEquals(1, missing.exit());
        assertTrue(missing.output().contains("the module does not give its key"), missing.output());
        assertThrows(
                IOException.class,
                () -> LogSigner.inHsm(new HsmKey(folder.resolve("no"), HsmKey.ALIAS, PIN), Logs.ORIGIN));
    }
}
