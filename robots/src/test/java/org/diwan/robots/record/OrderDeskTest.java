package org.diwan.robots.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.robots.fleet.Clearances;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.record.OrderDesk.Origin;
import org.diwan.robots.record.OrderDesk.Outcome;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From words to a trace through a real ledger; the oracle is what an attacker may not achieve: an order that no
/// decision covers passes no adapter, and no byte of the evidence can be changed unseen.
class OrderDeskTest {
    private static final Origin PLAIN = new Origin(Optional.empty(), "clean");

    @TempDir
    private Path folder;

    private Hall hall;
    private WarrantCheck adapter;

    @BeforeEach
    void open() throws IOException {
        hall = new Hall(folder);
        adapter = new WarrantCheck(Trust.of(hall.signer.keys()), Hall.ROBOT, hall.map, hall.timeline);
    }

    @AfterEach
    void close() throws IOException {
        hall.close();
    }

    /// What the vehicle's adapter says to all that was sent since, in that order.
    private List<String> refusals() throws VerificationException {
        hall.pass(Duration.ofSeconds(1));
        var refusals = new ArrayList<String>();
        for (var one : hall.sent) {
            if (one.topic().equals(adapter.topic())) adapter.take(one.payload()).ifPresent(refusals::add);
            else if (one.topic().endsWith("/order"))
                adapter.refuse(new Codec(Version.V3_0).read(Topic.ORDER, one.payload()))
                        .ifPresent(refusals::add);
        }
        hall.sent.clear();
        return refusals;
    }

    private Job permitted(Job job) throws IOException {
        return assertInstanceOf(Outcome.Permitted.class, hall.desk.permit(job, Hall.CLERK, PLAIN))
                .job();
    }

    @Test
    void anOrderOfADecidedJobPassesTheAdapter() throws Exception {
        var job = permitted(Hall.coffee("m-1", "hall"));
        assertEquals(Optional.empty(), hall.desk.clear(job, "r-1"));
        hall.desk.send("m-1", Hall.order("m-1", 0, List.of("bar"), Hall.action("pick", "m-1-1", "coffee")));
        hall.desk.send("m-1", Hall.order("m-1~2", 0, List.of("bar", "hall"), Hall.action("drop", "m-1-2", "coffee")));
        assertEquals(List.of(), refusals());
    }

    @Test
    void whatWasNotDecidedIsNotSent() {
        var order = Hall.order("m-1", 0, List.of("bar", "hall"));
        assertTrue(hall.desk.clear(Hall.coffee("m-1", "hall"), "r-1").isPresent());
        assertThrows(IllegalStateException.class, () -> hall.desk.send("m-1", order));
        hall.pass(Duration.ofSeconds(1));
        assertEquals(List.of(), hall.sent);
    }

    /// Whoever owns the broker sends orders of its own; the robot has seen a real warrant, for other orders.
    @Test
    void theAdapterRefusesWhatTheWarrantDoesNotCover() throws Exception {
        var job = permitted(Hall.coffee("m-1", "hall"));
        hall.desk.send(
                "m-1",
                Hall.order(
                        "m-1",
                        0,
                        List.of("bar"),
                        job.stops().getFirst().actions().getFirst()));
        assertEquals(List.of(), refusals());
        record Case(Order order, String refusal) {}
        var drop = Hall.action("drop", "m-1-2", "coffee");
        for (var one : List.of(
                new Case(Hall.order("m-2", 0, List.of("bar", "hall")), "no warrant for m-2"),
                new Case(Hall.order("m-1", 1, List.of("bar", "hall", "door")), "does not open zone vault at door"),
                new Case(Hall.order("m-1", 1, List.of("bar"), drop), "no drop m-1-2 at bar"),
                new Case(Hall.order("m-1", 1, List.of("hall"), Hall.action("drop", "x", "coffee")), "no drop x"),
                new Case(Hall.order("m-1", 1, List.of("hall"), Hall.action("drop", "m-1-2", "cash")), "no drop m-1-2"),
                new Case(Hall.order("house-9", 0, List.of("bar", "hall")), "no warrant for house-9"))) {
            var refusal = adapter.refuse(one.order());
            assertTrue(refusal.isPresent() && refusal.get().contains(one.refusal()), refusal + " / " + one.refusal());
        }
        assertEquals(Optional.empty(), adapter.refuse(Hall.order("m-1", 1, List.of("hall"), drop)));
        hall.pass(OrderDesk.VALID);
        assertTrue(adapter.refuse(Hall.order("m-1", 1, List.of("hall"), drop))
                .orElseThrow()
                .contains("ended"));
    }

