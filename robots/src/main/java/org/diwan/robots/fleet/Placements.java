package org.diwan.robots.fleet;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.diwan.robots.Cause;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;

/// Tells vehicles where they are, when a person says so ([Placement]).
///
/// A vehicle that has an order loses it first (`cancelOrder`): it was driven by a position that does not hold. Until
/// the vehicle has answered it gets no other. Where it says afterwards that it is, it is in the traffic.
final class Placements {
    /// A state should show an instant action in this time; else it is sent again.
    static final Duration ANSWER = Duration.ofSeconds(1);

    /// So long a vehicle may take to stop, to let go of its order and to believe it.
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final System.Logger LOG = System.getLogger(Placements.class.getName());

    private static final class Pending {
        final Jobs.Entry entry;
        final Action action;
        final Instant until;
        Instant sent = Instant.MIN;

        Pending(Jobs.Entry entry, Action action, Instant until) {
            this.entry = entry;
            this.action = action;
            this.until = until;
        }
    }

    private final RoadMap map;
    private final Progress progress;
    private final Clearances clearances;
    private final Timeline timeline;
    private final Errands.Outcome outcome;
    private final Map<String, Pending> pending = new HashMap<>();

    Placements(RoadMap map, Clearances clearances, Timeline timeline, Errands.Outcome outcome) {
        this.map = map;
        this.clearances = clearances;
        this.timeline = timeline;
        this.outcome = outcome;
        progress = new Progress(map);
    }

    /// Why `robot` cannot be said to be where `job` says; empty if it can.
    Optional<String> obstacle(Job job, Robot robot, Collection<Robot> all) {
        String id = job.stops().getFirst().place();
        int vertex = map.vertex(id);
        String floor = Placement.floor(job);
        if (!map.place(vertex).floor().equals(floor) && !progress.isServed(id, floor))
            return Optional.of(id + " is not on floor " + floor);
        if (robot.link().state().isEmpty()) return Optional.of(robot.serial() + " was never heard of");
        if (pending.containsKey(robot.serial()))
            return Optional.of(robot.serial() + " is being told where it is already; wait for its answer");
        for (var other : all) {
            boolean there = other.ahead().contains(vertex) || (!other.isPlaced() && other.suspected() == vertex);
            if (other != robot && there) return Optional.of(other.serial() + " is at " + id + ", or on its way there");
        }
        return Optional.empty();
    }

    /// Begins with it; `outcome` hears how it ends.
    void begin(Robot robot, Jobs.Entry entry) {
        var until = timeline.instant().plus(PATIENCE);
        pending.put(robot.serial(), new Pending(entry, spelled(robot, Placement.action(entry.job())), until));
        robot.placing(true);
        outcome.set(entry, Status.UNDERWAY, robot, Optional.empty());
    }

    private static Action spelled(Robot robot, Action action) {
        var version = robot.link().address().version();
        return new Action(
                PredefinedAction.INITIALIZE_POSITION.type(version),
                action.actionId(),
                null,
                action.blockingType(),
                action.actionParameters(),
                null);
    }

    /// Goes on with it; to be called whenever anything may have changed.
    void look(Robot robot) {
        var it = pending.get(robot.serial());
        if (it == null) return;
        var now = timeline.instant();
        var status = status(robot, it.action);
        if (it.entry.status().isOver()) forget(robot);
        else if (status == ActionStatus.FINISHED) end(robot, it, Status.DONE, Optional.empty());
        else if (status == ActionStatus.FAILED)
            end(
                    robot,
                    it,
                    Status.FAILED,
                    Optional.of(Cause.of(Cause.Kind.ACTION_FAILED, "it does not take that for its position")));
        else if (!now.isBefore(it.until))
            end(
                    robot,
                    it,
                    Status.FAILED,
                    Optional.of(
                            Cause.of(Cause.Kind.SILENT, "it did not answer within " + PATIENCE.toSeconds() + " s")));
        else if (isBusy(robot)) robot.cancelling(true);
        else if (!now.isBefore(it.sent.plus(ANSWER))) send(robot, it, now);
    }

    private static boolean isBusy(Robot robot) {
        return robot.isPlaced() && (robot.book().hasOrder() || robot.isCancelling() || !robot.isIdle());
    }

    private static ActionStatus status(Robot robot, Action action) {
        return robot.link().state().stream()
                .flatMap(state -> Stream.concat(state.instantActionStates().stream(), state.actionStates().stream()))
                .filter(state -> state.actionId().equals(action.actionId()))
                .map(ActionState::actionStatus)
                .findFirst()
                .orElse(ActionStatus.WAITING);
    }

    private void send(Robot robot, Pending it, Instant now) {
        it.sent = now;
        try {
            clearances.send(it.entry.job().id(), robot.link().message(it.action));
        } catch (RuntimeException e) {
            // Not put on record, or not permitted: it was not sent, and is tried again until patience ends.
            LOG.log(Level.ERROR, robot.serial() + " was not told where it is", e);
        }
    }

    private void end(Robot robot, Pending it, Status status, Optional<Cause> reason) {
        forget(robot);
        outcome.set(it.entry, status, robot, reason);
    }

    private void forget(Robot robot) {
        pending.remove(robot.serial());
        robot.placing(false);
    }

    /// It is taken out of the fleet.
    void withdraw(Robot robot) {
        var it = pending.get(robot.serial());
        if (it == null) return;
        var why = Cause.of(Cause.Kind.WITHDRAWN, "its vehicle was taken out of the fleet");
        end(robot, it, Status.FAILED, Optional.of(why));
    }
}
