package org.diwan.robots.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.diwan.robots.Cause;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Leases;
import org.diwan.robots.fleet.Errand.Kind;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.roads.RoadTraffic;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Visualization;

/// The fleet manager. Jobs go in; orders go out, by way of [Clearances] alone; states come in.
///
/// Whenever something happened, one step: see how far each vehicle is, give out jobs, plan the traffic, tell
/// each vehicle what it may do now. All of it belongs to the timeline's thread, but for [#stop], which any
/// thread may call.
public final class Fleet {
    /// Vehicles at once.
    public static final int MAX_VEHICLES = 2_000;

    /// What happens within this time is looked at together.
    private static final Duration GATHER = Duration.ofMillis(20);

    /// How often is looked for what depends on time alone.
    private static final Duration TICK = Duration.ofSeconds(1);

    /// So long is waited for a new vehicle to say where it is; who has not by then is thought not to be there.
    private static final Duration ROLL_CALL = Duration.ofSeconds(30);

    /// What can stand in a topic (§4.2); jobs' ids go into orderIds.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]{1,100}");

    private static final List<Topic> TOPICS =
            List.of(Topic.STATE, Topic.CONNECTION, Topic.FACTSHEET, Topic.VISUALIZATION);

    private final Bus bus;
    private final Timeline timeline;
    private final RoadMap map;
    private final RoadTraffic traffic;
    private final Gates gates;
    private final Consumer<JobView> listener;
    private final Jobs jobs = new Jobs();
    private final Errands errands;
    private final Intake intake;
    private final Watch watch;
    private final Allocation allocation;
    private final Housekeeping housekeeping;
    private final Meetings meetings;
    private final Dispatcher dispatcher;
    private final Rides rides;
    private final Closures closures;
    private final Stops stops;
    private final Placements placements;
    private final Map<String, Robot> robots = new ConcurrentSkipListMap<>();
    private final Map<String, Robot> byTopic = new HashMap<>();
    private long strangers;
    private boolean woken;
    private Instant tidied = Instant.MIN;

    /// A fleet without vehicles.
    ///
    /// @param listener hears of every job when its status changes, on the timeline's thread
    /// @param seed of the traffic's choices
    public Fleet(
            Bus bus,
            Timeline timeline,
            RoadMap map,
            Leases leases,
            Clearances clearances,
            Consumer<JobView> listener,
            long seed) {
        this.bus = bus;
        this.timeline = timeline;
        this.map = map;
        this.listener = listener;
        traffic = new RoadTraffic(map, seed);
        gates = new Gates(map, leases);
        var travel = new Travel(map);
        var batteries = new Batteries(map, travel);
        errands = new Errands(map, traffic, clearances, timeline, jobs, this::set);
        closures = new Closures(traffic);
        intake = new Intake(map, traffic, gates, closures, errands);
        watch = new Watch(timeline, errands);
        allocation = new Allocation(map, travel, batteries);
        housekeeping = new Housekeeping(map, traffic, travel, batteries, errands);
        meetings = new Meetings(map, traffic);
        dispatcher = new Dispatcher(map, traffic, gates, clearances, timeline, meetings::isComplete);
        rides = new Rides(map, travel, gates);
        stops = new Stops(map, closures);
        placements = new Placements(map, clearances, timeline, this::set);
        for (var topic : TOPICS)
            bus.subscribe("+/+/+/+/" + topic.text(), (name, payload) -> receive(topic, name, payload));
        leases.listen(this::wake);
        timeline.every(TICK, this::step);
        timeline.every(Watch.ASK, this::watch);
    }

    // Vehicles.

    /// Takes a vehicle in. It is given work once a state says at which place it is.
    ///
    /// @throws IllegalArgumentException if there is one of that serial number, or the number cannot stand in a
    ///     topic
    /// @throws IllegalStateException if there are [#MAX_VEHICLES]
    public void enrol(Address address) {
        String serial = checked("serial number", address.serialNumber());
        if (robots.size() >= MAX_VEHICLES)
            throw new IllegalStateException(MAX_VEHICLES + " vehicles are enrolled, no more can be");
        var robot = new Robot(new VehicleLink(address, bus, timeline), timeline.instant());
        if (robots.putIfAbsent(serial, robot) != null)
            throw new IllegalArgumentException("vehicle " + serial + " is enrolled already");
        for (var topic : TOPICS) byTopic.put(address.topic(topic), robot);
        robot.asked(timeline.instant());
        // One a message: vehicles of vda-5050-lib 1.4.0 fail on two that end at once.
        robot.link().instantly(robot.link().instant("stateRequest"));
        robot.link().instantly(robot.link().instant("factsheetRequest"));
        stops.come(robot);
    }

