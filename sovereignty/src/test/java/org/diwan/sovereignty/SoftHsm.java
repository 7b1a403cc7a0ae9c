package org.diwan.sovereignty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A token for tests: SoftHSM 2 (Debian: softhsm2), used by processes of their own, because the token's
/// folder is named by their environment.
public final class SoftHsm {
    public static final String PIN = "1234";

    private static final int MAX_SECONDS = 60;

    private final Path folder;

    /// A process that has ended.
    public record Result(int exit, String output) {}

    private SoftHsm(Path folder) {
        this.folder = folder;
    }

    /// A fresh token in `folder`; where SoftHSM is not installed the test is skipped, saying so.
    public static SoftHsm inFolder(Path folder) throws IOException, InterruptedException {
        var library = Stream.of(
                        "/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")
                .map(place -> Path.of(place, "libsofthsm2.so"))
                .filter(Files::exists)
                .findFirst();
        Assumptions.assumeTrue(
                library.isPresent() && Files.isExecutable(Path.of("/usr/bin/softhsm2-util")),
                "skipped: needs apt-get install softhsm2");
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(
                folder.resolve("softhsm.conf"),
                "directories.tokendir = " + folder.resolve("tokens")
                        + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        var token = new SoftHsm(folder);
        Files.writeString(
                token.configuration(),
                "name = diwan\nlibrary = " + library.orElseThrow() + "\nslotListIndex = 0\n"
                        + "attributes(generate, CKO_PRIVATE_KEY, *) = {\n  CKA_SENSITIVE = true\n"
                        + "  CKA_EXTRACTABLE = false\n}\n");
        var made = token.run(
                List.of("softhsm2-util", "--init-token", "--free", "--label", "x", "--pin", PIN, "--so-pin", "5678"));
        assertEquals(0, made.exit(), made.output());
        return token;
    }

    /// What the JDK's bridge to the token reads.
    public Path configuration() {
        return folder.resolve("hsm.cfg");
    }

    /// Makes a pair of keys for a log.
    public void makeLogKey(String alias) throws IOException, InterruptedException {
        keytool("-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=x");
    }

    /// Makes a key for a vault.
    public void makeRootKey(String alias) throws IOException, InterruptedException {
        keytool("-genseckey", "-alias", alias, "-keyalg", "AES", "-keysize", "256");
    }

    private void keytool(String... what) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(tool("keytool")));
        command.addAll(List.of(what));
        command.addAll(List.of("-storetype", "PKCS11", "-providerClass", "sun.security.pkcs11.SunPKCS11"));
        command.addAll(List.of("-providerArg", configuration().toString(), "-storepass", PIN));
        var made = run(command);
        assertEquals(0, made.exit(), made.output());
    }

    /// Runs the `main` of a class of the tests beside the token.
    public Result java(Class<?> main, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                tool("java"),
                "-ea",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /// Runs any program beside the token.
    public Result run(List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("SOFTHSM2_CONF", folder.resolve("softhsm.conf").toString());
        var process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS));
        return new Result(process.exitValue(), output);
    }
}
