package org.diwan.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// `diwan up` as a process of its own, with the launcher's flags and its classpath: what is tested is
/// what runs. Listens on a free port of the loopback interface.
final class Server implements AutoCloseable {
    static final Path ROOT =
            Path.of(System.getProperty("diwan.home", "..")).toAbsolutePath().normalize();
    private static final List<String> MODULES =
            List.of("app", "console", "cloud", "datacenter", "robots", "sovereignty", "language", "engine", "base");

    /// A cold start on two busy cores; `up` itself aims at three seconds.
    private static final Duration START = Duration.ofSeconds(60);

    private static final Duration STOP = Duration.ofSeconds(20);

    /// What a JVM that ran its shutdown hooks reports: 128 + 15.
    private static final int STATUS_OF_SIGTERM = 143;

    private final Process process;
    private final String address;
    private final String key;
    private final Path output;

    private Server(Process process, String address, String key, Path output) {
        this.process = process;
        this.address = address;
        this.key = key;
        this.output = output;
    }

    /// A server whose state is in `data`, up and answering.
    ///
    /// @param arguments of `diwan up`, beside `--port` and `--data`
    static Server start(Path data, String... arguments) throws IOException {
        return start(List.of(), data, arguments);
    }

    /// The same, its command line behind `prefix`: a shell that sets limits, for example.
    static Server start(List<String> prefix, Path data, String... arguments) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(java("org.diwan.app.Main"));
        command.addAll(List.of("up", "--port", "0", "--data", data.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("diwan-up-", ".log");
        Process process =
                new ProcessBuilder(command).redirectError(output.toFile()).start();
        var address = new CompletableFuture<String>();
        var key = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> read(process, address, key));
        try {
            return new Server(
                    process,
                    address.get(START.toSeconds(), TimeUnit.SECONDS).replaceFirst("/?(#.*)?$", ""),
                    key.get(START.toSeconds(), TimeUnit.SECONDS),
                    output);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("diwan up did not start: " + e + "\n" + Files.readString(output), e);
        }
    }

    /// The command that runs `main` as the launcher would.
    static List<String> java(String main) {
        String classpath = Stream.concat(
                        MODULES.stream().map(module -> ROOT.resolve(module).resolve("target/classes")),
                        Stream.of(ROOT.resolve("app/target/lib/*")))
                .map(Path::toString)
                .reduce((a, b) -> a + ":" + b)
                .orElseThrow();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-ea",
                "--add-modules",
                "jdk.incubator.vector",
                "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
                "--enable-native-access=ALL-UNNAMED",
                "-Ddiwan.home=" + ROOT,
                "-cp",
                classpath,
                main);
    }

    private static void read(Process process, CompletableFuture<String> address, CompletableFuture<String> key) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("console:"))
                    address.complete(line.substring("console:".length()).strip());
                if (line.startsWith("api key:"))
                    key.complete(line.substring("api key:".length()).strip());
            }
            throw new IOException("the process ended before it printed its address and key");
        } catch (IOException e) {
            address.completeExceptionally(e);
            key.completeExceptionally(e);
        }
    }

    /// `http://127.0.0.1:PORT`
    String address() {
        return address;
    }

    /// The first API key.
    String key() {
        return key;
    }

    /// What the process wrote to its standard error.
    String errors() throws IOException {
        return Files.readString(output);
    }

    boolean alive() {
        return process.isAlive();
    }

    /// Pulls the plug: SIGKILL, and the process is gone when this returns.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM; returns when the process has put everything away and ended by itself.
    void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS))
            throw new AssertionError("diwan up did not stop within " + STOP.toSeconds() + " s of SIGTERM");
        int status = process.exitValue();
        if (status != 0 && status != STATUS_OF_SIGTERM)
            throw new AssertionError("exit status " + status + "\n" + errors());
    }

    /// Whatever state the process is in, it is gone when this returns.
    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(output);
    }
}
