package org.diwan.robots.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.diwan.robots.Cause;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.fleet.Errand.Kind;
import org.diwan.robots.fleet.Errand.Phase;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job.Stop;
import org.diwan.robots.fleet.Refusals.Reason;
import org.diwan.robots.roads.RoadTraffic;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Version;

/// Begins errands, follows them, and says what becomes of one that is disturbed.
///
/// A job whose actions were not released to its vehicle can be given to another. Once they were, nobody can
/// know whether they are done but that vehicle; so a job that is interrupted in the middle of them fails, and
/// one that is interrupted between two stops goes on with the same vehicle. No action is ever ordered twice; one that
/// its vehicle says can be tried again is, by the same order ([Retries]).
final class Errands {
    /// So often is an errand begun anew before it fails.
    static final int MAX_INTERRUPTIONS = 3;

    private final RoadMap map;
    private final RoadTraffic traffic;
    private final Clearances clearances;
    private final Timeline timeline;
    private final Jobs jobs;
    private final Outcome outcome;
    private long house;

    /// Hears how a job stands.
    interface Outcome {
        void set(Jobs.Entry entry, Status status, Robot robot, Optional<Cause> reason);
    }

    Errands(RoadMap map, RoadTraffic traffic, Clearances clearances, Timeline timeline, Jobs jobs, Outcome outcome) {
        this.map = map;
        this.traffic = traffic;
        this.clearances = clearances;
        this.timeline = timeline;
        this.jobs = jobs;
        this.outcome = outcome;
    }

    /// Gives a job to a vehicle, if it is cleared.
    boolean begin(Robot robot, Jobs.Entry entry) {
        var refused = clearances.clear(entry.job(), robot.serial());
        if (refused.isPresent()) {
            entry.refusedBy().add(robot.serial());
            return false;
        }
        set(robot, Kind.JOB, entry.job(), entry::nextOrder);
        outcome.set(entry, Status.UNDERWAY, robot, Optional.empty());
        return true;
    }

    /// Gives a job, the stops of which before `stop` are done, to the vehicle that did them, if it is cleared.
    void resume(Robot robot, Jobs.Entry entry, int stop) {
        if (!begin(robot, entry)) return;
        robot.errand().ifPresent(errand -> {
            for (int i = 0; i < stop; i++) errand.nextStop();
        });
    }

    /// Sends a vehicle somewhere on the fleet's own account.
    boolean begin(Robot robot, Kind kind, int vertex, List<Action> actions) {
        String id = Clearances.HOUSE + robot.serial() + "-" + house;
        house++;
        var named = new ArrayList<Action>();
        for (var action : actions)
            named.add(new Action(
                    action.actionType(),
                    id + "." + action.actionType(),
                    null,
                    action.blockingType(),
                    action.actionParameters(),
                    null));
        var stops = List.of(new Stop(map.place(vertex).id(), named));
        var job = new Job(id, stops, 0, Optional.empty(), Optional.empty(), 0, List.of(), Optional.of(robot.serial()));
        if (clearances.clear(job, robot.serial()).isPresent()) return false;
        set(robot, kind, job, job::id);
        return true;
    }

    private void set(Robot robot, Kind kind, Job job, Supplier<String> orders) {
        var goals = job.stops().stream().map(stop -> map.vertex(stop.place())).toList();
        robot.errand(new Errand(kind, job, goals, orders), timeline.instant());
    }

    /// Reads what has become of the actions.
    void report(Robot robot, State state) {
        var errand = robot.ordered();
        boolean current = robot.errand().filter(now -> now == errand).isPresent();
        for (var action : state.actionStates()) {
            if (!errand.knows(action.actionId())) {
                if (robot.link().address().version() == Version.V3_0)
                    robot.link().refusals().count(Reason.UNKNOWN_ACTION, 1);
                continue;
            }
            if (!current) continue;
            report(robot, errand, action, state);
        }
    }

