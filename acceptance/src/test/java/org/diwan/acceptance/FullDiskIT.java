package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server whose data lies on a file system of 4 MiB, until it is full: requests are refused with a
/// status that says so, and what was answered before is still there when there is room again.
class FullDiskIT {
    private static final int MOST_REQUESTS = 2_000;

    /// Bytes left on the disk when the requests begin.
    private static final int ROOM = 256 << 10;

    @TempDir
    Path folder;

    @Test
    void aFullDiskRefusesAndLosesNothing() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()) == 0;
        if (!mounted) System.out.println("SKIPPED: the full-disk drill mounts a tmpfs, which needs root");
        Assumptions.assumeTrue(mounted, "tmpfs cannot be mounted here");
        try {
            drill(disk);
        } finally {
            run("umount", disk.toString());
        }
    }

    private void drill(Path disk) throws IOException, InterruptedException {
        Path data = disk.resolve("data");
        String model = Models.random(folder).toString();
        var receipts = new ArrayList<String>();
        try (Server server = Server.start(data, "--model", model)) {
            var client = new Client(server);
            receipts.add(client.ask("أول سؤال"));
            Path ballast = disk.resolve("ballast");
            fill(ballast);
            leaveRoom(ballast);

            int refused = 0;
            for (int i = 0; refused == 0 && i < MOST_REQUESTS; i++) {
                var answer = client.chat("سؤال " + i);
                if (answer.statusCode() == 200)
                    receipts.add(answer.headers().firstValue("diwan-receipt").orElseThrow());
                else {
                    refused = answer.statusCode();
                    assertEquals(503, refused, answer.body());
                    assertTrue(answer.body().contains("_unavailable"), answer.body());
                }
            }
            assertEquals(503, refused, "a full disk refuses within " + MOST_REQUESTS + " requests");

            Files.delete(ballast);
            receipts.add(client.ask("بعد أن وُجد مكان"));
            for (String receipt : receipts) client.text("/v1/receipts/" + receipt);
            server.stop();
        }
        try (Server server = Server.start(data, "--model", model)) {
            for (String receipt : receipts) new Client(server).text("/v1/receipts/" + receipt);
        }
        System.out.println("full disk: refused with 503, " + receipts.size() + " receipts still there");
    }

    /// Makes room for some answers: the disk fills up while they are given, at a place of its own choosing.
    private static void leaveRoom(Path ballast) throws IOException {
        try (var channel = FileChannel.open(ballast, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - ROOM);
        }
    }

    /// Writes to `file` until nothing more fits.
    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(file)) {
            while (true) out.write(block);
        } catch (IOException full) {
            if (Files.size(file) == 0) throw full;
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }
}