    /// Whoever recorded an order plays it again when another one has followed: the coffee would be brought twice.
    @Test
    void anOrderThatIsOverDoesNotComeAgain() throws Exception {
        permitted(Hall.coffee("m-1", "hall"));
        var first = Hall.order("m-1", 0, List.of("bar"), Hall.action("pick", "m-1-1", "coffee"));
        hall.desk.send("m-1", first);
        hall.desk.send("m-1", first);
        hall.desk.send("m-1", Hall.order("m-1~2", 0, List.of("bar", "hall")));
        assertEquals(List.of(), refusals());
        assertEquals(Optional.of("order m-1 is over"), adapter.refuse(first));
        assertEquals(Optional.empty(), adapter.refuse(Hall.order("m-1~2", 1, List.of("hall"))));
    }

    /// The process ended between the decision and the first message, or in the middle of a line.
    @Test
    void aTraceOfWhatWasCutOffIsNoFailureOfTheTool() throws Exception {
        coffeeToTheHall();
        Path messages = hall.jobs().resolve("m-1.messages");
        byte[] whole = Files.readAllBytes(messages);
        Files.write(messages, java.util.Arrays.copyOf(whole, whole.length - 20));
        assertFalse(trace().faults().isEmpty());
        Files.delete(messages);
        assertFalse(trace().faults().isEmpty());
        Files.delete(hall.jobs().resolve("m-1.done"));
        assertEquals(List.of(), trace().faults());
        assertEquals("open", trace().steps().getLast().what());
    }

    /// A robot that is in a restricted zone when its job ends may leave it and not go deeper.
    @Test
    void whoIsInARestrictedZoneMayLeave() throws Exception {
        hall.desk.enrol("r-1");
        assertEquals(List.of(), refusals());
        assertEquals(Optional.empty(), adapter.refuse(Hall.order("house-1", 0, List.of("safe", "door", "hall"))));
        assertTrue(adapter.refuse(Hall.order("house-2", 0, List.of("safe", "door", "hall", "door")))
                .isPresent());
    }

    @Test
    void stoppingNeedsNoWarrantAndStartingDoes() {
        for (String type : List.of("startPause", "cancelOrder", "stateRequest", "retry", "skipRetry"))
            assertEquals(Optional.empty(), adapter.refuse(instant(type)), type);
        assertTrue(adapter.refuse(instant("startCharging")).isPresent());
        assertTrue(adapter.refuse(instant("initPosition")).isPresent());
    }

    private static InstantActions instant(String type) {
        return new InstantActions(
                new Header(0, Hall.START, "3.0.0", "diwan", "r-1"), List.of(Hall.action(type, "i-1", "x")));
    }

    /// Another log's signature, another vehicle's warrant, a denial, and any damage: none is taken.
    @Test
    void aForgedWarrantIsRefused() throws Exception {
        permitted(Hall.coffee("m-1", "hall"));
        byte[] good = Files.readAllBytes(hall.jobs().resolve("m-1.warrant"));
        assertEquals(Optional.empty(), adapter.take(good));
        var other = new WarrantCheck(
                Trust.of(LogSigner.create(folder.resolve("other.key"), "hall.example/log")
                        .keys()),
                Hall.ROBOT,
                hall.map,
                hall.timeline);
        assertTrue(other.take(good).isPresent());
        String text = new String(good, StandardCharsets.UTF_8);
        assertTrue(adapter.take(text.replace("hall", "safe").getBytes(StandardCharsets.UTF_8))
                .isPresent());
        Seeded.forAll(Integer.getInteger("iterations", 300), random -> {
            byte[] damaged = Mutations.of(good, random);
            var fresh = new WarrantCheck(Trust.of(hall.signer.keys()), Hall.ROBOT, hall.map, hall.timeline);
            // Damage to white space or to a spelling of the envelope may leave the three texts as they were.
            if (fresh.take(damaged).isEmpty()) {
                var read = Warrant.parse(damaged);
                assertEquals(Warrant.parse(good), read);
            }
        });
    }

