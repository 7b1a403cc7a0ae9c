package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/// Debian's mosquitto on a free port of loopback: a broker that others wrote. Tests skip where there is none.
public final class Mosquitto implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");

    private final Path folder;
    private final Path configuration;
    private final int port;
    private Process process;

    /// Runs with those lines of configuration beside what it needs.
    public Mosquitto(Path folder, String... lines) throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "skipped: there is no " + PROGRAM + " (Debian: mosquitto)");
        this.folder = folder;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String more = String.join("\n", lines);
        configuration = Files.writeString(
                folder.resolve("mosquitto.conf"),
                "listener " + port + " 127.0.0.1\n" + (more.contains("password_file") ? "" : "allow_anonymous true\n")
                        + "user root\nmax_queued_messages 0\n" + more + "\n");
        start();
    }

    /// Listens again after [#kill].
    public void start() throws Exception {
        process = new ProcessBuilder(PROGRAM.toString(), "-c", configuration.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        for (int i = 0; i < 1_000; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                Thread.sleep(10);
            }
        }
        throw new AssertionError("mosquitto does not listen: " + Files.readString(folder.resolve("log")));
    }

    /// Ends it as a power cut would.
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /// Its process.
    public ProcessHandle process() {
        return process.toHandle();
    }

    public int port() {
        return port;
    }

    /// Where it listens.
    public String address() {
        return "mqtt://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        kill();
    }
}