    /// The vehicle is no longer there: the place where it stood is open, and a job that it had begun fails.
    public void withdraw(String serial) {
        var robot = robot(serial);
        placements.withdraw(robot);
        errands.interrupt(robot, Cause.of(Cause.Kind.WITHDRAWN, "it was taken out of the fleet"));
        robot.errand()
                .ifPresent(errand -> errands.end(
                        robot,
                        errand,
                        Status.FAILED,
                        Optional.of(Cause.of(Cause.Kind.WITHDRAWN, "its vehicle was taken out of the fleet"))));
        if (robot.isPlaced()) traffic.leave(robot.number());
        closures.set(serial, List.of());
        gates.leave(serial);
        rides.forget(serial);
        robots.remove(serial);
        byTopic.values().removeIf(one -> one == robot);
        wake();
    }

    private Robot robot(String serial) {
        var robot = robots.get(serial);
        if (robot == null) throw new IllegalArgumentException("no vehicle " + serial + " is enrolled");
        return robot;
    }

    // Jobs.

    /// Takes a job in; it waits for a vehicle.
    ///
    /// @throws IllegalArgumentException if there is a job of that id, or it names a place that is not on the
    ///     map, or an action twice
    /// @throws IllegalStateException if there are [Jobs#MAX_OPEN]
    public void submit(Job job) {
        check(job);
        jobs.add(job, timeline.instant());
        wake();
    }

    /// Takes two jobs in that meet.
    ///
    /// @throws IllegalArgumentException as [#submit(Job)], or if the places where they meet are not side by
    ///     side
    public void submit(Handover handover) {
        check(handover.giving());
        check(handover.taking());
        if (jobs.isKnown(handover.taking().id()))
            throw new IllegalArgumentException(
                    "there is a job " + handover.taking().id());
        meetings.add(handover);
        submit(handover.giving());
        submit(handover.taking());
    }

    private void check(Job job) {
        checked("job", job.id());
        if (job.id().startsWith(Clearances.HOUSE))
            throw new IllegalArgumentException(Clearances.HOUSE + "… names the fleet's own jobs: " + job.id());
        if (jobs.isKnown(job.id())) throw new IllegalArgumentException("there is a job " + job.id());
        var actions = new HashSet<String>();
        for (var stop : job.stops()) {
            map.vertex(stop.place());
            for (var action : stop.actions())
                if (!actions.add(action.actionId()))
                    throw new IllegalArgumentException("action " + action.actionId() + " comes twice in " + job.id());
        }
    }

    private static String checked(String what, String id) {
        if (!ID.matcher(id).matches())
            throw new IllegalArgumentException(what + " \"" + id + "\", must be 1 to 100 of A-Z a-z 0-9 _ . : -");
        return id;
    }

    /// Goes on with what another fleet manager knew of. The vehicle that is at the job has just been enrolled and has
    /// no order; what becomes of the job if it does not answer is as if it was lost.
    ///
    /// @throws IllegalArgumentException as [#submit(Job)]
    /// @throws IllegalStateException as [#submit(Job)]
    public void adopt(Snapshot.Task task) {
        check(task.job());
        var entry = jobs.add(task.job(), task.submitted());
        entry.refusedBy().addAll(task.refusedBy());
        task.vehicle().map(robots::get).ifPresent(robot -> errands.resume(robot, entry, task.stop()));
        wake();
    }

    /// Why a vehicle cannot be told that it is where a [Placement] says; empty if it can.
    ///
    /// @throws IllegalArgumentException as [#submit(Job)], or if the vehicle is not enrolled
    public Optional<String> obstacle(Job placement) {
        check(placement);
        return placements.obstacle(placement, robot(placement.vehicle().orElse("")), robots.values());
    }