    @Test
    void rulesDecideByRoleActionPlaceAndHour() throws Exception {
        var visitor = new RobotRules.Actor("k-guest", "guest", Optional.empty());
        var safe = Hall.job("m-2", new Job.Stop("safe", List.of(Hall.action("pick", "a", "cash"))));
        var denied = assertInstanceOf(Outcome.Denied.class, hall.desk.permit(safe, visitor, PLAIN));
        assertEquals("no rule permits pick at safe", denied.reason().text());
        var alone = assertInstanceOf(
                Outcome.Denied.class,
                hall.desk.permit(Hall.job("m-3", safe.stops().getFirst()), Hall.CLERK, PLAIN));
        assertTrue(alone.needsApproval());
        var two = new RobotRules.Actor("k-clerk", "clerk", Optional.of("k-boss"));
        var job = assertInstanceOf(
                Outcome.Permitted.class,
                hall.desk.permit(Hall.job("m-4", safe.stops().getFirst()), two, PLAIN));
        assertEquals(List.of("vault"), job.job().permissions());
        var self = new RobotRules.Actor("k-clerk", "clerk", Optional.of("k-clerk"));
        assertInstanceOf(
                Outcome.Denied.class,
                hall.desk.permit(Hall.job("m-5", safe.stops().getFirst()), self, PLAIN));
        hall.pass(Duration.ofHours(14));
        var night =
                assertInstanceOf(Outcome.Denied.class, hall.desk.permit(Hall.coffee("m-6", "hall"), Hall.CLERK, PLAIN));
        assertTrue(night.reason().text().contains("night"), night.reason().text());
        hall.pass(Duration.ofHours(7));
        assertInstanceOf(Outcome.Permitted.class, hall.desk.permit(Hall.coffee("m-7", "hall"), Hall.CLERK, PLAIN));
    }

