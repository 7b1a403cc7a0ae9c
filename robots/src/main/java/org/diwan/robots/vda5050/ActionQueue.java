package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;

/// The actions of one order: which wait, which run, which may start (§6.2.2, figure 11).
///
/// INVARIANT: `triggered` holds, in their order, exactly the actions that were reached and have not ended.
final class ActionQueue {
    private record Entry(Action action, ActionStatus status) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> triggered = new ArrayList<>();

    /// Known and waiting for its node or edge to be reached.
    void add(Action action) {
        entries.put(action.actionId(), new Entry(action, ActionStatus.WAITING));
    }

    boolean has(String actionId) {
        return entries.containsKey(actionId);
    }

    /// Forgets actions of a horizon that is gone (§6.6.9.1).
    void remove(List<Action> actions) {
        for (var action : actions) entries.remove(action.actionId());
    }

    /// Their node or edge is reached: they queue up.
    void trigger(List<Action> actions) {
        for (var action : actions) triggered.add(action.actionId());
    }

    /// Starts, in their order, those that may run beside those that do; an action that runs alone waits for
    /// all before it, and all behind it wait for it.
    List<Action> start() {
        var started = new ArrayList<Action>();
        boolean busy = false;
        for (String id : triggered) {
            var entry = entry(id);
            boolean shares = entry.action().blockingType().letsOthersRun();
            if (entry.status() == ActionStatus.WAITING) {
                if (!shares && busy) break;
                set(id, ActionStatus.RUNNING);
                started.add(entry.action());
            }
            if (!shares) break;
            busy = true;
        }
        return started;
    }

    /// No queued action forbids it.
    boolean letsDrive() {
        return triggered.stream()
                .allMatch(id -> entry(id).action().blockingType().letsDrive());
    }

    /// A running or paused action has ended.
    ///
    /// @throws IllegalArgumentException if it was not running
    void end(String actionId, ActionStatus end) {
        var entry = entries.get(actionId);
        if (entry == null
                || entry.status() == ActionStatus.WAITING
                || entry.status().ended()) throw new IllegalArgumentException("action " + actionId + " is not running");
        set(actionId, end);
        triggered.remove(actionId);
    }

    /// Those of `actions` that have not ended are over with their edge: run ones finished, others failed.
    void leave(List<Action> actions) {
        for (var action : actions) {
            var status = entry(action.actionId()).status();
            if (status.ended()) continue;
            set(action.actionId(), status == ActionStatus.WAITING ? ActionStatus.FAILED : ActionStatus.FINISHED);
            triggered.remove(action.actionId());
        }
    }

    void pause(Predicate<String> pauses) {
        change(ActionStatus.RUNNING, ActionStatus.PAUSED, pauses);
    }

    void resume() {
        change(ActionStatus.PAUSED, ActionStatus.RUNNING, _ -> true);
    }

    /// What waits has failed, and so has what runs and may be cancelled; the rest runs on (§6.1.3).
    void cancel(Predicate<String> cancels) {
        change(ActionStatus.WAITING, ActionStatus.FAILED, _ -> true);
        change(ActionStatus.RUNNING, ActionStatus.FAILED, cancels);
        change(ActionStatus.PAUSED, ActionStatus.FAILED, cancels);
        triggered.removeIf(id -> entry(id).status().ended());
    }

    boolean allEnded() {
        return entries.values().stream().allMatch(entry -> entry.status().ended());
    }

    /// As the state reports them, in the order in which they became known.
    List<ActionState> states() {
        return entries.values().stream()
                .map(entry -> new ActionState(
                        entry.action().actionId(),
                        entry.action().actionType(),
                        entry.action().actionDescriptor(),
                        entry.status(),
                        null))
                .toList();
    }

    private void change(ActionStatus from, ActionStatus to, Predicate<String> types) {
        entries.replaceAll((_, entry) ->
                entry.status() == from && types.test(entry.action().actionType())
                        ? new Entry(entry.action(), to)
                        : entry);
    }

    private void set(String id, ActionStatus status) {
        entries.put(id, new Entry(entry(id).action(), status));
    }

    private Entry entry(String id) {
        var entry = entries.get(id);
        if (entry == null) throw new AssertionError("an action that is queued is known: " + id);
        return entry;
    }
}