    /// Tells a vehicle where it is, as a [Placement] says. An order that it has is cancelled first.
    ///
    /// @throws IllegalArgumentException as [#submit(Job)], or if the vehicle is not enrolled
    /// @throws IllegalStateException if there is an [#obstacle], or there are [Jobs#MAX_OPEN]
    public void locate(Job placement) {
        var obstacle = obstacle(placement);
        if (obstacle.isPresent()) throw new IllegalStateException(obstacle.get());
        placements.begin(robot(placement.vehicle().orElse("")), jobs.add(placement, timeline.instant()));
        wake();
    }

    /// Sends a vehicle to a place, on the fleet's own account, unless it is about something already. A job comes
    /// before that.
    ///
    /// @throws IllegalArgumentException if there is no such vehicle or place
    public void send(String serial, String place) {
        var robot = robot(serial);
        int vertex = map.vertex(place);
        if (robot.errand().isEmpty()) errands.begin(robot, Kind.PARK, vertex, List.of());
        wake();
    }

    /// Calls a job off. A vehicle that is at it stops (`cancelOrder`), with whatever it carries.
    ///
    /// @return whether there was one that was not over
    public boolean cancel(String job) {
        var entry = jobs.open(job).orElse(null);
        if (entry == null) return false;
        for (var robot : robots.values()) {
            var errand = robot.errand().orElse(null);
            if (errand == null || !errand.job().id().equals(job)) continue;
            errands.end(robot, errand, Status.CANCELLED, Optional.empty());
            if (robot.book().hasOrder()) robot.cancelling(true);
        }
        if (jobs.open(job).isPresent()) {
            recall(entry);
            listener.accept(jobs.set(entry, Status.CANCELLED, null, null, timeline.instant()));
        }
        meetings.over(job, false).ifPresent(this::cancel);
        wake();
        return true;
    }

    // Stopping.

    /// Stops every vehicle, at once: the messages are published when this returns. Who is enrolled before
    /// [#resume] of `everything` is stopped too. Any thread.
    ///
    /// @return the serial numbers of those that were told
    public List<String> stop() {
        var stopped = stops.everything(robots.values());
        timeline.post(this::step);
        return stopped;
    }

    /// Stops those in a zone or on a floor, or on their way there, and keeps others out. Any thread.
    ///
    /// @throws IllegalArgumentException if the building has neither
    public List<String> stop(String zone) {
        if (!stops.isKnown(zone)) throw new IllegalArgumentException("no zone or floor " + zone);
        var stopped = stops.in(zone, robots.values());
        timeline.post(() -> {
            stops.close(zone, true);
            step();
        });
        return stopped;
    }

    /// Pauses one vehicle until [#resume] is told the same reason. Any thread.
    public void pause(String serial, String reason) {
        stops.stop(robot(serial), reason);
        timeline.post(this::step);
    }

    /// Lets those go on that stood still for this reason alone: `everything`, a zone or floor, or that of a
    /// pause.
    public void resume(String reason) {
        stops.over(reason, robots.values());
        wake();
    }

    // What comes in, and what follows.

    private void receive(Topic topic, String name, byte[] payload) {
        var robot = byTopic.get(name);
        if (robot == null) {
            strangers++;
            return;
        }
        switch (robot.link().receive(topic, payload).orElse(null)) {
            case State state -> intake.take(robot, state);
            case Connection said -> intake.take(robot, said);
            case Visualization seen -> {
                if (!intake.take(robot, seen)) return;
            }
            case null, default -> {
                return;
            }
        }
        wake();
    }

    private void watch() {
        boolean changed = false;
        for (var robot : robots.values()) changed |= watch.look(robot);
        if (changed) wake();
    }

    /// Soon, and together with what else happens until then.
    private void wake() {
        if (woken) return;
        woken = true;
        timeline.after(GATHER, () -> {
            woken = false;
            step();
        });
    }

