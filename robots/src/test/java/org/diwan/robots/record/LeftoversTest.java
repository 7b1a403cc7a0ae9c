package org.diwan.robots.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.robots.record.OrderDesk.Origin;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.sovereignty.ledger.TileSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fleet control is killed and starts again. The oracle is the trace, which knows nothing of restarts: it verifies, its
/// steps are those that were written before the kill, and its end says what happened.
class LeftoversTest {
    @TempDir
    private Path folder;

    /// Ends as a kill does: the desk is not closed, nothing is written any more.
    private void killed(Begun life) throws Exception {
        var hall = new Hall(folder);
        life.go(hall);
        hall.ledger.close();
    }

    private interface Begun {
        void go(Hall hall) throws Exception;
    }

    private static void permit(Hall hall) throws IOException {
        long asked = hall.desk.ask("m-1", "", Words.of("coffee to the hall"), "k-clerk", "rules", Optional.empty());
        hall.desk.permit(Hall.coffee("m-1", "hall"), Hall.CLERK, new Origin(Optional.of(asked), "clean"));
    }

    private static void order(Hall hall) throws IOException {
        permit(hall);
        hall.desk.send("m-1", Hall.order("m-1", 0, List.of("bar"), Hall.action("pick", "m-1-1", "coffee")));
        hall.pass(Duration.ofSeconds(5));
        var picked = new ActionState("m-1-1", "pick", null, ActionStatus.FINISHED, null);
        byte[] state = new Codec(Version.V3_0).write(Hall.state("m-1", "bar", List.of(picked)));
        hall.desk.saw("m-1", Hall.ROBOT.topic(Topic.STATE), state, "picked");
    }

    private static Trace trace(Hall hall) throws Exception {
        hall.ledger.publish();
        var source = TileSource.of(hall.folder.resolve("ledger"));
        return Trace.of("m-1", hall.kept(), source, Trust.of(hall.signer.keys()));
    }

    private static List<String> whats(Trace trace) {
        return trace.steps().stream().map(Trace.Step::what).toList();
    }

    @Test
    void aJobThatWasUnderWayEndsWithWhatIsKnownOfIt() throws Exception {
        killed(LeftoversTest::order);
        try (var hall = new Hall(folder)) {
            var trace = trace(hall);
            assertEquals(List.of(), trace.faults());
            assertEquals(List.of("asked", "decided", "planned", "ordered", "reported", "done"), whats(trace));
            String end = trace.outcome().orElseThrow();
            for (String part : List.of(
                    "ended: fleet control was restarted", "m-1 update 0 to r-1: bar … bar", "at bar, pick FINISHED"))
                assertTrue(end.contains(part), end);
            var ended = hall.desk.ended("m-1").orElseThrow();
            assertEquals(Optional.of("r-1"), ended.vehicle());
            assertTrue(end.startsWith(ended.outcome()), end);
            assertEquals(Optional.of("coffee to the hall"), hall.desk.said("m-1"));
            assertTrue(hall.desk.clear(Hall.coffee("m-1", "hall"), "r-1").isPresent(), "it is not done twice");
        }
    }

    /// The order in hand was extended since: where the vehicle was last is told all the same.
    @Test
    void theLastReportIsToldAlsoWhereAnotherOrderCameAfterIt() throws Exception {
        killed(hall -> {
            order(hall);
            hall.desk.send("m-1", Hall.order("m-1", 1, List.of("bar", "hall")));
        });
        String outcome = end().outcome();
        assertTrue(outcome.contains("m-1 update 1 to r-1: bar … hall"), outcome);
        assertTrue(outcome.contains("at bar, pick FINISHED"), outcome);
    }

    @Test
    void aJobOfWhichNothingWasOrderedEndsToo() throws Exception {
        killed(LeftoversTest::permit);
        Files.delete(folder.resolve("jobs/m-1.messages"));
        try (var hall = new Hall(folder)) {
            var trace = trace(hall);
            assertEquals(List.of(), trace.faults());
            assertEquals(List.of("asked", "decided", "planned", "done"), whats(trace));
            assertTrue(trace.outcome().orElseThrow().contains("nothing is known to have been ordered"));
            assertEquals(Optional.empty(), hall.desk.ended("m-1").orElseThrow().vehicle());
        }
    }

    /// Whatever has an end keeps it, byte for byte: that of a desk, and that of the start after a kill.
    @Test
    void whatHasEndedStaysAsItIs() throws Exception {
        killed(LeftoversTest::order);
        long size;
        try (var hall = new Hall(folder)) {
            hall.desk.permit(Hall.coffee("m-2", "hall"), Hall.CLERK, new Origin(Optional.empty(), "clean"));
            hall.desk.finished("m-2", "done");
            hall.desk.close();
            size = hall.ledger.size();
        }
        var before = files();
        try (var hall = new Hall(folder)) {
            assertEquals(size, hall.ledger.size());
            assertEquals("done", hall.desk.ended("m-2").orElseThrow().outcome());
        }
        assertEquals(before, files());
    }

