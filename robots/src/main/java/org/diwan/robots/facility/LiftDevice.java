package org.diwan.robots.facility;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Wire.DoorMode;
import org.diwan.robots.facility.Wire.LiftState;
import org.diwan.robots.facility.Wire.Motion;
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
    private final Timeline timeline;
    private final Contact contact;
    private @Nullable LiftState state;

    LiftDevice(Lift lift, Map<String, Double> elevations, Bus bus, Timeline timeline, Times times) {
        this.lift = lift;
        this.elevations = elevations;
        this.timeline = timeline;
        contact = new Contact(Wire.topic("lift", lift.id(), "request"), bus, timeline, times);
    }

    @Override
    public void serve(Optional<Claim> claim) {
        String session = claim.map(served -> served.holder).orElse("");
        contact.want(session, claim.map(served -> served.floor).orElse(""));
    }

    @Override
    public void repeat() {
        contact.repeat();
    }

    /// Takes what the lift says; what is older than what is known is dropped.
    void on(LiftState next) {
        var before = state;
        if (!contact.take(next.number(), next.request(), next.mode())) return;
        if (before == null || !same(before, next)) contact.change();
        if (before != null) contradiction(before, next).ifPresent(contact::contradict);
        state = next;
    }

    private static boolean same(LiftState a, LiftState b) {
        return a.height() == b.height() && a.motion() == b.motion() && a.door() == b.door();
    }

    private Optional<String> contradiction(LiftState before, LiftState next) {
        if (next.door() == DoorMode.OPEN && (next.motion() == Motion.UP || next.motion() == Motion.DOWN))
            return Optional.of("says that its door is open while it moves");
        if (next.door() == DoorMode.OPEN && !isLevel(next.floor(), next.height()))
            return Optional.of("says that its door is open at %.1f m, which is not floor %s"
                    .formatted(next.height(), next.floor()));
        double metres = Math.abs(next.height() - before.height());
        double seconds = Contact.seconds(before.time(), next.time());
        double least = Math.max(0, metres - 0.5) / lift.speed()
                + (metres > 0.5 && before.door() == DoorMode.OPEN ? lift.doorTime() : 0)
                + (metres > 0.5 && next.door() == DoorMode.OPEN ? lift.doorTime() : 0);
        // A fifth for clocks and for a lift that is better than its plate says; while it stands its clock may be set.
        if (least == 0 || seconds >= 0.8 * least) return Optional.empty();
        return Optional.of(
                "says that it went %.1f m in %.1f s, which takes it %.1f s".formatted(metres, seconds, least));
    }

    /// Somebody within the lift sees that it is on `floor`.
    void witness(String floor) {
        if (state != null
                && state.motion() == Motion.STOPPED
                && state.door() == DoorMode.OPEN
                && !state.floor().equals(floor))
            contact.contradict("says that it is on floor " + state.floor() + ", and is on floor " + floor);
    }

    private boolean isLevel(String floor, double height) {
        Double elevation = elevations.get(floor);
        return elevation != null && Math.abs(elevation - height) <= LEVEL;
    }

    @Override
    public boolean ready() {
        var wanted = contact.wanted();
        return state != null
                && contact.isObeyed()
                && state.session().equals(wanted.session())
                && state.motion() == Motion.STOPPED
                && state.door() == DoorMode.OPEN
                && state.floor().equals(wanted.floor())
                && isLevel(wanted.floor(), state.height());
    }

    @Override
    public Optional<String> fault() {
        return contact.fault(ready(), lift.doorTime(), this::stall);
    }

    private String stall() {
        return "stands still since " + contact.changed()
                + (state == null ? "" : " at %.1f m, door %s".formatted(state.height(), state.door()))
                + ", and should be on floor " + contact.wanted().floor();
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
        contact.repaired();
        state = null;
    }

    /// As it says.
    Optional<LiftState> state() {
        return Optional.ofNullable(state);
    }
}
