package org.diwan.robots.facility;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.bus.Timeline.Scheduled;
import org.diwan.robots.facility.Wire.DoorMode;
import org.diwan.robots.facility.Wire.LiftState;
import org.diwan.robots.facility.Wire.Mode;
import org.diwan.robots.facility.Wire.Motion;
import org.diwan.robots.facility.Wire.Request;

/// A lift that is not there: it closes its door, travels, opens, and fails in the ways that real ones do.
public final class SimulatedLift {
    /// What can go wrong.
    public enum Fault {
        /// It stops where it is, between floors too, and says that it stands.
        STUCK,
        /// The door's switch hangs: it says that its door is open wherever it is.
        DOOR_ALWAYS_OPEN,
        /// The door does not open.
        DOOR_SHUT,
        /// It neither hears nor speaks.
        OFFLINE,
        /// It says that it is where it should be, with its door open, as soon as it is asked.
        LYING,
        /// It goes to the lowest floor, opens and obeys nobody.
        FIRE,
        /// It stands and obeys nobody.
        OUT_OF_SERVICE
    }

    /// How it truly is, from that time on.
    ///
    /// @param floor where it is level; empty while it moves or is stuck between floors
    /// @param open whether its door is fully open
    public record Moment(Instant time, String session, String floor, boolean open) {}

    private enum Phase {
        RESTING,
        CLOSING,
        TRAVELLING,
        OPENING
    }

    private final Lift lift;
    private final Map<String, Double> elevations;
    private final Bus bus;
    private final Timeline timeline;
    private final Consumer<Moment> log;

    private Request request = new Request(0, "", "");
    private double goal;
    private boolean wantedOpen;

    private Phase phase = Phase.RESTING;
    private Instant phaseStart;
    private Scheduled phaseEnd = () -> {};

    /// As of [#phaseStart].
    private double height;

    /// 0 shut to 1 open, as of [#phaseStart].
    private double door;

    private long number;
    private boolean faulty;
    private Fault fault = Fault.STUCK;

    /// A lift at its first landing, its door shut.
    ///
    /// @param elevations of the floors
    /// @param log is told each change
    public SimulatedLift(
            Lift lift, Map<String, Double> elevations, Bus bus, Timeline timeline, Times times, Consumer<Moment> log) {
        this.lift = lift;
        this.elevations = Map.copyOf(elevations);
        this.bus = bus;
        this.timeline = timeline;
        this.log = log;
        phaseStart = timeline.instant();
        height = elevation(lift.landings().keySet().iterator().next());
        goal = height;
        bus.subscribe(Wire.topic("lift", lift.id(), "request"), (_, json) -> Wire.request(json)
                .ifPresent(this::obey));
        timeline.every(times.state(), this::say);
    }

    /// It is at that height, at rest, its door open or shut.
    ///
    /// @param metres as floors have elevations; an open door needs one of those where it stops
    public void stand(double metres, boolean open) {
        phaseEnd.cancel();
        phase = Phase.RESTING;
        phaseStart = timeline.instant();
        height = metres;
        goal = metres;
        door = open ? 1 : 0;
        say();
    }

    /// From now on so broken.
    public void fail(Fault next) {
        faulty = true;
        fault = next;
        plan();
    }

    /// From now on whole; it goes on where it is.
    public void repair() {
        faulty = false;
        plan();
    }

    private boolean has(Fault which) {
        return faulty && fault == which;
    }

    private void obey(Request next) {
        if (has(Fault.OFFLINE) || has(Fault.FIRE) || has(Fault.OUT_OF_SERVICE)) return;
        if (next.number() <= request.number()) return;
        if (!next.session().isEmpty() && !lift.landings().containsKey(next.floor())) return;
        request = next;
        plan();
    }

    // --- moving --------------------------------------------------------------------------------------