    private void step() {
        var now = timeline.instant();
        for (var robot : robots.values()) {
            placements.look(robot);
            if (!robot.isPlaced()) continue;
            meetings.look(robot, now);
            errands.settle(robot);
        }
        if (robots.values().stream().noneMatch(robot -> isAwaited(robot, now))) {
            var waiting = jobs.open().stream()
                    .filter(entry -> entry.status() == Status.WAITING && !meetings.isEarly(entry.job(), jobs))
                    .toList();
            for (var pair : allocation.decide(List.copyOf(robots.values()), waiting, now))
                errands.begin(pair.robot(), pair.entry());
            if (!now.isBefore(tidied.plus(TICK))) {
                tidied = now;
                housekeeping.tidy(robots.values(), now);
            }
        }
        for (var robot : robots.values()) {
            if (robot.isPlaced()) steer(robot);
            else closures.set(robot.serial(), robot.suspected() < 0 ? List.of() : List.of(robot.suspected()));
        }
        traffic.plan();
        for (var robot : robots.values()) {
            if (!robot.isPlaced()) continue;
            housekeeping.giveWay(robot, now);
            errands.planned(robot);
            hold(robot);
            gates.keep(robot.serial(), way(robot));
            dispatcher.dispatch(robot);
            robot.remember();
        }
    }

    /// Nobody sets out while a vehicle may stand anywhere.
    private static boolean isAwaited(Robot robot, Instant now) {
        return robot.link().told().isEmpty() && now.isBefore(robot.enrolled().plus(ROLL_CALL));
    }

    private void steer(Robot robot) {
        hold(robot);
        var errand = robot.errand().filter(one -> one.kind() != Kind.YIELD).orElse(null);
        var permissions =
                errand == null ? Set.<String>of() : Set.copyOf(errand.job().permissions());
        int lift = rides.awaited(robot);
        if (lift >= 0 && robot.book().base().stream().anyMatch(step -> step.vertex() == lift)) {
            // What was released is driven; until it is in the lift, it claims no way out of it.
            traffic.goal(robot.number(), lift, 1, permissions);
            return;
        }
        int goal = errand == null ? -1 : rides.via(robot, errand.goal(), permissions);
        // A lift that it wants no longer is not entered.
        if (lift >= 0 && goal != lift && (robot.book().hasOrder() || robot.isOn(map.place(robot.at()))))
            traffic.forget(robot.number(), robot.book().released());
        if (errand == null) {
            rides.forget(robot.serial());
            traffic.goal(robot.number(), -1, 0, Set.of());
            return;
        }
        // Who is in a dead end has to come out before anybody can go in.
        long urgency =
                (errand.kind() == Kind.PARK ? 0L : 1L + errand.job().priority()) + (isDeadEnd(robot.at()) ? 100 : 0);
        traffic.goal(robot.number(), goal, urgency, permissions);
    }

    /// Where it is and all that is committed for it.
    private List<Integer> way(Robot robot) {
        var way = new ArrayList<>(List.of(robot.at()));
        for (var passage : traffic.committed(robot.number())) way.add(passage.vertex());
        return way;
    }

    private boolean isDeadEnd(int vertex) {
        return map.out(vertex).size() <= 1;
    }

    /// Who is at a stop, charges, or cannot be ordered about, is not moved by the planner.
    private void hold(Robot robot) {
        boolean busy = robot.errand().map(errand -> isAtStop(robot, errand)).orElse(robot.isCharging());
        boolean held = busy || !robot.isReady() || robot.isCancelling();
        if (held != robot.isHeld()) {
            robot.hold(held);
            traffic.hold(robot.number(), held);
        }
        // Who may not come for long is not to be waited for: others are sent round where it is and may yet go.
        boolean between = !robot.book().hasOrder() && !robot.isOn(map.place(robot.at()));
        if (!robot.isReady())
            traffic.forget(
                    robot.number(), between ? robot.reserved() : robot.book().released());
        closures.set(robot.serial(), robot.isReady() ? List.of() : robot.ahead());
    }

    private boolean isAtStop(Robot robot, Errand errand) {
        return switch (errand.phase()) {
            case GOING -> false;
            case PLANNED -> traffic.committed(robot.number()).isEmpty();
            case ACTING -> true;
        };
    }

