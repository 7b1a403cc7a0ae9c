package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.twin.Motion.Ride;
import org.diwan.robots.twin.Motion.Still;
import org.diwan.robots.twin.Motion.Turn;
import org.diwan.robots.twin.Profile.Stretch;
import org.diwan.robots.twin.Route.Passing;
import org.diwan.robots.vda5050.Abilities;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.ErrorLog;
import org.diwan.robots.vda5050.ErrorLog.Until;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Rejection;
import org.diwan.robots.vda5050.Responses;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.Info;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.StateReport;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Vehicle;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.Visualization;
import org.diwan.robots.vda5050.ZoneSet;
import org.jspecify.annotations.Nullable;

/// A vehicle of VDA 5050 as the bus sees it: takes orders, drives, acts, reports. It runs on the timeline's thread.
///
/// It rides straight from node to node, by the `nodePosition`s of its order, turns on the spot, passes released nodes
/// without stopping, and stands at the end of its base. Where two nodes of an order that follow each other are on
/// different maps, a lift has carried it: it re-initialises its position on the map of the second before it
/// leaves the first. So the node of a cabin carries the mapId of the floor from which it was entered, and the landing
/// after it that of the other floor.
public final class SimulatedVehicle implements AutoCloseable {
    /// A state is sent at least that often (§6.6).
    public static final Duration STATE_PERIOD = Duration.ofSeconds(30);

    /// Without a deviation in the order a vehicle counts as on a node within that many metres.
    public static final double ON_NODE = 0.25;

    /// Coordinates beyond are out of reach, metres.
    public static final double FARTHEST = 1e6;

    /// Below this part of the charge it drives no more.
    private static final double EMPTY = 0.01;

    private static final double LOW = 0.2;

    private final Address address;
    private final VehicleType type;
    private final Site site;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Wire wire;
    private final StateReport report;
    private final Battery battery;
    private final Activities activities;
    private final ErrorLog errors = new ErrorLog();
    private final List<State.Load> loads = new ArrayList<>();
    private final List<Info> information = new ArrayList<>();
    private final Set<String> broken = new TreeSet<>();
    private Vehicle vehicle;
    private Admission admission = Admission.ALL;
    private String nodeId;
    private Motion motion;
    private double odometer;
    private final List<Passing> ahead = new ArrayList<>();
    private @Nullable Long goal;
    private boolean braking;
    private Order.@Nullable Node aligning;
    private Timeline.Scheduled coming = () -> {};
    private Timeline.Scheduled beating = () -> {};
    private Timeline.Scheduled showing = () -> {};
    private boolean dirty;
    private Instant sent;
    private boolean localized = true;
    private boolean emergency;
    private boolean obstacle;

    /// Online at once, standing at `pose` on the node `nodeId` (empty: on none), with a full battery.
    public SimulatedVehicle(
            Address address,
            VehicleType type,
            Site site,
            Pose pose,
            String nodeId,
            Bus bus,
            Timeline timeline,
            long seed) {
        this.address = address;
        this.type = type;
        this.site = site;
        this.timeline = timeline;
        this.nodeId = nodeId;
        random = new SplittableRandom(seed);
        motion = new Still(pose);
        sent = timeline.instant();
        battery = new Battery(type, 1, sent);
        report = new StateReport(address.version());
        vehicle = new Vehicle(new Body());
        activities = new Activities(timeline, this::ended, this::react);
        wire = new Wire(address, bus, timeline, random.split(), new Ear());
        wire.open();
        connection(ConnectionState.ONLINE);
        factsheet();
        flush();
        beat();
    }

    // What the world sees.

    /// Where it is spoken to.
    public Address address() {
        return address;
    }

    /// What kind it is.
    public VehicleType type() {
        return type;
    }

    /// Where it is now.
    public Pose pose() {
        return motion.pose(timeline.instant());
    }

    /// Metres per second, now.
    public double speed() {
        return motion.speed(timeline.instant());
    }

    /// Metres driven so far.
    public double odometer() {
        return odometer + motion.way(timeline.instant());
    }

    /// What is left in the battery, 0 to 1.
    public double charge() {
        battery.advance(timeline.instant(), odometer());
        return battery.part();
    }