    @Test
    void rulesThatMeanNothingAreRefusedByName() {
        for (var one : List.of(
                List.of("rules: 3", "list 'rules'"),
                List.of(
                        "rules: [{id: a, effect: allow, roles: [x], actions: [go], places: ['*']}]",
                        "permit or forbid"),
                List.of("rules: [{id: a, effect: permit, roles: [], actions: [go], places: ['*']}]", "'roles'"),
                List.of("rules: [{id: a, effect: permit, roles: [x], actions: [go]}]", "'places'"),
                List.of(
                        "rules: [{id: a, effect: permit, roles: [x], actions: [go], places: ['*'], hours: 9-5}]",
                        "hours"),
                List.of(
                        "rules: [{id: a, effect: permit, roles: [x], actions: [go], places: ['*'], approval: yes}]",
                        "approval"),
                List.of("rules: [{id: a, effect: permit, roles: [x], action: [go], places: ['*']}]", "'action'"),
                List.of("{rules: [], rule: []}", "more than"))) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> RobotRules.parse(one.getFirst()));
            assertTrue(String.valueOf(refusal.getMessage()).contains(one.getLast()), refusal.getMessage());
        }
    }

    /// A whole job: words, decision, orders, states, end.
    private void coffeeToTheHall() throws IOException {
        long asked = hall.desk.ask("m-1", "", Words.of("خذ القهوة إلى القاعة"), "k-clerk", "rules", Optional.empty());
        var outcome = hall.desk.permit(Hall.coffee("m-1", "hall"), Hall.CLERK, new Origin(Optional.of(asked), "clean"));
        assertInstanceOf(Outcome.Permitted.class, outcome);
        hall.desk.send("m-1", Hall.order("m-1", 0, List.of("bar"), Hall.action("pick", "m-1-1", "coffee")));
        hall.pass(Duration.ofSeconds(5));
        report("bar", new ActionState("m-1-1", "pick", null, ActionStatus.FINISHED, null));
        hall.desk.send("m-1", Hall.order("m-1~2", 0, List.of("bar", "hall"), Hall.action("drop", "m-1-2", "coffee")));
        hall.pass(Duration.ofSeconds(5));
        report("hall", new ActionState("m-1-2", "drop", null, ActionStatus.FINISHED, null));
        report("hall", new ActionState("m-1-2", "drop", null, ActionStatus.FINISHED, null));
        hall.desk.finished("m-1", "done");
        hall.desk.close();
        hall.ledger.publish();
    }

    private void report(String node, ActionState action) {
        byte[] payload = new Codec(Version.V3_0).write(Hall.state("m-1", node, List.of(action)));
        hall.desk.saw("m-1", Hall.ROBOT.topic(Topic.STATE), payload, node + action);
    }

    private Trace trace() throws IOException, VerificationException {
        var source = TileSource.of(folder.resolve("ledger"));
        return Trace.of("m-1", hall.kept(), source, Trust.of(hall.signer.keys()));
    }

    @Test
    void aJobIsTracedBackToTheWords() throws Exception {
        coffeeToTheHall();
        var trace = trace();
        assertEquals(List.of(), trace.faults());
        assertEquals(
                List.of("asked", "decided", "planned", "ordered", "reported", "ordered", "reported", "done"),
                trace.steps().stream().map(Trace.Step::what).toList());
        assertTrue(trace.steps().getFirst().detail().contains("خذ القهوة إلى القاعة"));
        assertTrue(trace.outcome().orElseThrow().startsWith("done"));
    }

    @Test
    void deletedWordsAreSaidToBeDeletedAndNothingElseChanges() throws Exception {
        coffeeToTheHall();
        Files.delete(hall.jobs().resolve("m-1.words"));
        assertEquals(List.of(), trace().faults());
        assertEquals("words that were deleted", trace().steps().getFirst().detail());
    }

    /// Every file of the evidence, damaged anywhere: either the trace says so, or it says exactly what it said before.
    @Test
    void noEvidenceCanBeChangedUnseen() throws Exception {
        coffeeToTheHall();
        var before = trace().steps();
        for (String name : List.of("m-1.messages", "m-1.warrant", "m-1.words", "m-1.done")) {
            Path file = hall.jobs().resolve(name);
            byte[] good = Files.readAllBytes(file);
            Seeded.forAll(Integer.getInteger("iterations", 40), random -> {
                Files.write(file, Mutations.of(good, random));
                try {
                    var trace = trace();
                    if (trace.faults().isEmpty()) assertEquals(before, trace.steps());
                } catch (IOException e) {
                    // A file that is no text: nothing was traced.
                }
            });
            Files.write(file, good);
        }
        Path messages = hall.jobs().resolve("m-1.messages");
        var lines = Files.readAllLines(messages);
        Files.write(messages, lines.subList(0, lines.size() - 1));
        assertFalse(trace().faults().isEmpty());
        Files.write(messages, List.of(lines.get(1), lines.get(0), lines.get(2), lines.get(3)));
        assertFalse(trace().faults().isEmpty());
    }

    @Test
    void houseJobsAreCoveredByAStandingPermission() throws Exception {
        var park = Hall.job(Clearances.HOUSE + "1", new Job.Stop("bar", List.of()));
        assertTrue(hall.desk.clear(park, "r-1").isPresent());
        hall.desk.enrol("r-1");
        assertEquals(Optional.empty(), hall.desk.clear(park, "r-1"));
        hall.desk.send(park.id(), Hall.order(park.id(), 0, List.of("hall", "bar")));
        hall.desk.send(park.id(), Hall.order(park.id(), 1, List.of("bar"), Hall.action("startCharging", "c-1", "x")));
        assertEquals(List.of(), refusals());
        hall.desk.send(park.id(), Hall.order(park.id(), 2, List.of("bar"), Hall.action("pick", "c-2", "x")));
        assertEquals(1, refusals().size());
        hall.pass(OrderDesk.VALID);
        assertTrue(hall.desk.clear(park, "r-1").isPresent());
    }
}
