package org.diwan.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One verb of the command line, run to its end.
///
/// @param status exit status
/// @param output standard output and error together
record Command(int status, String output) {
    /// Runs `diwan` with `arguments`.
    static Command diwan(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(Server.java("org.diwan.app.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Command(process.waitFor(), output);
    }
}
