package org.diwan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// llama.cpp in a Node process (`bench/peer`), asked for one measurement at a time.
///
/// Where it cannot run there is no peer, and the reason is printed once: a measurement of Diwan does not
/// depend on it.
final class Peer implements AutoCloseable {
    private static final int INSTALL_MINUTES = 10;

    private final @Nullable Process process;
    private final String description;

    private Peer(@Nullable Process process, String description) {
        this.process = process;
        this.description = description;
    }

    static Peer start(Path model, int threads) {
        return start("peer.mjs", model, threads);
    }

    /// The peer that `script` runs, told the model, the threads and `more`.
    static Peer start(String script, Path model, int threads, String... more) {
        Path home = Path.of(System.getProperty("diwan.home", "."), "bench", "peer");
        try {
            if (!Files.isDirectory(home.resolve("node_modules/node-llama-cpp"))) {
                install(home);
            }
            var command = new ArrayList<>(List.of("node", script, model.toString(), String.valueOf(threads)));
            command.addAll(List.of(more));
            Process process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Peer peer = new Peer(process, "llama.cpp (node-llama-cpp 3.22.1)");
            String ready = peer.line();
            if (!ready.equals("ready threads=" + threads)) {
                process.destroy();
                throw new IOException("node " + script + " answered: " + ready);
            }
            return peer;
        } catch (IOException e) {
            System.err.println("bench: no peer: " + e.getMessage());
            return new Peer(null, "none: " + e.getMessage());
        }
    }

    private static void install(Path home) throws IOException {
        System.err.println("bench: installing the peer into " + home + " (npm install, 85 MB, once) ...");
        Process npm = new ProcessBuilder(List.of(
                        "npm",
                        "install",
                        "--no-save",
                        "--omit=optional",
                        "--ignore-scripts",
                        "--no-audit",
                        "--no-fund"))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
                npm.destroy();
                throw new IOException("npm install did not end within " + INSTALL_MINUTES + " minutes");
            }
        } catch (InterruptedException e) {
            npm.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while npm install ran", e);
        }
        if (npm.exitValue() != 0) {
            throw new IOException("npm install in " + home + " failed with exit code " + npm.exitValue());
        }
    }

    /// The seconds that the peer took for `request`; null without a peer.
    @Nullable
    Double seconds(String request) throws IOException {
        String answer = answer(request);
        return answer == null ? null : Double.valueOf(answer);
    }

    /// The peer's line for `request`; null without a peer.
    @Nullable
    String answer(String request) throws IOException {
        if (process == null) {
            return null;
        }
        Writer writer = process.outputWriter(StandardCharsets.UTF_8);
        writer.write(request + "\n");
        writer.flush();
        return line();
    }

    /// Bytes of memory that the peer holds; null without a peer, or where the system does not tell.
    @Nullable
    Long residentBytes() {
        return process == null ? null : Machine.residentBytes(Long.toString(process.pid()));
    }

    String description() {
        return description;
    }

    /// `inputReader` of a process is one object: what it has buffered is not lost between calls.
    private String line() throws IOException {
        if (process == null) {
            throw new IllegalStateException("there is no peer");
        }
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("the peer ended without an answer");
        }
        return line;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
        }
    }
}
