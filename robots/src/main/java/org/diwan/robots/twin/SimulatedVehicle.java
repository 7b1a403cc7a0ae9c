package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.ErrorLog;
import org.diwan.robots.vda5050.ErrorLog.Until;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Factsheet.Scope;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Maps;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Outbox;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.Rejection;
import org.diwan.robots.vda5050.Responses;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Vehicle;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.Visualization;
import org.diwan.robots.vda5050.ZoneSet;

/// A vehicle of VDA 5050 as the bus sees it: takes orders, drives, acts, reports. It runs on the timeline's thread.
///
/// It rides from node to node, by the `nodePosition`s of its order, straight or along the trajectory of the edge
/// ([Course]), turns on the spot, passes released nodes without stopping, and stands at the end of its base. Where
/// two nodes of an order that follow each other are on different maps, a lift has carried it: it re-initialises its
/// position on the map of the second before it leaves the first. So the node of a cabin carries the mapId of the
/// floor from which it was entered, and the landing after it that of the other floor.
///
/// In a private area of its [Site] its cameras are off, which it says by an entry of type [#CAMERAS_OFF] in
/// `information` that names the area.
public final class SimulatedVehicle implements AutoCloseable {
    /// Without a deviation in the order a vehicle counts as on a node within that many metres.
    public static final double ON_NODE = 0.25;

    /// Coordinates beyond are out of reach, metres.
    public static final double FARTHEST = 1e6;

    /// The type of the information that names a private area.
    public static final String CAMERAS_OFF = "CAMERAS_OFF";

    /// After a restart it is in `STARTUP` for so long.
    public static final Duration STARTUP = Duration.ofSeconds(10);

