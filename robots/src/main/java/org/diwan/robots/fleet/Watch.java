package org.diwan.robots.fleet;

import java.time.Duration;
import java.time.Instant;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.vda5050.State;

/// Notices what a vehicle does not say.
///
/// A vehicle need send no state for 30 s (§6.6), and the broker's `CONNECTION_BROKEN` comes after one and a
/// half keep-alive periods, which are the vehicle's to choose. So a vehicle under way that was silent for
/// [#QUIET] is asked by the instant action `stateRequest`, and again every [#ASK]; one that has not said
/// anything for [#LOST], all of it under way, is lost. With a fifth of the messages lost both ways that takes
/// six requests in vain, 0.36⁶ = 0.2 % of the silences; no harm is done then, for any state ends it. A vehicle
/// that rests is asked after [#RESTING], for its silence keeps nobody waiting; one that does not say where it is, every
/// [#UNPLACED]. One that shows its position (`visualization`) is not lost, but that does not say how far its order
/// is: it is asked after [#SHOWN].
final class Watch {
    static final Duration QUIET = Duration.ofMillis(700);
    static final Duration ASK = Duration.ofMillis(250);
    static final Duration LOST = Duration.ofMillis(1_800);
    static final Duration RESTING = Duration.ofSeconds(32);
    static final Duration UNPLACED = Duration.ofSeconds(5);
    static final Duration SHOWN = Duration.ofSeconds(2);

    /// Instant actions are in a vehicle's state until it is told to forget them (§7.8).
    static final int MAX_REMEMBERED = 5;

    /// A vehicle that was stopped or paused keeps a job that it has not begun for so long.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Timeline timeline;
    private final Errands errands;

    Watch(Timeline timeline, Errands errands) {
        this.timeline = timeline;
        this.errands = errands;
    }

    /// Looks at one vehicle; whether anything changed. Called every [#ASK].
    boolean look(Robot robot) {
        var now = timeline.instant();
        var before = robot.condition();
        listen(robot, now);
        pause(robot, now);
        tidy(robot);
        boolean patient = robot.condition() == Condition.EMERGENCY_STOP || robot.condition() == Condition.PAUSED;
        boolean ready = robot.condition() == Condition.READY && robot.stops().isEmpty();
        if (ready) robot.readyAt(now);
        else if (!patient || !now.isBefore(robot.readyAt().plus(PATIENCE))) errands.abandon(robot);
        return robot.condition() != before;
    }

    private void listen(Robot robot, Instant now) {
        var heard = robot.link().heard().orElse(robot.enrolled());
        var silent = Duration.between(heard, now);
        if (!robot.isUnderWay()) robot.rested(now);
        // Who has just been given something to do was silent with good reason until then.
        var expectedSince = heard.isAfter(robot.rested()) ? heard : robot.rested();
        boolean known = robot.condition() != Condition.UNKNOWN && robot.condition() != Condition.OFFLINE;
        var told = robot.link().told().orElse(robot.enrolled());
        boolean expected = robot.isUnderWay() || robot.link().told().isEmpty();
        var quiet = expected ? (heard.isAfter(told) ? SHOWN : QUIET) : robot.isPlaced() ? RESTING : UNPLACED;
        boolean lost = robot.isUnderWay()
                ? !now.isBefore(expectedSince.plus(LOST))
                : silent.compareTo(RESTING.plus(LOST)) >= 0;
        if (known && lost) robot.condition(Condition.LOST);
        // Who was lost, or does not know where it is, is asked once a second.
        boolean gone = robot.condition() == Condition.LOST || robot.condition() == Condition.UNKNOWN;
        var again = gone ? Duration.ofSeconds(1) : ASK;
        if (Duration.between(told, now).compareTo(quiet) >= 0
                && !now.isBefore(robot.asked().plus(again))) {
            robot.asked(now);
            robot.link().instantly(robot.link().instant("stateRequest"));
        }
    }

    /// A pause is wished for, or over: until a state shows it.
    private void pause(Robot robot, Instant now) {
        if (now.isBefore(robot.paused().plus(ASK))) return;
        boolean is = robot.link().state().map(State::paused).orElse(false);
        boolean wished = !robot.stops().isEmpty();
        if (wished == is || (!wished && !robot.isPausedByUs())) return;
        robot.paused(now);
        robot.link().instantly(robot.link().instant(wished ? "startPause" : "stopPause"));
    }

    private void tidy(Robot robot) {
        var state = robot.link().state().orElse(null);
        if (state == null || state.instantActionStates().size() <= MAX_REMEMBERED) return;
        if (!robot.condition().takesActions()
                || timeline.instant().isBefore(robot.tidied().plus(LOST))) return;
        robot.tidied(timeline.instant());
        robot.link().instantly(robot.link().instant("clearInstantActions"));
    }
}
