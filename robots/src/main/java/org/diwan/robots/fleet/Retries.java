package org.diwan.robots.fleet;

import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.Cause;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.jspecify.annotations.Nullable;

/// What becomes of an errand's actions that failed so that they can be tried again (`RETRIABLE`, §6.2.2 of 3.0.0):
/// each is, [#MAX] times, by the instant action `retry`; then it is given up by `skipRetry`, and the vehicle reports
/// it `FAILED`.
///
/// Messages may be lost. What no state shows to have been taken is sent again under the same actionId, which a
/// vehicle does once, and what was refused under another; after [#MAX_SENDS] nobody is thought to listen.
final class Retries {
    /// How often an action is tried again.
    static final int MAX = 2;

    /// How often one `retry` or `skipRetry` is sent.
    static final int MAX_SENDS = 20;

    /// A state should show that it was taken in this time.
    static final Duration ANSWER = Dispatcher.ANSWER;

    private static final class Trial {
        private int failures;
        private @Nullable Action ask;
        private Instant sent = Instant.MIN;
        private int sends;
    }

    private final Map<String, Trial> trials = new HashMap<>();

    /// Asks for another try, or for the end, of an action that `state` shows `RETRIABLE`.
    ///
    /// @return false if the vehicle does not listen
    boolean look(Robot robot, State state, String actionId, Instant now) {
        var trial = trials.computeIfAbsent(actionId, _ -> new Trial());
        var ask = trial.ask;
        boolean due = !now.isBefore(trial.sent.plus(ANSWER));
        if (ask != null && !due) return true;
        var answer = ask == null ? Optional.of(ActionStatus.FINISHED) : answer(state, ask);
        // Taken, and retriable a second later: it has failed once more between two states.
        boolean again = answer.filter(ActionStatus.FINISHED::equals).isPresent();
        if (trial.sends == MAX_SENDS || (again && trial.failures > MAX)) return false;
        if (again) {
            trial.failures++;
            trial.sends = 0;
        }
        if (ask == null || answer.isPresent()) ask = ask(robot, trial.failures > MAX ? "skipRetry" : "retry", actionId);
        trial.ask = ask;
        trial.sends++;
        trial.sent = now;
        robot.link().instantly(ask);
        return true;
    }

    private static Action ask(Robot robot, String type, String actionId) {
        return robot.link().instant(type, new Action.Parameter("actionId", new TextNode(actionId)));
    }

    /// What the vehicle says of it, if that is over: `FAILED` if it would not.
    private static Optional<ActionStatus> answer(State state, Action ask) {
        return state.instantActionStates().stream()
                .filter(known -> known.actionId().equals(ask.actionId()))
                .map(State.ActionState::actionStatus)
                .filter(Robot::isOver)
                .findFirst();
    }

    /// The action is shown to be under way: if it is retriable again, it has failed again.
    void runs(String actionId) {
        var trial = trials.get(actionId);
        if (trial != null) trial.ask = null;
    }

    /// What is said of an action that failed for good.
    Cause failure(String actionType, String actionId) {
        var trial = trials.get(actionId);
        String often = trial == null || trial.failures < 2 ? "" : " " + trial.failures + " times";
        return Cause.of(Cause.Kind.ACTION_FAILED, actionType + " failed" + often);
    }
}
