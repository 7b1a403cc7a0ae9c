package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `diwan up` from start to end, as a process.
class UpIT {
    @TempDir
    Path data;

    /// SIGTERM: exit code 143 ([Server#stop]), a last checkpoint over every entry, the port free, and the
    /// same key and log after the next start.
    @Test
    void aStoppedServerStartsAgainWhereItWas() throws Exception {
        String key;
        try (var server = Server.start(data)) {
            key = server.key();
            var chat = Command.diwan(
                    "chat", "hello", "--max-tokens", "2", "--port", port(server), "--data", data.toString());
            assertEquals(0, chat.status(), chat.output());
            server.stop();
            int port = Integer.parseInt(port(server));
            try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertEquals(port, free.getLocalPort());
            }
        }
        String checkpoint = Files.readString(data.resolve("ledger/checkpoint"));
        assertEquals("2", checkpoint.lines().skip(1).findFirst().orElseThrow(), "decided and answered");
        var fsck = Command.diwan("ledger", "fsck", "--data", data.toString());
        assertEquals(0, fsck.status(), fsck.output());
        assertTrue(fsck.output().contains("2 entries"), fsck.output());
        assertFalse(fsck.output().contains("wait for the next checkpoint"), fsck.output());
        try (var again = Server.start(data)) {
            assertEquals(key, again.key());
            var second = Command.diwan(
                    "chat", "hello", "--max-tokens", "2", "--port", port(again), "--data", data.toString());
            assertEquals(0, second.status(), second.output());
            again.stop();
        }
    }

    /// What the launcher runs after a build, and whose failure it would not mention.
    @Test
    void theRehearsalGoesThrough() throws Exception {
        var rehearsal = Command.diwan("rehearse", data.toString());
        assertEquals(0, rehearsal.status(), rehearsal.output());
        assertTrue(Files.size(data.resolve("receipt.json")) > 0);
    }

    private static String port(Server server) {
        return Integer.toString(URI.create(server.address()).getPort());
    }
}