    private void report(Robot robot, Errand errand, ActionState action, State state) {
        String id = action.actionId();
        String what = Objects.requireNonNullElse(action.actionType(), "an action");
        switch (action.actionStatus()) {
            case WAITING -> {}
            case INITIALIZING, RUNNING, PAUSED -> errand.retries().runs(id);
            case FINISHED -> errand.finish(id);
            case FAILED -> {
                if (errand.isAwaited(id)) errand.fail(errand.retries().failure(what, id));
            }
            case RETRIABLE -> {
                if (!errand.isAwaited(id) || !robot.isReady()) return;
                if (errand.retries().look(robot, state, id, timeline.instant())) return;
                var failure = errand.retries().failure(what, id);
                errand.fail(Cause.of(failure.kind(), failure.text() + ", and nobody hears what to do then"));
                robot.cancelling(true);
            }
        }
    }

    /// What a state's mode and errors call for.
    ///
    /// @param before in what condition it was until then
    void react(Robot robot, State state, Condition before) {
        boolean manual = state.operatingMode() != OperatingMode.INTERVENED && robot.condition() == Condition.MANUAL;
        // Once, however many states it sends meanwhile.
        if (manual && (robot.book().hasOrder() || before != Condition.MANUAL))
            interrupt(
                    robot,
                    state.operatingMode() == OperatingMode.STARTUP
                            ? Cause.of(Cause.Kind.RESTARTED, "it was started anew")
                            : Cause.of(Cause.Kind.TAKEN_OVER, "somebody took control of it"));
        boolean critical = state.errors().stream().anyMatch(Condition::isCritical);
        boolean broken = robot.condition() == Condition.BROKEN || robot.condition() == Condition.UNLOCALIZED;
        if (critical && broken && robot.book().hasOrder()) robot.cancelling(true);
        var book = robot.book();
        if (book.hasOrder() && !book.isAnswered())
            Rejections.of(state, book).ifPresent(type -> refused(robot, state, type));
    }

    /// The vehicle did not take what it was sent.
    private void refused(Robot robot, State state, String type) {
        var errand = robot.ordered();
        robot.book().refused();
        if (type.equals("OTHER_ORDER_ACTIVE")) {
            // It has one that we know nothing of, or is not done with the last one: that is not the job's fault.
            robot.book().drop();
            robot.cancelling(!robot.isIdle());
            return;
        }
        // What was refused was not released.
        if (errand.phase() == Phase.ACTING && errand.actions().stream().noneMatch(action -> isIn(state, action)))
            errand.phase(Phase.GOING);
        if (robot.isIdle()) {
            robot.book().drop();
            if (robot.isOn(map.place(robot.at()))) traffic.forget(robot.number(), 0);
        } else {
            robot.cancelling(true);
        }
        jobs.open(errand.job().id()).ifPresent(entry -> entry.refusedBy().add(robot.serial()));
        robot.refusal(timeline.instant());
        interrupted(robot, Cause.of(Cause.Kind.ORDER_REFUSED, "it refused the order: " + type));
    }

    private static boolean isIn(State state, Action action) {
        return state.actionStates().stream().anyMatch(known -> known.actionId().equals(action.actionId()));
    }

    /// Its order is no more, whoever's doing it was.
    void interrupt(Robot robot, Cause why) {
        if (!robot.book().hasOrder() && robot.errand().isEmpty()) return;
        if (robot.book().hasOrder()) halt(robot);
        robot.book().drop();
        robot.cancelling(false);
        robot.astray(true);
        interrupted(robot, why);
    }

    /// Where it was left standing: past what it says that it has passed, and somewhere before the next place; without a
    /// word of it, before any that it was told to go to. Nobody else is sent there until it is on a place again.
    private void halt(Robot robot) {
        var book = robot.book();
        String last = robot.link().state().map(State::lastNodeId).orElse("");
        var base = book.base();
        int passed = base.stream().map(OrderBook.Step::nodeId).toList().indexOf(last);
        int left = book.released();
        for (int i = 0; i <= passed; i++) {
            if (base.get(i).again()) continue;
            traffic.passed(robot.number());
            robot.moved(base.get(i).vertex());
            left--;
        }
        robot.reserved(last.isEmpty() ? left : Math.min(1, left));
    }