    /// Its side of the order, to be looked at.
    public Vehicle vehicle() {
        return vehicle;
    }

    // What the world does to it.

    /// From now on every message is put to `next` before it is taken.
    public void admission(Admission next) {
        admission = next;
    }

    /// Sets the charge, 0 to 1.
    public void charge(double part) {
        battery.advance(timeline.instant(), odometer());
        battery.use((battery.part() - part) * type.capacityWh());
        react();
    }

    /// Something stands in its way, or no longer: it stops, reports, and goes on.
    public void obstacle(boolean is) {
        obstacle = is;
        condition(is, "OBSTACLE", ErrorLevel.WARNING, "something is in the way");
        react();
    }

    /// The button is pressed, or released.
    public void emergencyStop(boolean is) {
        emergency = is;
        react();
    }

    /// It no longer knows where it is, or does again; `initializePosition` helps too.
    public void localized(boolean is) {
        localized = is;
        condition(!is, "LOCALIZATION_ERROR", ErrorLevel.FATAL, "it does not know where it is");
        react();
    }

    /// The next action of that type fails.
    public void breakNext(String actionType) {
        broken.add(actionType);
    }

    /// So many in one of its messages, either way, are lost from now on; 0 to 1. What is retained passes.
    public void radio(double loss) {
        wire.loss(loss);
    }

    /// Says goodbye and is no longer there.
    @Override
    public void close() {
        connection(ConnectionState.OFFLINE);
        stopAll();
    }

    private void stopAll() {
        wire.close();
        activities.clear();
        coming.cancel();
        beating.cancel();
        showing.cancel();
    }

    // What it hears.

    private final class Ear implements Wire.Listener {
        @Override
        public void heard(Topic topic, byte[] payload, Message message, long lost) {
            if (lost > 0)
                note(
                        "MESSAGES_LOST",
                        topic.text(),
                        lost + " before number " + message.header().headerId());
            var refusal = admission.refuse(topic, payload, message);
            refusal.ifPresent(why -> refused(
                    topic,
                    Fault.of(
                            Admission.NO_CLEARANCE,
                            ErrorLevel.WARNING,
                            why,
                            new Reference("topic", topic.text()),
                            new Reference(
                                    "headerId", Long.toString(message.header().headerId())))));
            switch (message) {
                case Order order -> {
                    if (refusal.isEmpty()) take(order);
                }
                case InstantActions actions -> take(actions, refusal.isPresent());
                case ZoneSet _, Responses _ -> {}
                case State _, Connection _, Visualization _, Factsheet _ ->
                    throw new AssertionError("nobody listens on " + topic);
            }
            react();
        }

        @Override
        public void refused(Topic topic, Fault fault) {
            errors.refuse(fault, topic == Topic.ORDER ? Until.ORDER : Until.INSTANT_ACTION);
            report();
        }
    }

    private void take(Order order) {
        var rejection = vehicle.receive(order);
        if (rejection.isEmpty()) {
            errors.over(Until.ORDER);
            return;
        }
        boolean mode = rejection.get() instanceof Rejection.NotAvailable;
        errors.refuse(rejection.get().fault(order), mode ? Until.MODE : Until.ORDER);
    }

    private void take(InstantActions actions, boolean refused) {
        for (var action : actions.actions()) {
            if (vehicle.knowsInstant(action.actionId())) continue;
            boolean safe = action.actionType().equals("cancelOrder")
                    || action.actionType().equals("startPause");
            if (refused && !safe) vehicle.report(action, ActionStatus.FAILED, Admission.NO_CLEARANCE);
            else take(action);
        }
    }

    private void take(Action action) {
        if (Vehicle.OWN_ACTIONS.contains(action.actionType())) {
            wrong(action, vehicle.receive(action));
            return;
        }
        boolean done =
                switch (action.actionType()) {
                    case "startCharging" -> plug(true);
                    case "stopCharging" -> plug(false);
                    case "stateRequest" -> true;
                    case "factsheetRequest" -> {
                        factsheet();
                        yield true;
                    }
                    case "trigger" -> activities.trigger();
                    case "initializePosition", "initPosition" -> initialize(action);
                    default -> false;
                };
        vehicle.report(action, done ? ActionStatus.FINISHED : ActionStatus.FAILED, null);
        wrong(action, done ? Optional.empty() : Optional.of("INVALID_INSTANT_ACTION"));
    }

