package org.diwan.robots.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.diwan.sovereignty.ledger.VerificationException;

/// What was said to and by the vehicle of one job, a line each, chained by hashes from the decision on:
///
/// ```
/// {"chain":"9f…","payload":"{…}","time":"2026-01-01T08:00:00.250Z","topic":"uagv/v3/diwan/r-007/order"}
/// chain of line n = SHA-256(chain of line n − 1 ‖ the line without its chain), before the first: of the decided entry
/// ```
///
/// Nobody can leave out, add or change a line without changing the last chain, which is in the ledger.
/// One thread owns it.
final class JobFile implements AutoCloseable {
    /// Lines after which nothing is written any more; a job of 64 stops across a tower has some hundreds.
    static final int MAX_LINES = 100_000;

    /// Longest file that is read, bytes.
    static final long MAX_BYTES = 256L << 20;

    /// A line that was read.
    record Line(String chain, Instant time, String topic, String payload) {}

    private final FileChannel channel;
    private byte[] chain;
    private int lines;

    /// A new file for a job that `decided` permits.
    JobFile(Path file, String decided) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        chain = start(decided);
    }

    private static byte[] start(String decided) {
        return Digest.sha256(decided.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] next(byte[] before, Instant time, String topic, String payload) {
        return Digest.sha256(
                before, CanonicalJson.bytes(Map.of("time", time.toString(), "topic", topic, "payload", payload)));
    }

    /// One more message.
    void add(Instant when, String topic, String payload) throws IOException {
        if (lines == MAX_LINES) return;
        var time = when.truncatedTo(ChronoUnit.MILLIS);
        chain = next(chain, time, topic, payload);
        var line = Map.of("chain", chain(), "time", time.toString(), "topic", topic, "payload", payload);
        var bytes = ByteBuffer.wrap((CanonicalJson.text(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
        lines++;
    }

    /// The chain so far, in hexadecimal.
    String chain() {
        return Digest.hex(chain);
    }

    int lines() {
        return lines;
    }

    /// On disk, and done with.
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }

    /// The lines of `file`, whose chain begins at `decided`.
    ///
    /// @throws VerificationException naming the first line that does not follow from those before it
    static List<Line> read(Path file, String decided) throws IOException, VerificationException {
        if (Files.size(file) > MAX_BYTES)
            throw new VerificationException(file + " has more than " + MAX_BYTES + " bytes");
        var lines = new ArrayList<Line>();
        byte[] chain = start(decided);
        for (String text : Files.readAllLines(file)) {
            String where = file.getFileName() + " line " + (lines.size() + 1);
            var node = Warrant.tree(text, where);
            var line = new Line(
                    member(node, "chain", where),
                    time(member(node, "time", where), where),
                    member(node, "topic", where),
                    member(node, "payload", where));
            chain = next(chain, line.time(), line.topic(), line.payload());
            if (!line.chain().equals(Digest.hex(chain)))
                throw new VerificationException(where + " does not follow from those before it");
            lines.add(line);
        }
        return lines;
    }

    private static String member(JsonNode node, String member, String where) throws VerificationException {
        if (!node.path(member).isTextual()) throw new VerificationException(where + " lacks '" + member + "'");
        return node.path(member).textValue();
    }

    private static Instant time(String text, String where) throws VerificationException {
        try {
            return Instant.parse(text);
        } catch (java.time.DateTimeException e) {
            throw new VerificationException(where + ": '" + text + "' is no time");
        }
    }
}
