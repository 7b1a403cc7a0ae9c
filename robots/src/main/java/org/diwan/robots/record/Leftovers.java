package org.diwan.robots.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.vda5050.Topic;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.VerificationException;

/// Jobs that were open when fleet control ended, however it did. Whoever starts next gives each its last entry, from
/// what its files say: then its trace has an end, and nobody waits for it.
///
/// None is taken up again. What was ordered may be on a vehicle, and that nothing was cannot be known: the lines of an
/// open job are in the system's memory, and a power failure may have taken the one of an order that went out.
///
/// What was being written when the process ended is cut off. Whatever else does not follow from the decision stays
/// as it is, for [Trace] to find; the entry holds the lines before it. Damage to a file of a job is told in its
/// outcome and stops nobody's start.
final class Leftovers {
    /// Jobs that are looked at, over or not; that takes seconds.
    static final int MAX_JOBS = 1_000_000;

    /// Bytes of messages that are read: half a minute. Who is beyond is ended by the next start.
    static final long MAX_BYTES = 1L << 30;

    /// Characters of an outcome.
    static final int MAX_OUTCOME = 1_000;

    private static final String ENDED = "ended: fleet control was restarted; ";
    private static final String NOTHING = "nothing is known to have been ordered";
    private static final String WARRANT = ".warrant";

    private final JobFolder folder;
    private final Instant now;

    private Leftovers(JobFolder folder, Instant now) {
        this.folder = folder;
        this.now = now;
    }

    /// What was done about them.
    ///
    /// @param ended jobs that have their last entry now
    /// @param left whether there may be more
    record Result(List<String> ended, boolean left) {}

    /// Ends the jobs in `folder` that nobody has ended.
    ///
    /// @throws IOException when the ledger or the folder cannot be written; the next start goes on
    static Result end(JobFolder folder, EntryBook book, Instant now) throws IOException {
        return new Leftovers(folder, now).end(book);
    }

    /// What would be put on record of `job`; a torn line is cut off already.
    static Ended last(JobFolder folder, String job, Instant now) {
        return new Leftovers(folder, now).last(job);
    }

    private Result end(EntryBook book) throws IOException {
        var open = new ArrayList<String>();
        int looked = 0;
        try (var warrants = Files.newDirectoryStream(folder.path(), "*" + WARRANT)) {
            for (Path warrant : warrants) {
                if (++looked > MAX_JOBS) break;
                String name = warrant.getFileName().toString();
                String job = name.substring(0, name.length() - WARRANT.length());
                if (JobFolder.isId(job) && !Files.exists(folder.done(job))) open.add(job);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        open.sort(null);
        var ended = new ArrayList<String>();
        long bytes = 0;
        for (String job : open) {
            Path messages = folder.messages(job);
            if (Files.exists(messages)) bytes += Math.min(Files.size(messages), JobFile.MAX_BYTES);
            if (bytes > MAX_BYTES || ended.size() == OrderDesk.MAX_OPEN) break;
            last(job).write(folder, book);
            ended.add(job);
        }
        return new Result(ended, looked > MAX_JOBS || ended.size() < open.size());
    }

    private Ended last(String job) {
        try {
            var warrant = Warrant.parse(read(folder.warrant(job)));
            String of = Warrant.tree(warrant.entry(), "the entry").path("job").asText();
            if (!of.equals(job)) throw new VerificationException("it is that of '" + of + "'");
            return last(job, TlogProof.parse(warrant.proof()).index(), warrant.entry());
        } catch (IOException | VerificationException e) {
            String trouble = "its warrant cannot be read: " + e.getMessage();
            return ended(job, Optional.empty(), Optional.empty(), trouble, 0, "");
        }
    }

    private static byte[] read(Path file) throws IOException, VerificationException {
        if (Files.size(file) > Warrant.MAX_BYTES)
            throw new VerificationException("it has more than " + Warrant.MAX_BYTES + " bytes");
        return Files.readAllBytes(file);
    }

    private Ended last(String job, long decided, String entry) {
        Path messages = folder.messages(job);
        var of = Optional.of(decided);
        try {
            if (!Files.exists(messages)) return ended(job, of, Optional.empty(), NOTHING, 0, "");
            var found = JobFile.find(messages, entry);
            settle(messages, found);
            var trouble = found.torn() > 0
                    ? Optional.of(found.torn() + " bytes of a line that was not written to its end were cut off")
                    : found.fault();
            String known = trouble.map(text -> text + "; ").orElse("") + known(found.lines());
            return ended(job, of, vehicle(found.lines()), known, found.lines().size(), found.chain());
        } catch (IOException e) {
            return ended(job, of, Optional.empty(), "its messages cannot be read: " + e, 0, "");
        }
    }

    /// On disk before the ledger holds it.
    private static void settle(Path file, JobFile.Found found) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (found.torn() > 0) channel.truncate(found.whole());
            channel.force(true);
        }
    }

    /// The last that was ordered and the last that was reported.
    private static String known(List<JobFile.Line> lines) {
        var ordered = last(lines, true);
        if (ordered.isEmpty()) return NOTHING;
        return "last ordered at " + ordered.get()
                + last(lines, false).map(text -> "; last reported at " + text).orElse("; nothing was reported of it");
    }

    /// The last message of a kind that can be understood.
    private static Optional<String> last(List<JobFile.Line> lines, boolean orders) {
        for (var line : lines.reversed()) {
            if (isOrder(line) != orders) continue;
            try {
                var step = Trace.step(line);
                return Optional.of(step.when() + ": " + step.detail());
            } catch (VerificationException e) {
                // An earlier one says more.
            }
        }
        return Optional.empty();
    }

    private static boolean isOrder(JobFile.Line line) {
        return line.topic().endsWith("/" + Topic.ORDER.text())
                || line.topic().endsWith("/" + Topic.INSTANT_ACTIONS.text());
    }

    /// The serial number in the topic of the last order.
    private static Optional<String> vehicle(List<JobFile.Line> lines) {
        return lines.reversed().stream()
                .filter(Leftovers::isOrder)
                .findFirst()
                .map(line -> line.topic().split("/", -1))
                .map(parts -> parts[Math.max(0, parts.length - 2)])
                .filter(serial -> serial.length() <= MAX_OUTCOME);
    }

    private Ended ended(
            String job, Optional<Long> of, Optional<String> vehicle, String known, int messages, String chain) {
        String text = ENDED + known;
        if (text.length() > MAX_OUTCOME) text = text.substring(0, MAX_OUTCOME) + "…";
        // Half a character, cut or sent by a vehicle, stands in no entry.
        text = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return new Ended(job, of, vehicle, text, messages, chain, now);
    }
}