    private void wrong(Action action, Optional<String> errorType) {
        if (errorType.isEmpty()) {
            errors.over(Until.INSTANT_ACTION);
            return;
        }
        var until = errorType.get().equals("NO_ORDER_TO_CANCEL") ? Until.ORDER : Until.INSTANT_ACTION;
        errors.refuse(
                Fault.of(
                        errorType.get(),
                        ErrorLevel.WARNING,
                        action.actionType(),
                        new Reference("actionId", action.actionId())),
                until);
    }

    private boolean plug(boolean in) {
        boolean there = !in || site.chargers().isEmpty() || site.chargers().contains(nodeId);
        if (!there || !(motion instanceof Still)) return false;
        battery.advance(timeline.instant(), odometer());
        battery.charging(in);
        return true;
    }

    private boolean initialize(Action action) {
        if (!(motion instanceof Still) || !vehicle.isIdle()) return false;
        try {
            var pose =
                    new Pose(number(action, "x"), number(action, "y"), number(action, "theta"), text(action, "mapId"));
            if (!site.maps().contains(pose.mapId())) return false;
            motion = new Still(pose);
            nodeId = text(action, "lastNodeId");
        } catch (IllegalArgumentException e) {
            return false;
        }
        localized = true;
        errors.clear("LOCALIZATION_ERROR");
        return true;
    }

    private static double number(Action action, String key) {
        double value = Double.parseDouble(text(action, key));
        if (!(Math.abs(value) <= FARTHEST)) throw new IllegalArgumentException(key + " is " + value);
        return value;
    }

    private static String text(Action action, String key) {
        return Vehicle.argument(action, key).orElseThrow(() -> new IllegalArgumentException("no " + key));
    }

    // What it can do.

    private final class Body implements Abilities {
        @Override
        public boolean isOn(Order.Node node) {
            var at = node.nodePosition();
            if (at == null) return node.nodeId().equals(nodeId);
            var pose = pose();
            if (!at.mapId().equals(pose.mapId())) return false;
            var deviation = at.allowedDeviationXY();
            double wide = deviation == null ? ON_NODE : Math.max(ON_NODE, Math.max(deviation.a(), deviation.b()));
            return pose.distance(at.x(), at.y()) <= wide;
        }

        @Override
        public boolean reaches(Order.Edge edge, Order.Node node) {
            var at = node.nodePosition();
            return at != null && Math.abs(at.x()) <= FARTHEST && Math.abs(at.y()) <= FARTHEST;
        }

        @Override
        public boolean knows(String mapId) {
            return site.maps().contains(mapId);
        }

        @Override
        public Optional<String> unsupported(Order order) {
            for (var edge : order.edges()) {
                if (edge.trajectory() != null) return Optional.of("order.edges.trajectory");
                if (edge.corridor() != null) return Optional.of("order.edges.corridor");
                if (edge.orientation() != null) return Optional.of("order.edges.orientation");
                if (edge.direction() != null) return Optional.of("order.edges.direction");
                var speed = edge.maximumSpeed();
                if (speed != null && speed <= 0) return Optional.of("order.edges.maximumSpeed");
            }
            return Optional.empty();
        }

        @Override
        public boolean can(Action action) {
            return type.skills().containsKey(action.actionType()) && seconds(action) >= 0;
        }

        @Override
        public boolean pauses(String actionType) {
            var skill = type.skills().get(actionType);
            return skill != null && skill.pauses();
        }

        @Override
        public boolean cancels(String actionType) {
            var skill = type.skills().get(actionType);
            return skill != null && skill.cancels();
        }

        @Override
        public boolean prepares(String actionType) {
            var skill = type.skills().get(actionType);
            return skill != null && skill.preparation() > 0;
        }
    }

