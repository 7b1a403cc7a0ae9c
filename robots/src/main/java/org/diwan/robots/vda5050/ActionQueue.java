package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.jspecify.annotations.Nullable;

/// The actions of one order and of the zones it leads through: which wait, which run, which may start (§6.2.2,
/// figure 11). Those of zones stay until they are [#clearZones]ed; those of the order until the next one.
///
/// INVARIANT: `triggered` holds, in their order, exactly the actions that were reached and have not ended.
final class ActionQueue {
    private record Entry(
            Action action,
            ActionStatus status,
            boolean ofZone,
            @Nullable String result) {
        Entry is(ActionStatus next) {
            return new Entry(action, next, ofZone, result);
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> triggered = new ArrayList<>();
    private final Set<String> again = new HashSet<>();

    /// Known and waiting for its node or edge to be reached.
    void add(Action action) {
        entries.put(action.actionId(), new Entry(action, ActionStatus.WAITING, false, null));
    }

    /// Queues up at once: the border of a zone is reached (§6.4.1.1). Beyond `limit` the oldest that has ended goes;
    /// if none has, the action is passed over.
    void addOfZone(Action action, int limit) {
        var old = entries.values().stream().filter(Entry::ofZone).toList();
        if (old.size() >= limit) {
            var ended = old.stream().filter(entry -> entry.status().ended()).findFirst();
            if (ended.isEmpty()) return;
            entries.remove(ended.get().action().actionId());
        }
        entries.put(action.actionId(), new Entry(action, ActionStatus.WAITING, true, null));
        triggered.add(action.actionId());
    }

    boolean has(String actionId) {
        return entries.containsKey(actionId);
    }

    boolean hasOfZone(String actionId) {
        var entry = entries.get(actionId);
        return entry != null && entry.ofZone();
    }

    Optional<ActionStatus> status(String actionId) {
        return Optional.ofNullable(entries.get(actionId)).map(Entry::status);
    }

    Optional<Action> action(String actionId) {
        return Optional.ofNullable(entries.get(actionId)).map(Entry::action);
    }

    /// Forgets the actions of an order that is over.
    void removeOrder() {
        entries.values().removeIf(entry -> !entry.ofZone());
        triggered.removeIf(id -> !entries.containsKey(id));
    }

    /// Forgets actions of a horizon that is gone (§6.6.9.1).
    void remove(List<Action> actions) {
        for (var action : actions) entries.remove(action.actionId());
    }

    /// Forgets the actions of zones that have ended.
    void clearZones() {
        entries.values().removeIf(entry -> entry.ofZone() && entry.status().ended());
    }

    /// Their node or edge is reached: they queue up.
    void trigger(List<Action> actions) {
        for (var action : actions) triggered.add(action.actionId());
    }

    /// Starts, in their order, those that may run beside those that do; an action that runs alone waits for
    /// all before it, and all behind it wait for it, even while it is to be tried again.
    List<Action> start(Predicate<String> prepares) {
        var started = new ArrayList<Action>();
        boolean busy = false;
        for (String id : triggered) {
            var entry = entry(id);
            boolean shares = entry.action().blockingType().letsOthersRun();
            if (entry.status() == ActionStatus.WAITING || again.contains(id)) {
                if (!shares && busy) break;
                again.remove(id);
                boolean first = prepares.test(entry.action().actionType());
                set(id, first ? ActionStatus.INITIALIZING : ActionStatus.RUNNING);
                started.add(entry.action());
            }
            if (!shares) break;
            busy = true;
        }
        return started;
    }

    /// Its preparation is over.
    void run(String actionId, boolean paused) {
        if (entry(actionId).status() == ActionStatus.INITIALIZING)
            set(actionId, paused ? ActionStatus.PAUSED : ActionStatus.RUNNING);
    }

    /// What failed is tried again at the next [#start].
    ///
    /// @return whether it had failed so that it can be
    boolean retry(String actionId) {
        boolean can = status(actionId).filter(ActionStatus.RETRIABLE::equals).isPresent();
        if (can) again.add(actionId);
        return can;
    }

    /// No queued action forbids it.
    boolean letsDrive() {
        for (String id : triggered) if (!entry(id).action().blockingType().letsDrive()) return false;
        return true;
    }

    /// An action that was started, or is to be tried again, is over; [ActionStatus#RETRIABLE] keeps its place.
    ///
    /// @throws IllegalArgumentException if it was not running
    void end(String actionId, ActionStatus end, @Nullable String result) {
        var entry = entries.get(actionId);
        if (entry == null
                || entry.status() == ActionStatus.WAITING
                || entry.status().ended()) throw new IllegalArgumentException("action " + actionId + " is not running");
        entries.put(actionId, new Entry(entry.action(), end, entry.ofZone(), result));
        again.remove(actionId);
        if (end.ended()) triggered.remove(actionId);
    }

    boolean isRetriable(String actionId) {
        var entry = entries.get(actionId);
        return entry != null && Boolean.TRUE.equals(entry.action().retriable());
    }

    /// Those of `actions` that have not ended are over with their edge: run ones finished, others failed.
    void leave(List<Action> actions) {
        for (var action : actions) {
            var status = entry(action.actionId()).status();
            if (status.ended()) continue;
            boolean ran = status == ActionStatus.RUNNING || status == ActionStatus.PAUSED;
            set(action.actionId(), ran ? ActionStatus.FINISHED : ActionStatus.FAILED);
            triggered.remove(action.actionId());
            again.remove(action.actionId());
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
        change(ActionStatus.RETRIABLE, ActionStatus.FAILED, _ -> true);
        change(ActionStatus.INITIALIZING, ActionStatus.FAILED, cancels);
        change(ActionStatus.RUNNING, ActionStatus.FAILED, cancels);
        change(ActionStatus.PAUSED, ActionStatus.FAILED, cancels);
        triggered.removeIf(id -> entry(id).status().ended());
    }

    /// Whether all of the order have.
    boolean allEnded() {
        for (var entry : entries.values())
            if (!entry.ofZone() && !entry.status().ended()) return false;
        return true;
    }

    /// As the state reports them, in the order in which they became known.
    List<ActionState> states(boolean ofZones) {
        var states = new ArrayList<ActionState>();
        for (var entry : entries.values())
            if (entry.ofZone() == ofZones)
                states.add(new ActionState(
                        entry.action().actionId(),
                        entry.action().actionType(),
                        entry.action().actionDescriptor(),
                        entry.status(),
                        entry.result()));
        return states;
    }

    private void change(ActionStatus from, ActionStatus to, Predicate<String> types) {
        entries.replaceAll((_, entry) ->
                entry.status() == from && types.test(entry.action().actionType()) ? entry.is(to) : entry);
    }

    private void set(String id, ActionStatus status) {
        entries.put(id, entry(id).is(status));
    }

    private Entry entry(String id) {
        var entry = entries.get(id);
        if (entry == null) throw new AssertionError("an action that is queued is known: " + id);
        return entry;
    }
}
