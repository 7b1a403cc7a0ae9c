package org.diwan.robots.control;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.View;
import org.diwan.robots.building.View.Doing;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.fleet.Condition;
import org.diwan.robots.fleet.FleetView;
import org.diwan.robots.fleet.FleetView.RobotView;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.MalformedException;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Visualization;
import org.jspecify.annotations.Nullable;

/// What can be seen of vehicles and lifts, from what they say over the bus: positions more often than states have them.
/// Belongs to the timeline's thread.
final class Sight {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Map<String, State.Position> positions = new TreeMap<>();
    private final Map<String, List<State.Load>> loads = new TreeMap<>();
    private final Map<String, View.Cabin> cabins = new TreeMap<>();

    /// What a vehicle said of itself, as it came.
    @FunctionalInterface
    interface Listener {
        void on(State state, String topic, byte[] payload);
    }

    /// @param listener hears every state
    Sight(Building building, Collection<Address> vehicles, Bus bus, Listener listener) {
        for (var address : vehicles) {
            var codec = new Codec(address.version());
            String serial = address.serialNumber();
            bus.subscribe(address.topic(Topic.STATE), (topic, payload) -> {
                if (read(codec, Topic.STATE, payload) instanceof State state) {
                    see(serial, state.mobileRobotPosition());
                    loads.put(serial, state.loads() == null ? List.of() : state.loads());
                    listener.on(state, topic, payload);
                }
            });
            bus.subscribe(address.topic(Topic.VISUALIZATION), (_, payload) -> {
                if (read(codec, Topic.VISUALIZATION, payload) instanceof Visualization seen)
                    see(serial, seen.mobileRobotPosition());
            });
        }
        for (var lift : building.lifts())
            bus.subscribe("building/v1/lift/" + lift.id() + "/state", (_, json) -> see(lift.id(), json));
    }

    /// What cannot be read the fleet counts.
    private static @Nullable Message read(Codec codec, Topic topic, byte[] payload) {
        try {
            return codec.read(topic, payload);
        } catch (MalformedException e) {
            return null;
        }
    }

    private void see(String serial, State.@Nullable Position position) {
        if (position != null) positions.put(serial, position);
    }

    private void see(String lift, byte[] json) {
        try {
            var state = MAPPER.readTree(json);
            cabins.put(
                    lift,
                    new View.Cabin(
                            lift,
                            state.path("floor").asText(),
                            state.path("height").asDouble(),
                            state.path("door").asText().equals("OPEN"),
                            state.path("session").asText()));
        } catch (IOException e) {
            // The desk drops it too.
        }
    }

    /// All of it, with what the fleet knows.
    View view(FleetView fleet, Instant now) {
        var robots = new ArrayList<View.Robot>();
        for (var robot : fleet.robots()) {
            var position = positions.get(robot.serial());
            var load = loads.getOrDefault(robot.serial(), List.of());
            String carried = load.isEmpty()
                    ? ""
                    : Objects.requireNonNullElse(load.getFirst().loadType(), "load");
            robots.add(new View.Robot(
                    robot.serial(),
                    position == null ? "" : position.mapId(),
                    position == null ? 0 : position.x(),
                    position == null ? 0 : position.y(),
                    position == null ? 0 : position.theta(),
                    robot.charge(),
                    carried,
                    robot.errand().orElse(""),
                    doing(robot),
                    robot.ahead()));
        }
        var jobs = fleet.jobs();
        return new View(
                now,
                robots,
                List.copyOf(cabins.values()),
                new View.Jobs(
                        count(jobs, Status.UNDERWAY),
                        count(jobs, Status.WAITING),
                        count(jobs, Status.DONE),
                        count(jobs, Status.FAILED)));
    }

    private static int count(List<FleetView.JobView> jobs, Status status) {
        return (int) jobs.stream().filter(job -> job.status() == status).count();
    }

    private static Doing doing(RobotView robot) {
        if (robot.condition() != Condition.READY) return Doing.FAULT;
        if (robot.charging()) return Doing.CHARGING;
        if (robot.driving()) return Doing.DRIVING;
        return robot.errand().isPresent() ? Doing.ACTING : Doing.IDLE;
    }
}