    private void set(Jobs.Entry entry, Status status, Robot robot, Optional<Cause> reason) {
        String id = entry.job().id();
        if (status.isOver()) recall(entry);
        listener.accept(jobs.set(entry, status, robot.serial(), reason.orElse(null), timeline.instant()));
        if (status == Status.WAITING) meetings.left(id);
        else if (status.isOver()) meetings.over(id, status == Status.DONE).ifPresent(this::cancel);
    }

    private void recall(Jobs.Entry entry) {
        for (var robot : robots.values()) errands.recall(robot, entry.job());
    }

    // What can be seen.

    /// Who waits for whom.
    RoadTraffic traffic() {
        return traffic;
    }

    /// The fleet as it is now.
    public FleetView view() {
        var seen = new ArrayList<FleetView.RobotView>();
        for (var robot : robots.values()) seen.add(view(robot));
        var known = new ArrayList<JobView>();
        for (var entry : jobs.open()) known.add(entry.view());
        for (var entry : jobs.over()) known.add(entry.view());
        return new FleetView(timeline.instant(), seen, known, strangers);
    }

    /// All that is known now.
    public Snapshot snapshot() {
        var vehicles = new ArrayList<Snapshot.Vehicle>();
        var busy = new HashMap<String, Robot>();
        for (var robot : robots.values()) {
            vehicles.add(new Snapshot.Vehicle(
                    robot.link().address(),
                    robot.condition(),
                    robot.isReady(),
                    near(robot).map(vertex -> map.place(vertex).id()),
                    towards(robot).map(vertex -> map.place(vertex).id()),
                    robot.link().state(),
                    robot.link().factsheet()));
            robot.errand().ifPresent(errand -> busy.put(errand.job().id(), robot));
        }
        var tasks = new ArrayList<Snapshot.Task>();
        for (var entry : jobs.open()) {
            if (Placement.is(entry.job())) continue;
            var robot = busy.get(entry.job().id());
            var errand = robot == null ? null : robot.errand().orElse(null);
            if (errand != null && errand.isDone()) continue;
            tasks.add(new Snapshot.Task(
                    errand == null ? entry.job() : errand.left(),
                    entry.submitted(),
                    Optional.ofNullable(robot).map(Robot::serial),
                    errand == null ? 0 : errand.stop(),
                    entry.refusedBy()));
        }
        return new Snapshot(timeline.instant(), vehicles, tasks, stops.closed());
    }

    /// A vertex that is a vehicle's alone: where it is, or the next that was released to it, if it is nearer to that.
    private Optional<Integer> near(Robot robot) {
        if (!robot.isPlaced()) return Optional.empty();
        var base = robot.book().base();
        if (base.isEmpty()) return Optional.of(robot.at());
        int next = base.getFirst().vertex();
        return Optional.of(robot.distance(map.place(next)) < robot.distance(map.place(robot.at())) ? next : robot.at());
    }

    private static Optional<Integer> towards(Robot robot) {
        var base = robot.book().base();
        boolean busy =
                robot.errand().filter(errand -> errand.kind() == Kind.JOB).isPresent();
        return base.isEmpty() || busy
                ? Optional.empty()
                : Optional.of(base.getLast().vertex());
    }

    private FleetView.RobotView view(Robot robot) {
        var state = robot.link().state();
        var position = state.map(State::mobileRobotPosition);
        var refused = new HashMap<String, Long>();
        robot.link().refusals().counts().forEach((reason, count) -> refused.put(reason.name(), count));
        return new FleetView.RobotView(
                robot.serial(),
                robot.condition(),
                position.map(State.Position::mapId),
                position.map(State.Position::x).orElse(0.0),
                position.map(State.Position::y).orElse(0.0),
                position.map(State.Position::theta).orElse(0.0),
                robot.isPlaced() ? Optional.of(map.place(robot.at()).id()) : Optional.empty(),
                robot.book().base().stream().map(OrderBook.Step::nodeId).toList(),
                robot.errand().filter(errand -> !errand.isDone()).map(errand -> map.place(errand.goal())
                        .id()),
                robot.errand().map(errand -> errand.job().id()),
                robot.charge(),
                robot.isCharging(),
                state.map(State::driving).orElse(false),
                List.copyOf(robot.stops()),
                robot.needs(),
                refused);
    }
}
