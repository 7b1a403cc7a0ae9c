package org.diwan.robots.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.diwan.robots.Cause;
import org.diwan.robots.vda5050.Action;
import org.jspecify.annotations.Nullable;

/// A job in a vehicle's hands: which stop is next, and how far it is with it.
final class Errand {
    /// For whom.
    enum Kind {
        /// Somebody submitted it.
        JOB,
        CHARGE,
        PARK,
        /// Out of somebody's way, and no further.
        YIELD
    }

    /// How far it is with its next stop.
    enum Phase {
        /// On the way.
        GOING,
        /// The plan leads to the stop and ends there.
        PLANNED,
        /// Its actions are released: from here on nobody else may do them.
        ACTING
    }

    private final Kind kind;
    private final Job job;
    private final List<Integer> goals;
    private final Supplier<String> orders;
    private final Set<String> finished = new HashSet<>();
    private final Retries retries = new Retries();
    private int stop;
    private int interruptions;
    private Phase phase = Phase.GOING;
    private @Nullable Cause failure;

    /// @param goals vertices of the job's stops
    /// @param orders ids for its orders, each once
    Errand(Kind kind, Job job, List<Integer> goals, Supplier<String> orders) {
        this.kind = kind;
        this.job = job;
        this.goals = List.copyOf(goals);
        this.orders = orders;
    }

    Kind kind() {
        return kind;
    }

    Job job() {
        return job;
    }

    /// Whether all stops are behind it.
    boolean isDone() {
        return stop == goals.size();
    }

    /// Where to.
    int goal() {
        return goals.get(stop);
    }

    /// Where the last stop is.
    int end() {
        return goals.getLast();
    }

    /// Vertices of the stops that are left.
    List<Integer> goalsLeft() {
        return goals.subList(stop, goals.size());
    }

    int stop() {
        return stop;
    }

    Phase phase() {
        return phase;
    }

    void phase(Phase next) {
        phase = next;
    }

    List<Action> actions() {
        return job.stops().get(stop).actions();
    }

    /// Whether the vehicle may begin there.
    boolean mayAct(Instant now) {
        return stop > 0
                || job.notBefore().isEmpty()
                || !now.isBefore(job.notBefore().get());
    }

    /// Whether any of its actions was released to the vehicle: then nobody else may do the job.
    boolean isBegun() {
        return stop > 0 || (phase == Phase.ACTING && !actions().isEmpty());
    }

    /// Whether it is an action of one of the stops.
    boolean knows(String actionId) {
        for (var at : job.stops())
            for (var action : at.actions()) if (action.actionId().equals(actionId)) return true;
        return false;
    }

    /// Whether it is an action of the next stop that was released and has not ended.
    boolean isAwaited(String actionId) {
        return phase == Phase.ACTING
                && !finished.contains(actionId)
                && actions().stream().anyMatch(action -> action.actionId().equals(actionId));
    }

    /// How often its actions were tried.
    Retries retries() {
        return retries;
    }

    /// An action ended well.
    void finish(String actionId) {
        finished.add(actionId);
    }

    boolean isStopDone() {
        return actions().stream().allMatch(action -> finished.contains(action.actionId()));
    }

    /// It begins anew, from where the vehicle is; how often it has.
    int interrupt() {
        phase = Phase.GOING;
        interruptions++;
        return interruptions;
    }

    void fail(Cause why) {
        failure = why;
    }

    /// Why it cannot be done.
    Optional<Cause> failure() {
        return Optional.ofNullable(failure);
    }

    void nextStop() {
        stop++;
        phase = Phase.GOING;
    }

    /// Its job without those actions of the next stop that have ended.
    Job left() {
        var stops = new ArrayList<>(job.stops());
        var rest = actions().stream()
                .filter(action -> !finished.contains(action.actionId()))
                .toList();
        stops.set(stop, new Job.Stop(stops.get(stop).place(), rest));
        return new Job(
                job.id(),
                stops,
                job.priority(),
                job.notBefore(),
                job.due(),
                job.load(),
                job.permissions(),
                job.vehicle());
    }

    /// The id of its next order.
    String nextOrder() {
        return orders.get();
    }
}
