package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordsTest {
    private static final Path WRITER = Path.of("/usr/bin/mosquitto_passwd");

    @TempDir
    Path folder;

    private static boolean accepts(Passwords passwords, String user, String password) {
        return passwords.accepts("client", user, password.getBytes(StandardCharsets.UTF_8));
    }

    /// Oracle: mosquitto's own tool.
    @Test
    void whatMosquittoWritesIsAccepted() throws Exception {
        assumeTrue(Files.isExecutable(WRITER), "skipped: there is no " + WRITER + " (Debian: mosquitto)");
        var file = folder.resolve("users");
        var secrets = List.of("secret", "كلمة السر", " a:b$c ");
        for (int i = 0; i < secrets.size(); i++) {
            if (i == 0) Files.createFile(file);
            var command = List.of(WRITER.toString(), "-b", file.toString(), "user" + i, secrets.get(i));
            assertEquals(0, new ProcessBuilder(command).start().waitFor());
        }
        var passwords = Passwords.read(file);
        for (int i = 0; i < secrets.size(); i++)
            for (int j = 0; j < secrets.size(); j++)
                assertEquals(i == j, accepts(passwords, "user" + i, secrets.get(j)), i + " with " + j);
        assertFalse(accepts(passwords, "nobody", "secret"));
        assertFalse(passwords.accepts("client", null, null));
        assertFalse(passwords.accepts("client", "user0", new byte[] {(byte) 0xFF}));
    }

    /// A line of mosquitto_passwd 2.0.11 for the password `secret`, for machines without it.
    @Test
    void aLineOfMosquittoIsAccepted() throws Exception {
        var passwords = Passwords.read(Files.writeString(folder.resolve("users"), "\n" + MqttBusTest.USER + "\n"));
        assertTrue(accepts(passwords, "fleet", "secret"));
        assertFalse(accepts(passwords, "fleet", "Secret"));
    }

    @Test
    void otherLinesAreRefusedByNumber() throws Exception {
        for (String line : List.of(
                "user",
                "user:secret",
                "user:$6$YWJj$YWJj",
                "user:$7$0$YWJj$YWJj",
                "user:$7$99999999$YWJj$YWJj",
                "user:$7$101$=$YWJj")) {
            var file = Files.writeString(folder.resolve("users"), MqttBusTest.USER + "\n" + line + "\n");
            var refused = assertThrows(IOException.class, () -> Passwords.read(file), line);
            assertTrue(refused.toString().contains("line 2"), refused.toString());
        }
    }
}
