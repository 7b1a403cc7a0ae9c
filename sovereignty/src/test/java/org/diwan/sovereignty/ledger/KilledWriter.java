package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The process that [KillTest] kills: `KilledWriter FOLDER KEY_FILE APPENDERS RUN`.
///
/// It appends from several threads and publishes now and then. A line goes to standard output only
/// after the ledger has answered: `a <index> <entry>` for an append, `p <size> <root>` for a checkpoint,
/// `r <message>` for a refusal.
final class KilledWriter {
    /// Appends per thread, should nobody kill it.
    private static final int MOST_APPENDS = 100_000;

    private KilledWriter() {}

    public static void main(String[] arguments) throws Exception {
        var signer = LogSigner.load(Path.of(arguments[1]));
        var ledger = Ledger.open(Path.of(arguments[0]), signer);
        say("p " + ledger.checkpoint().size() + " "
                + StrictBase64.encode(ledger.checkpoint().root()));
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            int thread = i;
            Thread.ofPlatform().start(() -> append(ledger, arguments[3] + "/" + thread));
        }
        while (true) {
            Thread.sleep(5);
            try {
                var published = ledger.publish();
                say("p " + published.size() + " " + StrictBase64.encode(published.root()));
            } catch (IOException e) {
                say("r " + e.getMessage());
            }
        }
    }

    private static void append(Ledger ledger, String name) {
        for (int i = 0; i < MOST_APPENDS; i++) {
            String entry = name + "/" + i + "/" + "x".repeat(i * 31 % 700);
            try {
                say("a " + ledger.append(entry.getBytes(StandardCharsets.UTF_8)) + " " + entry);
            } catch (IOException e) {
                say("r " + e.getMessage());
                return;
            }
        }
    }

    /// One write for the whole line: what is in the pipe when the process dies can still be read.
    private static synchronized void say(String line) {
        byte[] bytes = (line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