    /// What becomes of the errand of a vehicle that cannot go on with it now.
    void interrupted(Robot robot, Cause why) {
        var errand = robot.errand().orElse(null);
        if (errand == null) return;
        // What is done is done, whether or not there was time to go on: the next order is for the rest.
        if (errand.phase() == Phase.ACTING && errand.isStopDone()) errand.nextStop();
        if (errand.kind() != Kind.JOB) {
            robot.errand(null, timeline.instant());
        } else if (errand.phase() == Phase.ACTING) {
            errand.fail(why.after("interrupted at stop " + (errand.stop() + 1) + ": "));
        } else if (!errand.isBegun()) {
            giveBack(robot, errand);
        } else if (errand.interrupt() > MAX_INTERRUPTIONS) {
            errand.fail(why.after("interrupted " + MAX_INTERRUPTIONS + " times: "));
        }
    }

    /// The vehicle cannot be reached, or not be used, for who knows how long.
    void abandon(Robot robot) {
        var errand = robot.errand().orElse(null);
        if (errand == null) return;
        if (errand.kind() != Kind.JOB) robot.errand(null, timeline.instant());
        else if (!errand.isBegun()) giveBack(robot, errand);
    }

    /// None of its actions was released: another vehicle can do it.
    private void giveBack(Robot robot, Errand errand) {
        robot.errand(null, timeline.instant());
        jobs.open(errand.job().id()).ifPresent(entry -> outcome.set(entry, Status.WAITING, robot, Optional.empty()));
    }

    /// Ends what is over.
    void settle(Robot robot) {
        var errand = robot.errand().orElse(null);
        if (errand == null) return;
        if (errand.failure().isPresent()) {
            if (errand.kind() != Kind.JOB) robot.refusal(timeline.instant());
            end(robot, errand, Status.FAILED, errand.failure());
            return;
        }
        if (errand.kind() == Kind.YIELD) {
            boolean away = robot.book().base().isEmpty()
                    && traffic.committed(robot.number()).isEmpty();
            if (away) robot.errand(null, timeline.instant());
            return;
        }
        if (errand.isDone()) {
            end(robot, errand, Status.DONE, Optional.empty());
            return;
        }
        boolean there = robot.at() == errand.goal()
                && robot.book().base().isEmpty()
                && traffic.committed(robot.number()).isEmpty();
        boolean empty = errand.actions().isEmpty();
        if (errand.phase() == Phase.PLANNED && there && empty && errand.mayAct(timeline.instant())) errand.nextStop();
        else if (errand.phase() == Phase.ACTING && there && errand.isStopDone()) errand.nextStop();
        if (errand.isDone()) end(robot, errand, Status.DONE, Optional.empty());
    }

    /// The errand is over, so or so.
    void end(Robot robot, Errand errand, Status status, Optional<Cause> reason) {
        robot.errand(null, timeline.instant());
        recall(robot, errand.job());
        jobs.open(errand.job().id()).ifPresent(entry -> outcome.set(entry, status, robot, reason));
    }

    /// The job is over. What is left of an order for it is not driven, also by a vehicle that has given the job back:
    /// nothing more is sent for a job that is over.
    void recall(Robot robot, Job job) {
        var book = robot.book();
        boolean more = book.hasOrder() && (!book.isAnswered() || book.hasHorizon());
        if (more && robot.ordered().job().equals(job)) robot.cancelling(true);
    }

    /// Sees whether the plan leads to the next stop and ends there. It may be taken back again as long as not
    /// all of it is free.
    void planned(Robot robot) {
        var errand = robot.errand().orElse(null);
        if (errand == null || errand.kind() == Kind.YIELD || errand.phase() == Phase.ACTING) return;
        var committed = traffic.committed(robot.number());
        int end = committed.isEmpty() ? robot.at() : committed.getLast().vertex();
        errand.phase(end == errand.goal() ? Phase.PLANNED : Phase.GOING);
    }
}