    /// How long `action` takes this time; negative if its arguments are wrong.
    private double seconds(Action action) {
        var skill = type.skills().get(action.actionType());
        if (skill == null) return -1;
        if (action.actionType().equals("waitForTrigger")) return Double.POSITIVE_INFINITY;
        if (!action.actionType().equals(Skill.WAIT))
            return skill.least() + random.nextDouble() * (skill.most() - skill.least());
        try {
            double seconds = Double.parseDouble(text(action, Skill.SECONDS));
            return seconds >= 0 && seconds <= Skill.MAX_SECONDS ? seconds : -1;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    // What it does.

    /// After anything that happened: actions begin, pause and end, it drives or stands, and says so.
    private void react() {
        activities.follow(vehicle);
        watchBattery();
        for (var action : vehicle.start()) begin(action);
        move();
        report();
    }

    private void begin(Action action) {
        var skill = type.skills().get(action.actionType());
        double preparation = skill == null ? 0 : skill.preparation();
        activities.begin(vehicle, action, preparation, Math.max(0, seconds(action)));
    }

    private void ended(Action action, boolean triggered) {
        var skill = type.skills().get(action.actionType());
        boolean fails = broken.remove(action.actionType())
                || (skill != null && skill.failure() > 0 && random.nextDouble() < skill.failure());
        battery.use(skill == null ? 0 : skill.wattHours());
        boolean success = !fails && effect(action);
        vehicle.end(action.actionId(), success);
        if (!success)
            errors.refuse(
                    Fault.of(
                            "ACTION_FAILED",
                            ErrorLevel.WARNING,
                            action.actionType(),
                            new Reference("actionId", action.actionId())),
                    Until.ORDER);
        react();
    }

    private boolean effect(Action action) {
        return switch (action.actionType()) {
            case "pick" -> pick(action);
            case "drop" -> drop(action);
            case "startCharging" -> plug(true);
            case "stopCharging" -> plug(false);
            default -> true;
        };
    }

    private boolean pick(Action action) {
        String id = Vehicle.argument(action, "loadId").orElse(action.actionId());
        double weight;
        try {
            weight = Double.parseDouble(Vehicle.argument(action, "weight").orElse("0"));
        } catch (NumberFormatException e) {
            return false;
        }
        double carried = 0;
        for (var load : loads) carried += load.weight() == null ? 0 : load.weight();
        if (!(weight >= 0 && carried + weight <= type.capacity())) return false;
        loads.add(new State.Load(id, Vehicle.argument(action, "loadType").orElse(null), null, null, null, weight));
        return true;
    }

    private boolean drop(Action action) {
        var id = Vehicle.argument(action, "loadId");
        for (int i = 0; i < loads.size(); i++) {
            if (id.isPresent() && !id.get().equals(loads.get(i).loadId())) continue;
            loads.remove(i);
            return true;
        }
        return false;
    }

    private void watchBattery() {
        battery.advance(timeline.instant(), odometer());
        double part = battery.part();
        condition(part <= EMPTY, "BATTERY_EMPTY", ErrorLevel.FATAL, "it cannot drive");
        condition(part > EMPTY && part <= LOW, "BATTERY_LOW", ErrorLevel.URGENT, "below a fifth");
    }

    private boolean able() {
        return localized && !emergency && !obstacle && battery.part() > EMPTY;
    }

    private void move() {
        var now = timeline.instant();
        boolean may = able() && vehicle.mayDrive();
        if (aligning != null && !isNext(aligning.sequenceId())) aligning = null;
        if (motion instanceof Still still) {
            if (may && aligning != null) turn(now, still.pose(), bend(aligning, still.pose()));
            else if (may) setOff(now, still.pose());
            else if (vehicle.isDriving()) vehicle.halt();
        } else if (!may) {
            if (!braking) brake(now);
        } else if (motion instanceof Ride ride) {
            extend(now, ride);
        }
    }

    private boolean isNext(long sequenceId) {
        var nodes = vehicle.nodes();
        return !nodes.isEmpty() && nodes.getFirst().sequenceId() == sequenceId;
    }

    private void setOff(Instant now, Pose pose) {
        vehicle.drive();
        for (var action : vehicle.start()) begin(action);
        if (!vehicle.mayDrive()) {
            vehicle.halt();
            return;
        }
        if (battery.isCharging()) plug(false);
        var next = vehicle.nodes().getFirst().nodePosition();
        if (next == null) throw new AssertionError("an order without positions was taken");
        var here = new Pose(pose.x(), pose.y(), pose.theta(), next.mapId());
        motion = new Still(here);
        var route = route(here, false);
        if (route.legs().isEmpty()) turn(now, here, route.turn());
        else ride(now, route, 0);
    }

    private void extend(Instant now, Ride ride) {
        var route = route(ride.pose(now), true);
        if (!route.nodes().isEmpty()
                && (braking
                        || !Long.valueOf(route.nodes().getLast().sequenceId()).equals(goal)))
            ride(now, route, ride.speed(now));
    }

    private Route route(Pose pose, boolean moving) {
        return Route.ahead(pose, moving, vehicle.nodes(), vehicle.edges(), type.speed());
    }

    private void ride(Instant now, Route route, double speed) {
        odometer += motion.way(now);
        String map = motion.pose(now).mapId();
        var profile = Profile.along(speed, route.stretches(), type.acceleration(), type.deceleration());
        motion = new Ride(now, route.legs(), map, profile);
        ahead.clear();
        ahead.addAll(route.nodes());
        goal = route.nodes().getLast().sequenceId();
        braking = false;
        next(now);
    }

    private void turn(Instant now, Pose pose, double by) {
        var profile = Profile.along(
                0,
                List.of(new Stretch(Math.abs(by), type.turning())),
                type.turningAcceleration(),
                type.turningAcceleration());
        motion = new Turn(now, pose, Math.signum(by), profile);
        ahead.clear();
        braking = false;
        next(now);
    }

    private static double bend(Order.Node node, Pose pose) {
        var at = node.nodePosition();
        return at == null || at.theta() == null ? 0 : Pose.wrap(at.theta() - pose.theta());
    }

    private void brake(Instant now) {
        braking = true;
        double hard = emergency ? type.stopping() : type.deceleration();
        switch (motion) {
            case Still _ -> {}
            case Turn turn ->
                motion = new Turn(
                        now,
                        turn.pose(now),
                        turn.sign(),
                        Profile.braking(Math.abs(turn.omega(now)), type.turningAcceleration()));
            case Ride ride -> {
                double gone = ride.way(now);
                odometer += gone;
                motion = new Ride(
                        now, Route.rest(ride.legs(), gone), ride.mapId(), Profile.braking(ride.speed(now), hard));
                ahead.replaceAll(passing -> new Passing(passing.way() - gone, passing.sequenceId()));
            }
        }
        next(now);
    }

    /// Waits for the next node on the way, or the end of the movement.
    private void next(Instant now) {
        coming.cancel();
        double until =
                switch (motion) {
                    case Still _ -> throw new AssertionError("nothing comes of standing");
                    case Turn turn -> turn.profile().duration();
                    case Ride ride -> {
                        var profile = ride.profile();
                        boolean on = !ahead.isEmpty() && ahead.getFirst().way() < profile.length() - NEAR;
                        yield on ? profile.time(ahead.getFirst().way()) : profile.duration();
                    }
                };
        var start =
                switch (motion) {
                    case Still _ -> now;
                    case Turn turn -> turn.start();
                    case Ride ride -> ride.start();
                };
        var due = Motion.duration(until).minus(Duration.between(start, now));
        coming = timeline.after(due.isNegative() ? Duration.ZERO : due, this::reached);
    }

    /// Metres that are nothing.
    private static final double NEAR = 1e-6;

    private void reached() {
        var now = timeline.instant();
        double way = motion.way(now);
        boolean over =
                switch (motion) {
                    case Still _ -> true;
                    case Turn turn ->
                        Motion.seconds(turn.start(), now) >= turn.profile().duration();
                    case Ride ride ->
                        Motion.seconds(ride.start(), now) >= ride.profile().duration();
                };
        if (over) {
            odometer += way;
            motion = new Still(motion.pose(now));
            goal = null;
            braking = false;
        }
        if (over && aligning != null && isNext(aligning.sequenceId()) && !Route.misses(aligning, pose().theta())) {
            arrive(aligning);
            aligning = null;
        }
        while (!ahead.isEmpty() && ahead.getFirst().way() <= way + NEAR)
            pass(ahead.removeFirst().sequenceId());
        if (over) ahead.clear();
        else next(now);
        react();
    }

    /// A cancelled order has no nodes any more: then nothing is passed.
    private void pass(long sequenceId) {
        if (!isNext(sequenceId)) return;
        var node = vehicle.nodes().getFirst();
        if (motion instanceof Still still && Route.misses(node, still.pose().theta())) aligning = node;
        else arrive(node);
    }

    private void arrive(Order.Node node) {
        vehicle.roll();
        vehicle.arrive();
        nodeId = node.nodeId();
        if (motion instanceof Ride && able() && vehicle.mayDrive()) vehicle.drive();
    }

    // What it says.

    private void condition(boolean is, String errorType, ErrorLevel level, String description) {
        if (is) errors.raise(errorType, Fault.of(errorType, level, description));
        else errors.clear(errorType);
    }

    private void note(String infoType, String about, String text) {
        information.removeIf(info -> info.infoType().equals(infoType));
        information.add(new Info(infoType, List.of(new Reference("topic", about)), text, State.InfoLevel.DEBUG));
    }

    /// A state follows once all that happens at this instant is over.
    private void report() {
        if (dirty) return;
        dirty = true;
        timeline.post(this::flush);
    }

    private void flush() {
        dirty = false;
        sent = timeline.instant();
        battery.advance(sent, odometer());
        wire.send(Topic.STATE, false, header -> report.of(header, vehicle, body(sent)));
    }

    private void beat() {
        var quiet = Duration.between(sent, timeline.instant());
        if (quiet.compareTo(STATE_PERIOD) >= 0) {
            watchBattery();
            if (!able()) move();
            flush();
            quiet = Duration.ZERO;
        }
        beating = timeline.after(STATE_PERIOD.minus(quiet), this::beat);
    }

    private StateReport.Body body(Instant now) {
        var pose = motion.pose(now);
        double part = battery.part();
        return new StateReport.Body(
                nodeId,
                vehicle.isDriving() || !(motion instanceof Still),
                runsShort(now),
                position(pose),
                velocity(now),
                loads,
                new State.PowerSupply(
                        part * 100,
                        null,
                        null,
                        null,
                        battery.isCharging(),
                        Math.rint(part * type.capacityWh() / type.whPerMetre())),
                new State.SafetyState(emergency ? State.EmergencyStop.MANUAL : State.EmergencyStop.NONE, obstacle),
                errors.faults(),
                information,
                site.maps().stream()
                        .sorted()
                        .map(map -> new State.MapEntry(map, "1", null, State.Use.ENABLED))
                        .toList(),
                List.of(),
                List.of());
    }

    private State.Position position(Pose pose) {
        return new State.Position(pose.x(), pose.y(), pose.theta(), pose.mapId(), localized, null, null);
    }

    private State.Velocity velocity(Instant now) {
        return new State.Velocity(motion.speed(now), 0.0, motion.omega(now));
    }

    /// The base ends so near that it has to brake within a second, and there is a horizon (§6.6.3).
    private boolean runsShort(Instant now) {
        var nodes = vehicle.nodes();
        if (nodes.isEmpty() || nodes.getLast().released()) return false;
        if (!(motion instanceof Ride ride)) return !nodes.getFirst().released();
        double rest = ride.profile().length() - ride.way(now);
        double speed = type.speed();
        boolean last = nodes.stream().filter(Order.Node::released).count() <= ahead.size();
        return last && rest <= speed * speed / (2 * type.deceleration()) + speed;
    }

    private void connection(ConnectionState state) {
        wire.send(Topic.CONNECTION, true, header -> new Connection(header, state));
    }

    private void factsheet() {
        wire.send(Topic.FACTSHEET, true, header -> type.factsheet(address.version(), header, INSTANT));
    }

    private static final Set<String> INSTANT = Set.of(
            "cancelOrder",
            "startPause",
            "stopPause",
            "startCharging",
            "stopCharging",
            "stateRequest",
            "factsheetRequest");

    /// Says where it is every `period` while it moves, on the topic `visualization`.
    public void visualize(Duration period) {
        showing.cancel();
        showing = timeline.every(period, () -> {
            if (motion instanceof Still) return;
            var now = timeline.instant();
            Long state = address.version() == Version.V3_0 ? (Long) wire.last(Topic.STATE) : null;
            wire.send(
                    Topic.VISUALIZATION,
                    false,
                    header -> new Visualization(header, state, null, null, position(motion.pose(now)), velocity(now)));
        });
    }
}