    private Map<String, String> files() throws IOException {
        var files = new TreeMap<String, String>();
        try (var all = Files.newDirectoryStream(folder.resolve("jobs"))) {
            for (Path file : all) files.put(file.getFileName().toString(), Files.readString(file));
        }
        assertTrue(files.size() >= 6, files.keySet().toString());
        return files;
    }

    /// What a killed process has written of a line is cut off: the lines before it are the evidence.
    @Test
    void messagesCutAnywhereEndWithTheLastWholeLine() throws Exception {
        killed(LeftoversTest::order);
        Path messages = folder.resolve("jobs/m-1.messages");
        byte[] whole = Files.readAllBytes(messages);
        String decided = Warrant.parse(Files.readAllBytes(folder.resolve("jobs/m-1.warrant")))
                .entry();
        var lines = JobFile.read(messages, decided);
        var ends = new ArrayList<Integer>();
        for (int i = 0; i < whole.length; i++) if (whole[i] == '\n') ends.add(i);
        assertEquals(2, lines.size());
        assertEquals(2, ends.size());
        for (int size = 0; size <= whole.length; size++) {
            Files.write(messages, Arrays.copyOf(whole, size));
            var ended = end();
            int count = 0;
            // A line of which only the newline is missing is whole.
            while (count < ends.size() && ends.get(count) <= size) count++;
            assertEquals(count, ended.messages(), "cut at " + size);
            var left = JobFile.read(messages, decided);
            assertEquals(lines.subList(0, count), left);
            if (count > 0) assertEquals(left.getLast().chain(), ended.chain());
        }
    }

    /// What the next start would put on record; without a ledger, for there are thousands of these.
    private Ended end() {
        return Leftovers.last(JobFolder.open(folder.resolve("jobs")), "m-1", Hall.START);
    }

    @Test
    void aWarrantCutAnywhereStopsNoStart() throws Exception {
        killed(LeftoversTest::order);
        Path warrant = folder.resolve("jobs/m-1.warrant");
        byte[] whole = Files.readAllBytes(warrant);
        for (int size = 0; size < whole.length; size++) {
            Files.write(warrant, Arrays.copyOf(whole, size));
            var ended = end();
            assertTrue(ended.outcome().contains("its warrant cannot be read"), ended.outcome());
            assertEquals(Optional.empty(), ended.of());
        }
    }

    /// Any damage to any file: the start goes on, and the trace finds fault or tells the beginning of what was.
    @Test
    void damageStopsNoStartAndPassesForNoEvidence() throws Exception {
        killed(LeftoversTest::order);
        List<Trace.Step> steps;
        try (var hall = new Hall(folder)) {
            steps = trace(hall).steps();
        }
        for (String name : List.of("m-1.messages", "m-1.warrant", "m-1.words")) {
            Path file = folder.resolve("jobs").resolve(name);
            byte[] good = Files.readAllBytes(file);
            Seeded.forAll(30, random -> {
                Files.deleteIfExists(folder.resolve("jobs/m-1.done"));
                Files.write(file, Mutations.of(good, random));
                try (var hall = new Hall(folder)) {
                    assertTrue(hall.desk.ended("m-1").isPresent());
                    var trace = trace(hall);
                    if (!trace.faults().isEmpty()) return;
                    int last = trace.steps().size() - 1;
                    assertEquals(steps.subList(0, last), trace.steps().subList(0, last));
                    assertTrue(trace.outcome().orElseThrow().contains("fleet control was restarted"));
                }
            });
            Files.write(file, good);
        }
    }

    /// A folder where messages should be, and an end that is none.
    @Test
    void whatIsNoFileStopsNoStart() throws Exception {
        killed(LeftoversTest::order);
        Path messages = folder.resolve("jobs/m-1.messages");
        Files.delete(messages);
        Files.createDirectory(messages);
        assertTrue(end().outcome().contains("its messages cannot be read"));
        Files.delete(messages);
        Files.writeString(folder.resolve("jobs/m-1.done"), "{}");
        try (var hall = new Hall(folder)) {
            assertEquals(Optional.empty(), hall.desk.ended("m-1"));
            assertFalse(trace(hall).faults().isEmpty());
        }
    }

    /// More than one start should read: the next one goes on.
    @Test
    void whatIsTooMuchForOneStartIsLeftToTheNext() throws Exception {
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        int most = (int) (Leftovers.MAX_BYTES / JobFile.MAX_BYTES);
        for (int i = 0; i <= most; i++) {
            Files.writeString(jobs.resolve("m-%03d.warrant".formatted(i)), "{}");
            try (var messages = new RandomAccessFile(
                    jobs.resolve("m-%03d.messages".formatted(i)).toFile(), "rw")) {
                messages.setLength(JobFile.MAX_BYTES + 1);
            }
        }
        for (int left : List.of(1, 0)) {
            try (var hall = new Hall(folder)) {
                assertEquals(most + 1 - left, hall.ledger.size());
                assertEquals(
                        left == 0, hall.desk.ended("m-%03d".formatted(most)).isPresent());
            }
        }
    }
}
