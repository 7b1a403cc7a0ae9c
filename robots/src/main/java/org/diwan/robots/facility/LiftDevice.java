package org.diwan.robots.facility;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Wire.DoorMode;
import org.diwan.robots.facility.Wire.LiftState;
import org.diwan.robots.facility.Wire.Mode;
import org.diwan.robots.facility.Wire.Motion;
import org.diwan.robots.facility.Wire.Request;
import org.jspecify.annotations.Nullable;

/// A lift as the desk knows it: what it was told, what it says, and whether that can be.
///
/// A lift that contradicts itself (an open door while it moves, a height faster than it can move) is out of order
/// until a person says that it was repaired; one that is silent, stuck, or used by others, for as long as it is.
final class LiftDevice implements Device {
    /// Who has waited so long is next, wherever the lift is.
    static final Duration PATIENCE = Duration.ofSeconds(90);

    /// Metres that a cabin may be off its floor.
    static final double LEVEL = 0.1;

    private final Lift lift;
    private final Map<String, Double> elevations;
    private final Bus bus;
    private final Timeline timeline;
    private final Times times;

    private Request wanted = new Request(0, "", "");
    private @Nullable LiftState state;
    private long newest = -1;
    private Instant heard;
    private Instant changed;
    private Instant asked;
    private @Nullable String contradiction;

    LiftDevice(Lift lift, Map<String, Double> elevations, Bus bus, Timeline timeline, Times times) {
        this.lift = lift;
        this.elevations = elevations;
        this.bus = bus;
        this.timeline = timeline;
        this.times = times;
        heard = timeline.instant();
        changed = heard;
        asked = heard;
    }

    @Override
    public void serve(Optional<Claim> claim) {
        String session = claim.map(served -> served.holder).orElse("");
        String floor = claim.map(served -> served.floor).orElse("");
        if (session.equals(wanted.session()) && floor.equals(wanted.floor())) return;
        wanted = new Request(Math.max(wanted.number() + 1, timeline.millis()), session, floor);
        asked = timeline.instant();
        repeat();
    }

    @Override
    public void repeat() {
        if (wanted.number() == 0 || (wanted.session().isEmpty() && obeyed())) return;
        bus.publish(Message.once(Wire.topic("lift", lift.id(), "request"), Wire.write(wanted)));
    }

    private boolean obeyed() {
        return state != null && state.request() == wanted.number();
    }

    /// Takes what the lift says; what is older than what is known is dropped.
    void on(LiftState next) {
        var before = state;
        if (next.number() <= newest) return;
        newest = next.number();
        heard = timeline.instant();
        if (before == null || !same(before, next)) changed = heard;
        if (before != null && contradiction == null) contradiction = contradiction(before, next);
        state = next;
    }

    private static boolean same(LiftState a, LiftState b) {
        return a.request() == b.request()
                && a.height() == b.height()
                && a.motion() == b.motion()
                && a.door() == b.door()
                && a.mode() == b.mode();
    }

    private @Nullable String contradiction(LiftState before, LiftState next) {
        if (next.door() == DoorMode.OPEN && (next.motion() == Motion.UP || next.motion() == Motion.DOWN))
            return "says that its door is open while it moves";
        if (next.door() == DoorMode.OPEN && !isLevel(next.floor(), next.height()))
            return "says that its door is open at %.1f m, which is not floor %s".formatted(next.height(), next.floor());
        double metres = Math.abs(next.height() - before.height());
        double seconds = Duration.between(before.time(), next.time()).toMillis() / 1000.0;
        double least = Math.max(0, metres - 0.5) / lift.speed()
                + (metres > 0.5 && before.door() == DoorMode.OPEN ? lift.doorTime() : 0)
                + (metres > 0.5 && next.door() == DoorMode.OPEN ? lift.doorTime() : 0);
        // A fifth for clocks and for a lift that is better than its plate says.
        if (seconds < 0.8 * least)
            return "says that it went %.1f m in %.1f s, which takes it %.1f s".formatted(metres, seconds, least);
        return null;
    }

    /// Somebody within the lift sees that it is on `floor`.
    void witness(String floor) {
        if (state != null
                && contradiction == null
                && state.motion() == Motion.STOPPED
                && state.door() == DoorMode.OPEN
                && !state.floor().equals(floor))
            contradiction = "says that it is on floor " + state.floor() + ", and is on floor " + floor;
    }

    private boolean isLevel(String floor, double height) {
        Double elevation = elevations.get(floor);
        return elevation != null && Math.abs(elevation - height) <= LEVEL;
    }

    @Override
    public boolean ready() {
        return state != null
                && obeyed()
                && state.session().equals(wanted.session())
                && state.motion() == Motion.STOPPED
                && state.door() == DoorMode.OPEN
                && state.floor().equals(wanted.floor())
                && isLevel(wanted.floor(), state.height());
    }

    @Override
    public Optional<String> fault() {
        var now = timeline.instant();
        if (contradiction != null) return Optional.of(contradiction + "; it needs a person's look");
        if (now.isAfter(heard.plus(times.silent()))) return Optional.of("has been silent since " + heard);
        if (state == null) return Optional.empty();
        if (state.mode() != Mode.ROBOT) return Optional.of("is in mode " + state.mode());
        if (wanted.session().isEmpty() || ready()) return Optional.empty();
        if (!obeyed())
            return now.isAfter(asked.plus(times.silent()))
                    ? Optional.of("has not obeyed since " + asked)
                    : Optional.empty();
        var stall = times.stall().plusMillis(Math.round(1000 * lift.doorTime()));
        if (!now.isAfter(changed.plus(stall))) return Optional.empty();
        return Optional.of("stands still since " + changed + " at %.1f m, door ".formatted(state.height())
                + state.door() + ", and should be on floor " + wanted.floor());
    }

    /// The nearest, but first of all whoever has waited too long.
    @Override
    public Claim next(List<Claim> waiting) {
        var oldest = waiting.getFirst();
        if (state == null || timeline.instant().isAfter(oldest.since.plus(PATIENCE))) return oldest;
        double height = state.height();
        return waiting.stream()
                .min(Comparator.comparingDouble(
                        claim -> Math.abs(elevations.getOrDefault(claim.floor, height) - height)))
                .orElse(oldest);
    }

    @Override
    public void repaired() {
        contradiction = null;
        state = null;
        heard = timeline.instant();
    }

    /// As it says.
    Optional<LiftState> state() {
        return Optional.ofNullable(state);
    }
}
