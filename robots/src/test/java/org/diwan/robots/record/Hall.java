package org.diwan.robots.record;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Version;
import org.diwan.sovereignty.ledger.Cosigners;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.WitnessPolicy;

/// A floor with four places in a row, the last two in a vault; a ledger, a desk, one robot.
///
/// ```
/// bar ── hall ── ┆door ── safe┆     the vault is restricted
/// ```
final class Hall implements AutoCloseable {
    static final String ORIGIN = "hall.example/log";
    static final Instant START = Instant.parse("2026-03-01T09:00:00Z");
    static final Address ROBOT = new Address("uagv", Version.V3_0, "diwan", "r-1");
    static final RobotRules.Actor CLERK = new RobotRules.Actor("k-clerk", "clerk", Optional.empty());
    static final String RULES = """
            rules:
              - {id: errands, effect: permit, roles: ['*'], actions: [go, pick, drop], places: ['*']}
              - {id: positions, effect: permit, roles: [clerk], actions: [initializePosition], places: ['*']}
              - {id: cash, effect: permit, roles: [clerk], actions: ['*'], places: [vault], approval: true}
              - {id: night, effect: forbid, roles: ['*'], actions: ['*'], places: [ground], hours: 22:00-06:00}
            """;

    final SimulatedTimeline timeline = new SimulatedTimeline(START);
    final LocalBus bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, 1);
    final RoadMap map = new RoadMap(building());
    final LogSigner signer;
    final Ledger ledger;
    final Path folder;
    final OrderDesk desk;
    final List<Sent> sent = new ArrayList<>();

    /// What came over the bus.
    @SuppressWarnings("ArrayRecordComponent")
    record Sent(String topic, byte[] payload) {}

    Hall(Path folder) throws IOException {
        this(folder, WitnessPolicy.NONE);
    }

    /// @param witnesses of its log
    Hall(Path folder, WitnessPolicy witnesses) throws IOException {
        this.folder = folder;
        signer = signer(folder);
        ledger = Ledger.open(folder.resolve("ledger"), signer, Cosigners.of(witnesses));
        desk = new OrderDesk(
                RobotRules.parse(RULES), map, book(ledger), bus, _ -> ROBOT, timeline, ZoneOffset.UTC, kept());
        bus.subscribe("#", (topic, payload) -> sent.add(new Sent(topic, payload)));
    }

    /// Who signs the log in `folder`.
    static LogSigner signer(Path folder) throws IOException {
        Path key = folder.resolve("log.key");
        return Files.exists(key) ? LogSigner.load(key) : LogSigner.create(key, ORIGIN);
    }

    Path jobs() {
        return folder.resolve("jobs");
    }

    JobFolder kept() {
        return JobFolder.open(jobs());
    }

    static EntryBook book(Ledger ledger) {
        return new EntryBook() {
            @Override
            public long append(byte[] entry) throws IOException {
                return ledger.append(entry);
            }

            @Override
            public String prove(long index) throws IOException {
                return ledger.prove(index);
            }
        };
    }

    static Building building() {
        var vault = List.of(new Point(3, -1), new Point(9, -1), new Point(9, 1), new Point(3, 1));
        return new Building(
                "hall",
                List.of(new Floor("ground", 0, List.of())),
                List.of(place("bar", 0), place("hall", 2), place("door", 4), place("safe", 6)),
                List.of(lane("bar", "hall"), lane("hall", "door"), lane("door", "safe")),
                List.of(),
                List.of(),
                List.of(new Zone("vault", "ground", Zone.Kind.RESTRICTED, vault, Optional.empty())));
    }

    private static Place place(String id, double x) {
        return new Place(id, "ground", x, 0, Map.of(), Set.of());
    }

    private static Lane lane(String from, String to) {
        return new Lane(from, to, false, Optional.empty(), Optional.empty());
    }

    static Action action(String type, String id, String load) {
        return new Action(
                type, id, null, BlockingType.HARD, List.of(new Action.Parameter("loadId", new TextNode(load))), null);
    }

    static Job job(String id, Job.Stop... stops) {
        return new Job(id, List.of(stops), 5, Optional.empty(), Optional.empty(), 1, List.of(), Optional.empty());
    }

    /// From the bar with coffee to `place`.
    static Job coffee(String id, String place) {
        return job(
                id,
                new Job.Stop("bar", List.of(action("pick", id + "-1", "coffee"))),
                new Job.Stop(place, List.of(action("drop", id + "-2", "coffee"))));
    }

    /// An order along these places, with these actions at the last.
    static Order order(String id, long update, List<String> places, Action... last) {
        var nodes = new ArrayList<Order.Node>();
        var edges = new ArrayList<Order.Edge>();
        for (int i = 0; i < places.size(); i++) {
            var actions = i == places.size() - 1 ? List.of(last) : List.<Action>of();
            nodes.add(new Order.Node(places.get(i), 2L * i, null, true, null, actions));
            if (i > 0) edges.add(edge(places.get(i - 1) + "-" + places.get(i), 2L * i - 1));
        }
        var header = new Header(update, START, "3.0.0", "diwan", "r-1");
        return new Order(header, id, update, null, null, nodes, edges);
    }

    private static Order.Edge edge(String id, long sequence) {
        return new Order.Edge(
                id, sequence, null, true, null, null, null, null, null, null, null, null, null, null, null, null,
                List.of());
    }

    /// The robot says where it is.
    static State state(String order, String node, List<State.ActionState> actions) {
        return new State(
                new Header(7, START, "3.0.0", "diwan", "r-1"),
                List.of(),
                List.of(),
                order,
                0,
                null,
                node,
                0,
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                List.of(),
                false,
                false,
                false,
                List.of(),
                List.of(),
                null,
                actions,
                List.of(),
                List.of(),
                new State.PowerSupply(80, null, null, null, false, null),
                State.OperatingMode.AUTOMATIC,
                List.of(),
                List.of(),
                new State.SafetyState(State.EmergencyStop.NONE, false));
    }

    void pass(Duration span) {
        timeline.run(span);
    }

    @Override
    public void close() throws IOException {
        desk.close();
        ledger.close();
    }
}
