package org.diwan.robots.facility;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Wire.DoorMode;
import org.diwan.robots.facility.Wire.DoorState;
import org.diwan.robots.facility.Wire.Mode;
import org.diwan.robots.facility.Wire.Request;
import org.jspecify.annotations.Nullable;

/// A door as the desk knows it. One that stays open is passable, and no fault.
final class DoorDevice implements Device {
    private final Door door;
    private final Bus bus;
    private final Timeline timeline;
    private final Times times;

    private Request wanted = new Request(0, "", "");
    private @Nullable DoorState state;
    private long newest = -1;
    private Instant heard;
    private Instant changed;
    private Instant asked;
    private @Nullable String contradiction;

    DoorDevice(Door door, Bus bus, Timeline timeline, Times times) {
        this.door = door;
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
        if (session.equals(wanted.session())) return;
        wanted = new Request(Math.max(wanted.number() + 1, timeline.millis()), session, "");
        asked = timeline.instant();
        repeat();
    }

    @Override
    public void repeat() {
        if (wanted.number() == 0 || (wanted.session().isEmpty() && obeyed())) return;
        bus.publish(Message.once(Wire.topic("door", door.id(), "request"), Wire.write(wanted)));
    }

    private boolean obeyed() {
        return state != null && state.request() == wanted.number();
    }

    /// Takes what the door says; what is older than what is known is dropped.
    void on(DoorState next) {
        var before = state;
        if (next.number() <= newest) return;
        newest = next.number();
        heard = timeline.instant();
        if (before == null
                || before.request() != next.request()
                || before.door() != next.door()
                || before.mode() != next.mode()) changed = heard;
        if (before != null && before.door() == DoorMode.CLOSED && next.door() == DoorMode.OPEN) {
            double seconds = Duration.between(before.time(), next.time()).toMillis() / 1000.0;
            if (seconds < 0.8 * door.openTime())
                contradiction =
                        "says that it opened in %.1f s, which takes it %.1f s".formatted(seconds, door.openTime());
        }
        state = next;
    }

    @Override
    public boolean ready() {
        return state != null && obeyed() && state.door() == DoorMode.OPEN;
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
        var stall = times.stall().plusMillis(Math.round(1000 * door.openTime()));
        return now.isAfter(changed.plus(stall))
                ? Optional.of("does not open: it is " + state.door() + " since " + changed)
                : Optional.empty();
    }

    @Override
    public Claim next(List<Claim> waiting) {
        return waiting.getFirst();
    }

    @Override
    public void repaired() {
        contradiction = null;
        state = null;
        heard = timeline.instant();
    }
}
