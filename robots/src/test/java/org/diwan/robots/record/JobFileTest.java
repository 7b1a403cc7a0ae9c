package org.diwan.robots.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.vda5050.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that is full: what moves a vehicle is refused, what a vehicle says is counted, and what was written verifies.
class JobFileTest {
    private static final String TOPIC = Hall.ROBOT.topic(Topic.STATE);

    @TempDir
    private Path folder;

    /// A move without a record would be against the rule; the limit comes before the file is full, so that what the
    /// vehicle says of its last order has room.
    @Test
    void anOrderThatTheFileHasNoRoomForIsNotSent() throws Exception {
        try (var hall = new Hall(folder)) {
            hall.desk.permit(Hall.coffee("m-1", "hall"), Hall.CLERK, new OrderDesk.Origin(Optional.empty(), "clean"));
            byte[] small = "{}".getBytes(StandardCharsets.UTF_8);
            int said = 0;
            while (said < JobFile.MAX_LINES_BEFORE_ORDER - 1) hall.desk.saw("m-1", TOPIC, small, "state " + said++);
            var order = Hall.order("m-1", 0, List.of("bar", "hall"));
            hall.desk.send("m-1", order);
            hall.pass(Duration.ofSeconds(1));
            assertEquals(2, hall.sent.size(), "the last that has room, with its warrant");

            var refusal = assertThrows(IllegalStateException.class, () -> hall.desk.send("m-1", order));
            for (String part : List.of(
                    "order m-1 was not sent to r-1",
                    hall.jobs().toString(),
                    JobFile.MAX_LINES_BEFORE_ORDER + " lines",
                    "cancel the job"))
                assertTrue(String.valueOf(refusal.getMessage()).contains(part), refusal.getMessage());
            hall.pass(Duration.ofSeconds(1));
            assertEquals(2, hall.sent.size());

            int more = JobFile.MAX_LINES - JobFile.MAX_LINES_BEFORE_ORDER + 7;
            for (int i = 0; i < more; i++) hall.desk.saw("m-1", TOPIC, small, "state " + said++);
            hall.desk.finished("m-1", "done");
            hall.desk.close();
            var ended = hall.desk.ended("m-1").orElseThrow();
            assertEquals("done; its file had no room for 7 states", ended.outcome());
            assertEquals(JobFile.MAX_LINES, ended.messages());
            String decided = Warrant.parse(Files.readAllBytes(hall.jobs().resolve("m-1.warrant")))
                    .entry();
            var lines = JobFile.read(hall.jobs().resolve("m-1.messages"), decided);
            assertEquals(ended.chain(), lines.getLast().chain());
        }
    }

    /// A vehicle that says much: bytes end before lines do.
    @Test
    void aFileIsNeverLongerThanWhatIsRead() throws Exception {
        Path file = folder.resolve("long.messages");
        String much = "x".repeat((int) (JobFile.MAX_BYTES / 16));
        try (var messages = new JobFile(file, "decided")) {
            int lines = 0;
            while (messages.add(Hall.START, TOPIC, much)) lines++;
            assertEquals(15, lines);
            assertFalse(messages.takesOrders());
            assertTrue(messages.add(Hall.START, TOPIC, "little"));
        }
        assertEquals(16, JobFile.read(file, "decided").size());
    }
}
