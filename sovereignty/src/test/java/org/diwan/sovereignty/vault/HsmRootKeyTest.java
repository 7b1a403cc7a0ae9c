package org.diwan.sovereignty.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A root key in a token, which never leaves it: SoftHSM 2 (Debian: softhsm2) in a process of its own,
/// whose environment names the token's folder; skipped, saying so, where it is not installed.
class HsmRootKeyTest {
    private static final String PIN = "1234";
    private static final int MAX_SECONDS = 60;

    @TempDir
    Path folder;

    private record Result(int exit, String output) {}

    private Result run(List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("SOFTHSM2_CONF", folder.resolve("softhsm.conf").toString());
        var process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS));
        return new Result(process.exitValue(), output);
    }

    private static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    private Result keytool(String... what) throws Exception {
        var command = new ArrayList<>(List.of(java("keytool")));
        command.addAll(List.of(what));
        command.addAll(List.of("-storetype", "PKCS11", "-providerClass", "sun.security.pkcs11.SunPKCS11"));
        command.addAll(List.of("-providerArg", folder.resolve("hsm.cfg").toString(), "-storepass", PIN));
        return run(command);
    }

    private Result vault(String... wrapped) throws Exception {
        var command = new ArrayList<>(List.of(
                java("java"),
                "-ea",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HsmVault.class.getName(),
                folder.resolve("hsm.cfg").toString(),
                PIN));
        command.addAll(List.of(wrapped));
        return run(command);
    }

    @Test
    void aRootKeyInATokenWrapsAndUnwrapsAcrossProcessesBesideTheLogsKey() throws Exception {
        var found = Stream.of(
                        "/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")
                .map(place -> Path.of(place, "libsofthsm2.so"))
                .filter(Files::exists)
                .findFirst();
        Assumptions.assumeTrue(
                found.isPresent() && Files.isExecutable(Path.of("/usr/bin/softhsm2-util")),
                "skipped: needs apt-get install softhsm2");
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(
                folder.resolve("softhsm.conf"),
                "directories.tokendir = " + folder.resolve("tokens")
                        + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        Files.writeString(
                folder.resolve("hsm.cfg"), "name = diwan\nlibrary = " + found.orElseThrow() + "\nslotListIndex = 0\n");
        var token = run(
                List.of("softhsm2-util", "--init-token", "--free", "--label", "x", "--pin", PIN, "--so-pin", "5678"));
        assertEquals(0, token.exit(), token.output());
        var log = keytool(
                "-genkeypair", "-alias", "diwan-log", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=x");
        assertEquals(0, log.exit(), log.output());

        var none = vault();
        assertEquals(1, none.exit());
        assertTrue(none.output().contains("the module has no key \"diwan-root\"; make it with keytool"), none.output());

        var root = keytool("-genseckey", "-alias", HsmRootKey.ALIAS, "-keyalg", "AES", "-keysize", "256");
        assertEquals(0, root.exit(), root.output());
        var first = vault();
        assertEquals(0, first.exit(), first.output());
        var second = vault(first.output().strip());
        assertEquals(first.output(), second.output(), "the key survives the process");
    }
}
