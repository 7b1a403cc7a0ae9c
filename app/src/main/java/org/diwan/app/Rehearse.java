package org.diwan.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// A first start before nobody. The launcher runs it once after a build, while the JVM takes down
/// which classes a start needs (JEP 514); later starts find them ready.
///
/// It does what a user does first: `up`, `chat`, `receipt`, `verify --replay`. The exit of the process
/// stops the server.
@Command(
        name = "rehearse",
        description = "Run by the launcher after a build.",
        mixinStandardHelpOptions = true,
        hidden = true)
final class Rehearse extends Verb {
    @Parameters(paramLabel = "DIR", description = "Data folder to throw away.")
    private Path data = Path.of("");

    @Override
    public Integer call() throws IOException {
        try (var printed = new PipedReader();
                var lines = new BufferedReader(printed)) {
            up(new PipedWriter(printed));
            String port = "";
            while (port.isEmpty()) {
                String line = lines.readLine();
                if (line == null) throw new IOException("the server did not start");
                if (line.startsWith("console: ")) port = line.replaceFirst(".*:(\\d+)/.*", "$1");
            }
            // Its last line ends the chat's errors: "receipt: r-…".
            String said = run("chat", "كان الملك في قصره", "--max-tokens", "8", "--port", port);
            String receipt = said.substring(said.lastIndexOf(' ')).strip();
            Path file = data.resolve("receipt.json");
            run("receipt", receipt, "--out", file.toString(), "--port", port);
            run("verify", file.toString(), "--replay");
        }
        return 0;
    }

    /// Starts the server in a thread of its own, which ends with the process.
    private void up(PipedWriter printed) {
        Thread.ofPlatform().daemon().name("diwan-up").start(() -> {
            try (var out = new PrintWriter(printed, true)) {
                Main.run(out, err(), "up", "--port", "0", "--data", data.toString());
            }
        });
    }

    /// Runs a verb that must succeed; what it said on standard error.
    private String run(String... words) throws IOException {
        var said = new StringWriter();
        var arguments = new String[words.length + 2];
        System.arraycopy(words, 0, arguments, 0, words.length);
        arguments[words.length] = "--data";
        arguments[words.length + 1] = data.toString();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(said, true), arguments);
        if (code != 0) throw new IOException("diwan " + words[0] + ": exit code " + code + ": " + said);
        return said.toString();
    }
}
