package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.Vehicle;
import org.jspecify.annotations.Nullable;

/// Hibernation (§6.2.3): told to, a vehicle lets go of its order, stops, says so and falls asleep. Asleep it sends no
/// state and hears nothing but `stopHibernation`; that wakes it, or the time that it was told does.
final class Sleep {
    static final String START = "startHibernation";
    static final String STOP = "stopHibernation";

    private final Timeline timeline;
    private final Supplier<Vehicle> robot;
    private final Drive drive;
    private final Surroundings surroundings;
    private final Voice voice;
    private @Nullable Action coming;
    private Timeline.Scheduled waking = () -> {};
    private boolean asleep;

    Sleep(Timeline timeline, Supplier<Vehicle> robot, Drive drive, Surroundings surroundings, Voice voice) {
        this.timeline = timeline;
        this.robot = robot;
        this.drive = drive;
        this.surroundings = surroundings;
        this.voice = voice;
    }

    boolean isAsleep() {
        return asleep;
    }

    /// Whether `message` would wake it.
    static boolean wakes(Message message) {
        return message instanceof InstantActions actions
                && actions.actions().stream().anyMatch(Sleep::wakes);
    }

    /// Whether `action` would wake it.
    static boolean wakes(Action action) {
        return action.actionType().equals(STOP);
    }

    /// It is about to fall asleep, and wakes at that time, if one is given.
    void begin(Action action, Optional<Instant> wakeUp) {
        forget();
        robot.get().report(action, ActionStatus.RUNNING, null);
        robot.get().clear();
        surroundings.drop();
        coming = action;
        wakeUp.map(at -> Duration.between(timeline.instant(), at))
                .filter(span -> !span.isNegative())
                .ifPresent(span -> waking = timeline.after(span, this::wake));
    }

    /// Falls asleep if it is to and stands.
    void fall() {
        var action = coming;
        if (action == null || !drive.isStill() || !robot.get().isIdle()) return;
        coming = null;
        robot.get().report(action, ActionStatus.FINISHED, null);
        voice.flush();
        asleep = true;
        voice.connection(ConnectionState.HIBERNATING);
    }

    /// Wakes, or stays awake.
    ///
    /// @return false if it neither sleeps nor is about to
    boolean wake() {
        boolean was = forget();
        if (!asleep && !was) return false;
        if (asleep) voice.connection(ConnectionState.ONLINE);
        asleep = false;
        voice.report();
        return true;
    }

    /// It starts anew, awake.
    void reset() {
        forget();
        asleep = false;
    }

    /// It no longer waits to fall asleep, nor for the time to wake.
    ///
    /// @return whether it was about to fall asleep
    private boolean forget() {
        waking.cancel();
        var action = coming;
        coming = null;
        if (action != null) robot.get().report(action, ActionStatus.FAILED, null);
        return action != null;
    }

    /// Nothing wakes it any more.
    void stop() {
        waking.cancel();
    }
}