    /// Finds out where it is, what it is to do next, and when that is done.
    private void plan() {
        settle();
        phaseEnd.cancel();
        if (has(Fault.FIRE)) {
            goal = lift.landings().keySet().stream()
                    .mapToDouble(this::elevation)
                    .min()
                    .orElse(height);
            wantedOpen = true;
        } else {
            if (!request.session().isEmpty()) goal = elevation(request.floor());
            wantedOpen = !request.session().isEmpty();
        }
        boolean there = Math.abs(height - goal) < 1e-6;
        if (has(Fault.STUCK) || has(Fault.OUT_OF_SERVICE)) begin(Phase.RESTING, 0);
        else if (!there && door > 0) begin(Phase.CLOSING, door * lift.doorTime());
        else if (!there) begin(Phase.TRAVELLING, Math.abs(goal - height) / lift.speed());
        else if (wantedOpen && door < 1 && !has(Fault.DOOR_SHUT)) begin(Phase.OPENING, (1 - door) * lift.doorTime());
        else if (!wantedOpen && door > 0) begin(Phase.CLOSING, door * lift.doorTime());
        else begin(Phase.RESTING, 0);
        log.accept(new Moment(
                timeline.instant(),
                request.session(),
                phase == Phase.TRAVELLING ? "" : level(),
                door == 1 && phase != Phase.CLOSING));
        say();
    }

    private void begin(Phase next, double seconds) {
        phase = next;
        phaseStart = timeline.instant();
        if (next != Phase.RESTING) phaseEnd = timeline.after(Duration.ofNanos(Math.round(seconds * 1e9)), this::plan);
    }

    /// Moves what has moved since the phase began.
    private void settle() {
        double seconds = Duration.between(phaseStart, timeline.instant()).toNanos() / 1e9;
        double step = lift.doorTime() == 0 ? 1 : seconds / lift.doorTime();
        switch (phase) {
            case RESTING -> {}
            case CLOSING -> door = door - step < 1e-9 ? 0 : door - step;
            case OPENING -> door = door + step > 1 - 1e-9 ? 1 : door + step;
            case TRAVELLING -> {
                double metres = seconds * lift.speed();
                height = Math.abs(goal - height) <= metres + 1e-6 ? goal : height + Math.signum(goal - height) * metres;
            }
        }
        phaseStart = timeline.instant();
    }

    private double elevation(String floor) {
        Double elevation = elevations.get(floor);
        if (elevation == null) throw new IllegalArgumentException(lift.id() + " has no floor " + floor);
        return elevation;
    }

    private String nearest() {
        return lift.landings().keySet().stream()
                .min(Comparator.comparingDouble(floor -> Math.abs(elevation(floor) - height)))
                .orElse("");
    }

    private String level() {
        String floor = nearest();
        return Math.abs(elevation(floor) - height) < 1e-6 ? floor : "";
    }

    // --- speaking ------------------------------------------------------------------------------------

    private void say() {
        if (has(Fault.OFFLINE)) return;
        settle();
        boolean lies = has(Fault.LYING) && !request.session().isEmpty();
        number = Math.max(number + 1, timeline.millis());
        var state = new LiftState(
                number,
                timeline.instant(),
                request.number(),
                request.session(),
                lies ? request.floor() : nearest(),
                lies ? elevation(request.floor()) : height,
                lies ? Motion.STOPPED : motion(),
                lies || has(Fault.DOOR_ALWAYS_OPEN) ? DoorMode.OPEN : doorMode(),
                has(Fault.FIRE) ? Mode.FIRE : has(Fault.OUT_OF_SERVICE) ? Mode.OUT_OF_SERVICE : Mode.ROBOT);
        bus.publish(Message.once(Wire.topic("lift", lift.id(), "state"), Wire.write(state)));
    }

    private Motion motion() {
        if (phase != Phase.TRAVELLING) return Motion.STOPPED;
        return goal > height ? Motion.UP : Motion.DOWN;
    }

    private DoorMode doorMode() {
        if (phase == Phase.CLOSING || phase == Phase.OPENING) return DoorMode.MOVING;
        return door == 0 ? DoorMode.CLOSED : door == 1 ? DoorMode.OPEN : DoorMode.MOVING;
    }
}
