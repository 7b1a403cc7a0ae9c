package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.Vehicle;

/// Actions under way, each with its clock. The [Vehicle] says which begin, pause and are cancelled; here they take
/// their time.
final class Activities {
    /// One action.
    private static final class Running {
        final Action action;
        boolean preparing;
        boolean ticking;
        boolean endless;
        Duration rest = Duration.ZERO;
        Instant since = Instant.MIN;
        Timeline.Scheduled clock = () -> {};

        Running(Action action) {
            this.action = action;
        }
    }

    private final Timeline timeline;
    private final BiConsumer<Action, Boolean> ended;
    private final Runnable changed;
    private final Map<String, Running> running = new LinkedHashMap<>();

    /// @param ended hears of an action that had its time; true: it was waiting for a trigger, which came
    /// @param changed hears that a preparation is over
    Activities(Timeline timeline, BiConsumer<Action, Boolean> ended, Runnable changed) {
        this.timeline = timeline;
        this.ended = ended;
        this.changed = changed;
    }

    /// Begins `action`, which takes `seconds` after `preparation`; an infinite one waits for [#trigger].
    void begin(Vehicle vehicle, Action action, double preparation, double seconds) {
        var it = new Running(action);
        running.put(action.actionId(), it);
        it.endless = Double.isInfinite(seconds);
        it.rest = it.endless ? Duration.ZERO : Motion.duration(seconds);
        if (preparation > 0) {
            it.preparing = true;
            it.clock = timeline.after(Motion.duration(preparation), () -> {
                it.preparing = false;
                vehicle.run(action.actionId());
                changed.run();
            });
        } else {
            run(it);
        }
    }

    private void run(Running it) {
        it.ticking = true;
        if (it.endless) return;
        it.since = timeline.instant();
        it.clock = timeline.after(it.rest, () -> {
            running.remove(it.action.actionId());
            ended.accept(it.action, false);
        });
    }

    private void hold(Running it) {
        it.ticking = false;
        if (it.endless) return;
        it.clock.cancel();
        it.rest = it.rest.minus(Duration.between(it.since, timeline.instant()));
    }

    /// Brings the clocks in line with what `vehicle` says of its actions.
    void follow(Vehicle vehicle) {
        for (var it : running.values().toArray(Running[]::new)) {
            var status = vehicle.status(it.action.actionId()).orElse(ActionStatus.FAILED);
            switch (status) {
                case RUNNING -> {
                    if (!it.ticking && !it.preparing) run(it);
                }
                case PAUSED -> {
                    if (it.ticking) hold(it);
                }
                case INITIALIZING -> {}
                case WAITING, RETRIABLE, FINISHED, FAILED -> {
                    it.clock.cancel();
                    running.remove(it.action.actionId());
                }
            }
        }
    }

    /// What waits for a trigger has it.
    ///
    /// @return whether anything waited
    boolean trigger() {
        boolean any = false;
        for (var it : running.values().toArray(Running[]::new)) {
            if (!it.endless || !it.ticking) continue;
            running.remove(it.action.actionId());
            ended.accept(it.action, true);
            any = true;
        }
        return any;
    }

    /// Forgets them all.
    void clear() {
        for (var it : running.values()) it.clock.cancel();
        running.clear();
    }
}
