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
import java.util.Optional;
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
    /// Most lines; a job of 64 stops across a tower has some hundreds.
    static final int MAX_LINES = 100_000;

    /// Most bytes, written or read: some 600 for each of so many lines.
    static final long MAX_BYTES = 64L << 20;

    /// Lines after which no order is taken: the rest is for what the vehicle reports of the last one.
    static final int MAX_LINES_BEFORE_ORDER = MAX_LINES / 10 * 9;

    /// Bytes after which no order is taken.
    static final long MAX_BYTES_BEFORE_ORDER = MAX_BYTES / 10 * 9;

    /// A line that was read.
    record Line(String chain, Instant time, String topic, String payload) {}

    /// What a file holds.
    ///
    /// @param lines those that follow from the decision, up to the first that does not
    /// @param chain of the last of them
    /// @param whole bytes of these lines
    /// @param torn bytes of a line behind them that was not written to its end
    /// @param fault what is wrong with the line behind them, torn or not
    record Found(List<Line> lines, String chain, long whole, long torn, Optional<String> fault) {}

    private final FileChannel channel;
    private byte[] chain;
    private int lines;
    private long size;

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

    /// Whether there is room for an order and for what will be reported of it.
    boolean takesOrders() {
        return lines < MAX_LINES_BEFORE_ORDER && size < MAX_BYTES_BEFORE_ORDER;
    }

    /// One more message; false where it would be one line or byte too many.
    ///
    /// @throws IOException when the disk refuses; the message is not in the file
    boolean add(Instant when, String topic, String payload) throws IOException {
        var time = when.truncatedTo(ChronoUnit.MILLIS);
        byte[] after = next(chain, time, topic, payload);
        var line = Map.of("chain", Digest.hex(after), "time", time.toString(), "topic", topic, "payload", payload);
        var bytes = ByteBuffer.wrap((CanonicalJson.text(line) + "\n").getBytes(StandardCharsets.UTF_8));
        if (lines == MAX_LINES || size + bytes.limit() > MAX_BYTES) return false;
        // Always behind the last whole line: what a full disk cut short is written over.
        while (bytes.hasRemaining()) channel.write(bytes, size + bytes.position());
        chain = after;
        size += bytes.limit();
        lines++;
        return true;
    }

    /// The chain so far, in hexadecimal.
    String chain() {
        return Digest.hex(chain);
    }

    int lines() {
        return lines;
    }

    long size() {
        return size;
    }

    /// On disk, and done with.
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(size);
            channel.force(true);
        }
    }

    /// The lines of `file`, whose chain begins at `decided`.
    ///
    /// @throws VerificationException naming the first line that does not follow from those before it
    static List<Line> read(Path file, String decided) throws IOException, VerificationException {
        var found = find(file, decided);
        if (found.fault().isPresent())
            throw new VerificationException(found.fault().get());
        return found.lines();
    }

    /// What is whole of `file`, whose chain begins at `decided`.
    static Found find(Path file, String decided) throws IOException {
        byte[] chain = start(decided);
        long size = Files.size(file);
        if (size > MAX_BYTES)
            return new Found(
                    List.of(),
                    Digest.hex(chain),
                    0,
                    0,
                    Optional.of(file + " has " + size + " bytes, the limit is " + MAX_BYTES));
        byte[] bytes = Files.readAllBytes(file);
        var lines = new ArrayList<Line>();
        int from = 0;
        while (from < bytes.length) {
            int end = end(bytes, from);
            String where = file.getFileName() + " line " + (lines.size() + 1);
            try {
                var line = line(new String(bytes, from, end - from, StandardCharsets.UTF_8), where);
                byte[] after = next(chain, line.time(), line.topic(), line.payload());
                if (!line.chain().equals(Digest.hex(after)))
                    throw new VerificationException(where + " does not follow from those before it");
                chain = after;
                lines.add(line);
                from = Math.min(end + 1, bytes.length);
            } catch (VerificationException e) {
                long torn = end == bytes.length ? end - from : 0;
                return new Found(lines, Digest.hex(chain), from, torn, Optional.of(String.valueOf(e.getMessage())));
            }
        }
        return new Found(lines, Digest.hex(chain), from, 0, Optional.empty());
    }

    /// Where the line that begins at `from` ends: at its newline, or with the file.
    private static int end(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') end++;
        return end;
    }

    private static Line line(String text, String where) throws VerificationException {
        var node = Warrant.tree(text, where);
        return new Line(
                member(node, "chain", where),
                time(member(node, "time", where), where),
                member(node, "topic", where),
                member(node, "payload", where));
    }

    private static String member(JsonNode node, String member, String where) throws VerificationException {
        if (!node.path(member).isTextual()) throw new VerificationException(where + " lacks '" + member + "'");
        String text = node.path(member).textValue();
        // Escapes can spell halves of a character, which no line that was written has.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text))
            throw new VerificationException(where + ": '" + member + "' is not Unicode");
        return text;
    }

    private static Instant time(String text, String where) throws VerificationException {
        try {
            return Instant.parse(text);
        } catch (java.time.DateTimeException e) {
            throw new VerificationException(where + ": '" + text + "' is no time");
        }
    }
}
