package org.diwan.robots.twin;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Outbox;
import org.diwan.robots.vda5050.Responses;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;
import org.jspecify.annotations.Nullable;

/// One vehicle on a bus, with somebody who speaks to it and writes down all that it says.
final class Rig {
    static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

    final SimulatedTimeline timeline = new SimulatedTimeline(START);
    final LocalBus bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, 1);
    /// Messages in one test; a vehicle that says more speaks without end.
    private static final int MOST = 20_000;

    final List<State> states = new ArrayList<>();
    final List<Connection> connections = new ArrayList<>();
    final List<Bus.Message> said = new ArrayList<>();
    final Address address;
    final SimulatedVehicle vehicle;
    private final Outbox outbox;
    private final Codec codec;
    private int actions;

    Rig(Version version) {
        this(version, VehicleType.PORTER);
    }

    Rig(Version version, VehicleType type) {
        this(version, type, new Site(Set.of("1", "2"), Set.of("a", "c")));
    }

    Rig(Version version, VehicleType type, Site site) {
        address = new Address("uagv", version, "diwan", "r-1");
        outbox = new Outbox(address);
        codec = new Codec(version);
        bus.subscribe(address.topic(Topic.STATE), (_, bytes) -> states.add((State) codec.read(Topic.STATE, bytes)));
        bus.subscribe(
                address.topic(Topic.CONNECTION),
                (_, bytes) -> connections.add((Connection) codec.read(Topic.CONNECTION, bytes)));
        var prefix = address.topic(Topic.STATE).replace("/state", "/");
        for (var topic : List.of(Topic.STATE, Topic.CONNECTION, Topic.FACTSHEET, Topic.VISUALIZATION))
            bus.subscribe(prefix + topic.text(), (name, bytes) -> {
                if (said.size() == MOST) throw new AssertionError("it spoke " + MOST + " times, at last " + state());
                said.add(Bus.Message.once(name, bytes));
            });
        vehicle = new SimulatedVehicle(address, type, site, new Pose(0, 0, 0, "1"), "a", bus, timeline, 7);
    }

    Rig run(double seconds) {
        timeline.run(Duration.ofNanos((long) (seconds * 1e9)));
        return this;
    }

    State state() {
        return states.getLast();
    }

    void send(Message message) {
        send(Topic.of(message), codec.write(message));
    }

    void send(Topic topic, byte[] payload) {
        bus.publish(Bus.Message.once(address.topic(topic), payload));
    }

    Action action(String type, BlockingType blocking, Object... parameters) {
        return action(type, blocking, null, parameters);
    }

    Action action(String type, BlockingType blocking, @Nullable Boolean retriable, Object... parameters) {
        var list = new ArrayList<Action.Parameter>();
        for (int i = 0; i < parameters.length; i += 2)
            list.add(new Action.Parameter((String) parameters[i], new ObjectMapper().valueToTree(parameters[i + 1])));
        return new Action(type, "x" + actions++, null, blocking, list, retriable);
    }

    /// Sends an instant action; its id.
    String instant(String type, Object... parameters) {
        var action = action(type, BlockingType.NONE, parameters);
        send(new InstantActions(outbox.header(Topic.INSTANT_ACTIONS, timeline.instant()), List.of(action)));
        return action.actionId();
    }

    static Order.Node node(String id, long sequence, double x, double y, Action... actions) {
        return node(id, sequence, true, "1", x, y, null, actions);
    }

    static Order.Node node(
            String id,
            long sequence,
            boolean released,
            String map,
            double x,
            double y,
            @Nullable Double theta,
            Action... actions) {
        return new Order.Node(
                id, sequence, null, released, new Order.NodePosition(x, y, theta, null, null, map), List.of(actions));
    }

    /// An order through `nodes` with plain edges.
    Order order(String id, long update, Order.Node... nodes) {
        var edges = new ArrayList<Order.Edge>();
        for (int i = 1; i < nodes.length; i++) edges.add(edge(nodes[i].sequenceId() - 1, nodes[i].released(), null));
        return order(id, update, List.of(nodes), edges);
    }

    Order order(String id, long update, List<Order.Node> nodes, List<Order.Edge> edges) {
        return new Order(outbox.header(Topic.ORDER, timeline.instant()), id, update, null, null, nodes, edges);
    }

    static Order.Edge edge(long sequence, boolean released, @Nullable Double speed, Action... actions) {
        return edge(sequence, released, speed, null, null, actions);
    }

    static Order.Edge edge(
            long sequence,
            boolean released,
            @Nullable Double speed,
            Order.@Nullable Trajectory trajectory,
            Order.@Nullable Corridor corridor,
            Action... actions) {
        return new Order.Edge(
                "e" + sequence,
                sequence,
                null,
                released,
                speed,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                trajectory,
                null,
                corridor,
                List.of(actions));
    }

    /// Sends a set of one zone from x1 to x2, two metres wide around the x axis of map 1.
    void zones(String id, ZoneSet.Rule rule, double x1, double x2) {
        send(zoneSet(id, rule, x1, x2));
    }

    ZoneSet zoneSet(String id, ZoneSet.Rule rule, double x1, double x2) {
        var corners = List.of(
                new ZoneSet.Vertex(x1, -1),
                new ZoneSet.Vertex(x2, -1),
                new ZoneSet.Vertex(x2, 1),
                new ZoneSet.Vertex(x1, 1));
        var zone = new ZoneSet.Zone("zone", null, corners, rule);
        return new ZoneSet(outbox.header(Topic.ZONE_SET, timeline.instant()), "1", id, null, List.of(zone));
    }

    void respond(String requestId, Responses.GrantType grant, @Nullable Instant expiry) {
        var response = new Responses.Response(requestId, grant, expiry);
        send(new Responses(outbox.header(Topic.RESPONSES, timeline.instant()), List.of(response)));
    }

    String status(String actionId) {
        var all = new ArrayList<>(state().actionStates());
        all.addAll(state().instantActionStates());
        all.addAll(state().zoneActionStates());
        return all.stream()
                .filter(s -> s.actionId().equals(actionId))
                .map(s -> s.actionStatus().name())
                .findFirst()
                .orElse("");
    }

    /// The loads that it reports, by name.
    List<String> loads() {
        return Objects.requireNonNull(state().loads()).stream()
                .map(load -> String.valueOf(load.loadId()))
                .toList();
    }

    /// The map that it reports to be on.
    String map() {
        return Objects.requireNonNull(state().mobileRobotPosition()).mapId();
    }

    List<String> errors() {
        return state().errors().stream().map(State.Fault::errorType).toList();
    }
}
