package org.diwan.robots.facility;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.bus.Timeline.Scheduled;
import org.diwan.robots.facility.Wire.DoorMode;
import org.diwan.robots.facility.Wire.DoorState;
import org.diwan.robots.facility.Wire.Mode;
import org.diwan.robots.facility.Wire.Request;

/// A door that is not there: it opens and shuts in its time, and fails in the ways that real ones do.
public final class SimulatedDoor {
    /// What can go wrong.
    public enum Fault {
        /// It does not move.
        JAMMED,
        /// It neither hears nor speaks.
        OFFLINE,
        /// It says that it is open as soon as it is asked.
        LYING,
        /// It stands open and obeys nobody.
        FIRE
    }

    /// How it truly is, from that time on.
    public record Moment(Instant time, boolean open) {}

    private final Door door;
    private final Bus bus;
    private final Timeline timeline;
    private final Consumer<Moment> log;

    private Request request = new Request(0, "", "");

    /// −1 shutting, 1 opening, 0 at rest.
    private int direction;

    private Instant since;
    private Scheduled end = () -> {};

    /// 0 shut to 1 open, as of [#since].
    private double opened;

    private long number;
    private boolean faulty;
    private Fault fault = Fault.JAMMED;

    /// A shut door.
    ///
    /// @param log is told each change
    public SimulatedDoor(Door door, Bus bus, Timeline timeline, Times times, Consumer<Moment> log) {
        this.door = door;
        this.bus = bus;
        this.timeline = timeline;
        this.log = log;
        since = timeline.instant();
        bus.subscribe(Wire.topic("door", door.id(), "request"), (_, json) -> Wire.request(json)
                .ifPresent(this::obey));
        timeline.every(times.state(), this::say);
    }

    /// From now on so broken.
    public void fail(Fault next) {
        faulty = true;
        fault = next;
        plan();
    }

    /// From now on whole.
    public void repair() {
        faulty = false;
        plan();
    }

    private boolean has(Fault which) {
        return faulty && fault == which;
    }

    private void obey(Request next) {
        if (has(Fault.OFFLINE) || has(Fault.FIRE) || next.number() <= request.number()) return;
        request = next;
        plan();
    }

    private void plan() {
        settle();
        end.cancel();
        boolean wanted = has(Fault.FIRE) || !request.session().isEmpty();
        double left = wanted ? 1 - opened : opened;
        direction = has(Fault.JAMMED) || left == 0 ? 0 : wanted ? 1 : -1;
        if (direction != 0)
            end = timeline.after(Duration.ofNanos(Math.round(left * door.openTime() * 1e9)), this::plan);
        log.accept(new Moment(timeline.instant(), opened == 1 && direction == 0));
        say();
    }

    private void settle() {
        double seconds = Duration.between(since, timeline.instant()).toNanos() / 1e9;
        double step = direction * (door.openTime() == 0 ? 1 : seconds / door.openTime());
        opened += step;
        if (opened < 1e-9) opened = 0;
        if (opened > 1 - 1e-9) opened = 1;
        since = timeline.instant();
    }

    private void say() {
        if (has(Fault.OFFLINE)) return;
        settle();
        number = Math.max(number + 1, timeline.millis());
        boolean lies = has(Fault.LYING) && !request.session().isEmpty();
        var mode = lies || (opened == 1 && direction == 0)
                ? DoorMode.OPEN
                : opened == 0 && direction == 0 ? DoorMode.CLOSED : DoorMode.MOVING;
        var state = new DoorState(
                number, timeline.instant(), request.number(), mode, has(Fault.FIRE) ? Mode.FIRE : Mode.ROBOT);
        bus.publish(Message.once(Wire.topic("door", door.id(), "state"), Wire.write(state)));
    }
}