    /// A broker notices within that time that a vehicle is gone.
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final Address address;
    private final VehicleType type;
    private final Site site;
    private final Bus bus;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Wire wire;
    private final Self self = new Self();
    private final Voice voice;
    private final Sleep sleep;
    private final Complaints complaints;
    private final Battery battery;
    private final Activities activities;
    private final Drive drive;
    private final Pilot pilot;
    private final Capabilities capabilities;
    private final Surroundings surroundings;
    private final Desk desk;
    private final Maps maps;
    private final Cargo cargo;
    private final ErrorLog errors = new ErrorLog();
    private final Set<String> broken = new TreeSet<>();
    private final ZoneActions zoneActions = new ZoneActions();
    private Vehicle vehicle;
    private Admission admission = Admission.ALL;
    private String nodeId;
    private double passedAt;
    private Timeline.Scheduled lease = () -> {};
    private boolean on = true;
    private boolean localized = true;
    private boolean emergency;
    private boolean obstacle;
    private boolean givenUp;
    private int restarts;

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
        this(address, type, Optional.of(Sheet.of(type, address)), site, pose, nodeId, bus, timeline, seed);
    }

    /// One that says `sheet` of itself, or nothing.
    public SimulatedVehicle(
            Address address,
            VehicleType type,
            Optional<Factsheet> sheet,
            Site site,
            Pose pose,
            String nodeId,
            Bus bus,
            Timeline timeline,
            long seed) {
        this.address = address;
        this.type = type;
        this.site = site;
        this.bus = bus;
        this.timeline = timeline;
        this.nodeId = nodeId;
        random = new SplittableRandom(seed);
        battery = new Battery(type, 1, timeline.instant());
        surroundings = new Surroundings(type, site);
        maps = new Maps(site.maps());
        cargo = new Cargo(type.capacity());
        activities = new Activities(timeline, this::ended, this::react);
        desk = new Desk(address.version(), timeline, new Hands(), errors, maps, surroundings);
        pilot = new Pilot(
                type, this::vehicle, surroundings, new Crew(), listener -> new Drive(timeline, type, pose, listener));
        drive = pilot.drive();
        capabilities = new Capabilities(type, drive::pose, () -> this.nodeId, maps::isEnabled, desk::isOnNode);
        vehicle = new Vehicle(capabilities);
        wire = new Wire(address, bus, timeline, random.split(), new Ear());
        var parts = new Voice.Parts(drive, pilot, battery, cargo, maps, surroundings, errors);
        voice = new Voice(address, type, sheet, timeline, wire, self, parts);
        sleep = new Sleep(timeline, this::vehicle, drive, surroundings, voice);
        complaints = new Complaints(address.version(), errors, surroundings);
        wire.open();
        voice.connection(ConnectionState.ONLINE);
        voice.factsheet();
        react();
        voice.beat();
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
        return drive.pose();
    }

    /// Metres per second, now.
    public double speed() {
        return drive.speed();
    }

    /// Metres driven so far.
    public double odometer() {
        return drive.odometer();
    }

    /// What is left in the battery, 0 to 1.
    public double charge() {
        battery.advance(timeline.instant(), drive.odometer());
        return battery.part();
    }

    /// Its side of the order, to be looked at.
    public Vehicle vehicle() {
        return vehicle;
    }

    /// The private areas that it is in, where its cameras are off.
    public List<String> privacy() {
        return surroundings.privacy();
    }

    // What the world does to it.

    /// From now on every message is put to `next` before it is taken.
    public void admission(Admission next) {
        admission = next;
    }

    /// Where `downloadZoneSet` finds what; without it nothing is found.
    public void library(Function<String, Optional<ZoneSet>> links) {
        desk.library(links);
    }

    /// Sets the charge, 0 to 1.
    public void charge(double part) {
        battery.advance(timeline.instant(), drive.odometer());
        battery.use((battery.part() - part) * type.capacityWh());
        react();
    }

    /// Somebody plugs it in, or out; a plug needs a charger.
    public void plugged(boolean in) {
        plug(in);
        react();
    }

    /// Somebody puts these into it.
    public void load(List<State.Load> loads) {
        cargo.loads().addAll(loads);
        react();
    }

    /// Somebody takes out all that it carries.
    public void unload() {
        cargo.loads().clear();
        react();
    }

    /// Something stands in its way, or no longer: it stops, reports, and goes on.
    public void obstacle(boolean is) {
        obstacle = is;
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
        react();
    }

    /// Somebody takes it over, or gives it back (§6.6.6).
    public void mode(OperatingMode next) {
        vehicle.mode(next);
        if (next == OperatingMode.AUTOMATIC || next == OperatingMode.SEMIAUTOMATIC) errors.over(Until.MODE);
        else surroundings.drop();
        if (next == OperatingMode.SERVICE || next == OperatingMode.TEACH_IN) nodeId = "";
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

    /// Nothing passes for `span`; it drives on. In the broker's place it says that the connection is broken.
    public void outage(Duration span) {
        wire.cut(true);
        timeline.after(KEEP_ALIVE, () -> {
            if (on && wire.isCut()) bus.publish(will(address, timeline.instant()));
        });
        timeline.after(span, () -> {
            wire.cut(false);
            if (!on || wire.isCut()) return;
            voice.connection(ConnectionState.ONLINE);
            voice.report();
        });
    }

    /// It goes out without a word, and comes up after `downtime` knowing no order: message numbers begin at 0, and it
    /// is in `STARTUP` for [#STARTUP]. In the broker's place it says that the connection is broken.
    public void restart(Duration downtime) {
        wire.cut(true);
        bus.publish(will(address, timeline.instant()));
        desk.stop();
        activities.clear();
        zoneActions.clear();
        sleep.reset();
        vehicle = new Vehicle(capabilities);
        vehicle.mode(OperatingMode.STARTUP);
        givenUp = false;
        surroundings.reset();
        errors.clear();
        voice.forget();
        if (!drive.isStill()) {
            drive.brake(true);
            nodeId = "";
        }
        int number = ++restarts;
        timeline.after(downtime, () -> {
            wire.cut(false);
            if (on && number == restarts) startUp(number);
        });
    }

    private void startUp(int number) {
        wire.restart();
        voice.connection(ConnectionState.ONLINE);
        voice.factsheet();
        react();
        timeline.after(STARTUP, () -> {
            if (on && number == restarts) mode(OperatingMode.AUTOMATIC);
        });
    }

    /// What a broker is to say when a vehicle's connection breaks; to be left with it on connecting (§4.1).
    public static Bus.Message will(Address address, Instant now) {
        var outbox = new Outbox(address);
        var message = new Connection(outbox.header(Topic.CONNECTION, now), ConnectionState.CONNECTION_BROKEN);
        return Bus.Message.retained(address.topic(Topic.CONNECTION), new Codec(address.version()).write(message));
    }

    /// Says again that it is there: its broker may have said otherwise, or have forgotten what it retained.
    public void announce() {
        if (!on || sleep.isAsleep()) return;
        voice.connection(ConnectionState.ONLINE);
        voice.factsheet();
        react();
    }

    /// Says goodbye and is no longer there.
    @Override
    public void close() {
        if (!on) return;
        on = false;
        voice.connection(ConnectionState.OFFLINE);
        wire.close();
        activities.clear();
        desk.stop();
        drive.stop();
        voice.stop();
        sleep.stop();
        lease.cancel();
    }

    // What it hears.

    private final class Ear implements Wire.Listener {
        @Override
        public void heard(Topic topic, byte[] payload, Message message, long lost) {
            if (sleep.isAsleep() && !Sleep.wakes(message)) return;
            var header = message.header();
            if (lost > 0)
                voice.note("MESSAGES_LOST", "topic", topic.text(), lost + " before number " + header.headerId());
            var why = admission.refuse(topic, payload, message);
            if (why.isPresent()) {
                var about = List.of(
                        new Reference("topic", topic.text()),
                        new Reference("headerId", Long.toString(header.headerId())));
                refused(topic, Fault.of(Admission.NO_CLEARANCE, ErrorLevel.WARNING, why.get(), about));
            }
            take(message, why.isPresent());
            react();
        }

        @Override
        public void refused(Topic topic, Fault fault) {
            if (sleep.isAsleep()) return;
            errors.refuse(fault, topic == Topic.ORDER ? Until.ORDER : Until.INSTANT_ACTION);
            voice.report();
        }
    }

    private void take(Message message, boolean refused) {
        switch (message) {
            case Order order -> {
                if (!refused) take(order);
            }
            case InstantActions actions -> take(actions, refused);
            case ZoneSet set -> {
                if (!refused) desk.add(set);
            }
            case Responses responses -> {
                if (!refused) take(responses);
            }
            case State _, Connection _, Visualization _, Factsheet _ ->
                throw new AssertionError("nobody listens to " + message);
        }
    }

    private void take(Order order) {
        boolean first = vehicle.isIdle();
        var rejection = vehicle.receive(order);
        if (rejection.isPresent()) {
            boolean mode = rejection.get() instanceof Rejection.NotAvailable;
            errors.refuse(rejection.get().fault(order), mode ? Until.MODE : Until.ORDER);
            return;
        }
        errors.over(Until.ORDER);
        givenUp = false;
        if (first && address.version() != Version.V3_0) vehicle.clearInstantActions();
    }

    private void take(InstantActions actions, boolean refused) {
        for (var action : actions.actions()) {
            String it = action.actionType();
            if (sleep.isAsleep() && !Sleep.wakes(action)) continue;
            if (!refused || it.equals("cancelOrder") || it.equals("startPause")) desk.take(action);
            else if (!vehicle.knowsInstant(action.actionId()))
                vehicle.report(action, ActionStatus.FAILED, Admission.NO_CLEARANCE);
        }
    }

    private void take(Responses responses) {
        surroundings.commit(drive.pose(), vehicle, drive.brakingWay());
        for (var response : responses.responses()) {
            boolean known = surroundings.answer(response, timeline.instant());
            if (!known)
                voice.note("NO_SUCH_REQUEST", "requestId", response.requestId(), "nothing is asked by that name");
        }
    }

    // What its parts ask of it.

    private final class Hands implements Desk.Robot {
        @Override
        public Vehicle vehicle() {
            return vehicle;
        }

        @Override
        public boolean plug(boolean in) {
            return SimulatedVehicle.this.plug(in);
        }

        @Override
        public boolean initialize(Pose pose, String lastNodeId) {
            if (!drive.isStill() || !maps.isEnabled(pose.mapId())) return false;
            drive.place(new Pose(pose.x(), pose.y(), Pose.wrap(pose.theta()), pose.mapId()));
            passed(lastNodeId);
            localized = true;
            return true;
        }

        @Override
        public void sendFactsheet() {
            voice.factsheet();
        }

        @Override
        public boolean trigger() {
            return activities.trigger();
        }

        @Override
        public void hibernate(Action action, Optional<Instant> wakeUp) {
            sleep.begin(action, wakeUp);
        }

        @Override
        public boolean wake() {
            return sleep.wake();
        }

        @Override
        public boolean shutDown() {
            if (!vehicle.isIdle() || !drive.isStill()) return false;
            timeline.post(voice::flush);
            timeline.post(SimulatedVehicle.this::close);
            return true;
        }

        @Override
        public boolean canInZone(String actionType) {
            var predefined = PredefinedAction.of(address.version(), actionType);
            return type.skills().containsKey(actionType)
                    && (predefined.isEmpty() || predefined.get().scopes().contains(Scope.ZONE));
        }

        @Override
        public void zonesChanged() {
            surroundings.reset();
        }

        @Override
        public void changed() {
            react();
        }
    }

    private final class Self implements Voice.Self {
        @Override
        public Vehicle vehicle() {
            return vehicle;
        }

        @Override
        public String nodeId() {
            return nodeId;
        }

        @Override
        public double passedAt() {
            return passedAt;
        }

        @Override
        public boolean isLocalized() {
            return localized;
        }

        @Override
        public boolean isEmergency() {
            return emergency;
        }

        @Override
        public boolean isObstructed() {
            return obstacle;
        }

        @Override
        public boolean isSilent() {
            return !on || sleep.isAsleep();
        }

        @Override
        public void react() {
            SimulatedVehicle.this.react();
        }
    }

    private final class Crew implements Pilot.Crew {
        @Override
        public boolean isAble() {
            return localized
                    && !emergency
                    && !obstacle
                    && !givenUp
                    && battery.part() > Complaints.EMPTY
                    && !complaints.isStranded();
        }

        @Override
        public boolean isEmergency() {
            return emergency;
        }

        @Override
        public void mapChanged() {
            sense();
            activities.follow(vehicle);
            act();
        }

        @Override
        public void act() {
            for (var action : vehicle.start()) begin(action);
        }

        @Override
        public void leaving() {
            if (battery.isCharging()) plug(false);
        }

        @Override
        public void arrived(String at) {
            passed(at);
        }

        /// §6.4.5: it does not try again until it is told otherwise.
        @Override
        public void unreachable(Order.Node node) {
            givenUp = true;
            var about = new Reference("nodeId", node.nodeId());
            errors.refuse(Fault.of("NODE_UNREACHABLE", ErrorLevel.CRITICAL, "the way is shut", about), Until.ORDER);
        }

        @Override
        public void react() {
            SimulatedVehicle.this.react();
        }
    }

    private void passed(String at) {
        nodeId = at;
        passedAt = drive.odometer();
    }

    private boolean plug(boolean in) {
        boolean there = !in || site.chargers().isEmpty() || site.chargers().contains(nodeId);
        if (!there || !drive.isStill()) return false;
        battery.advance(timeline.instant(), drive.odometer());
        battery.charging(in);
        return true;
    }

    // What it does.

    /// After anything that happened: actions begin, pause and end, it drives or stands, and says so.
    private void react() {
        if (!on) return;
        sense();
        activities.follow(vehicle);
        watch();
        for (var action : vehicle.start()) begin(action);
        pilot.move();
        sleep.fall();
        voice.report();
    }

    private void begin(Action action) {
        var skill = type.skills().get(action.actionType());
        if (skill == null) activities.begin(vehicle, action, 0, 0);
        else activities.begin(vehicle, action, skill.preparation(), skill.seconds(action, random));
    }

    private void ended(Action action, boolean triggered) {
        var skill = type.skills().get(action.actionType());
        boolean fails = broken.remove(action.actionType())
                || (skill != null && skill.failure() > 0 && random.nextDouble() < skill.failure());
        if (skill != null) battery.use(skill.wattHours());
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
        if (!triggered) react();
    }

    private boolean effect(Action action) {
        if (desk.isOnNode(action.actionType())) return desk.does(action);
        return switch (action.actionType()) {
            case "pick" -> cargo.pick(action);
            case "drop" -> cargo.drop(action);
            case "startCharging" -> plug(true);
            case "stopCharging" -> plug(false);
            default -> true;
        };
    }

    /// Zones that are entered and left, and those that lie ahead.
    private void sense() {
        var pose = drive.pose();
        var now = timeline.instant();
        zoneActions.follow(surroundings.at(pose, drive.isStill()), vehicle);
        boolean asks = vehicle.mode() == OperatingMode.AUTOMATIC || vehicle.mode() == OperatingMode.SEMIAUTOMATIC;
        if (asks) surroundings.foresee(pose, vehicle, now);
        lease.cancel();
        lease = surroundings
                .next(now)
                .map(at -> timeline.after(later(Duration.between(now, at)), this::expire))
                .orElse(() -> {});
    }

    /// The first nanosecond after `span`.
    private static Duration later(Duration span) {
        return span.isNegative() ? Duration.ofNanos(1) : span.plusNanos(1);
    }

    private void expire() {
        surroundings.commit(drive.pose(), vehicle, drive.brakingWay());
        surroundings.expire(timeline.instant());
        react();
    }

    /// What is wrong now, and what is off.
    private void watch() {
        battery.advance(timeline.instant(), drive.odometer());
        complaints.follow(self, battery.part());
        var privacy = surroundings.privacy();
        if (privacy.isEmpty()) voice.drop(CAMERAS_OFF);
        else voice.note(CAMERAS_OFF, "zoneId", String.join(" ", privacy), "cameras are off");
    }

    /// Says where it is every `period` while it moves, on the topic `visualization`.
    public void visualize(Duration period) {
        voice.visualize(period);
    }
}
