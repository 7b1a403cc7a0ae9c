package org.diwan.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A verb that prints the address of a page, as a process of its own.
final class DemoProcess implements AutoCloseable {
    private final Process process;
    private final String address;

    DemoProcess(String... verb) throws IOException {
        var command = new ArrayList<>(Server.java("org.diwan.app.Main"));
        command.addAll(List.of(verb));
        Path errors = Files.createTempFile("diwan-demo-", ".log");
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        if (line == null || !line.startsWith("page: ")) throw new IOException(line + Files.readString(errors));
        address = line.substring("page: ".length());
    }

    /// Of the page.
    String address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
