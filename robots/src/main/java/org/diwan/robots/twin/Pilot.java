package org.diwan.robots.twin;

import java.util.function.Function;
import java.util.function.Supplier;
import org.diwan.robots.twin.Route.Mark;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Vehicle;
import org.jspecify.annotations.Nullable;

/// Drives a vehicle along its order: sets off, rides on while the base grows, turns to where nodes want it to look,
/// brakes, and tells the [Vehicle] what it has traversed.
final class Pilot implements Drive.Listener {
    /// Who else is aboard.
    interface Crew {
        /// Whether nothing is wrong that forbids to move.
        boolean isAble();

        /// Whether it has to stop with all it has.
        boolean isEmergency();

        /// A lift has carried it to another map.
        void mapChanged();

        /// The actions that wait begin.
        void act();

        /// It leaves where it stood.
        void leaving();

        /// It has traversed a node.
        void arrived(String nodeId);

        /// `node` is behind a border that will not open.
        void unreachable(Order.Node node);

        /// Something changed.
        void react();
    }

    /// What a route was planned for.
    private record Plan(long goal, @Nullable String heldBy, int surroundings) {}

    private final VehicleType type;
    private final Supplier<Vehicle> robot;
    private final Surroundings surroundings;
    private final Crew crew;
    private final Drive drive;
    private @Nullable Plan plan;
    private Order.@Nullable Node aligning;

    /// @param drive what it steers, which reports to it
    Pilot(
            VehicleType type,
            Supplier<Vehicle> robot,
            Surroundings surroundings,
            Crew crew,
            Function<Drive.Listener, Drive> drive) {
        this.type = type;
        this.robot = robot;
        this.surroundings = surroundings;
        this.crew = crew;
        this.drive = drive.apply(this);
    }

    Drive drive() {
        return drive;
    }

    /// After anything that happened: it drives on, or stands.
    void move() {
        var vehicle = robot.get();
        boolean may = crew.isAble() && vehicle.mayDrive();
        if (aligning != null && !isNext(aligning.sequenceId())) aligning = null;
        if (!drive.isStill()) {
            if (may) extend();
            else if (!drive.isBraking(crew.isEmergency())) drive.brake(crew.isEmergency());
        } else if (!may) {
            if (vehicle.isDriving()) vehicle.halt();
        } else if (aligning != null) {
            drive.turn(bend(aligning));
        } else {
            setOff(vehicle);
        }
    }

    private boolean isNext(long sequenceId) {
        var node = robot.get().nextNode();
        return node.isPresent() && node.get().sequenceId() == sequenceId;
    }

    private double bend(Order.Node node) {
        var at = node.nodePosition();
        return at == null || at.theta() == null
                ? 0
                : Pose.wrap(at.theta() - drive.pose().theta());
    }

    private void setOff(Vehicle vehicle) {
        changeMap(vehicle);
        var route = route(0);
        if (route.isNowhere() || !vehicle.mayDrive()) {
            if (vehicle.isDriving()) vehicle.halt();
            var by = route.heldBy();
            if (by != null && surroundings.isInVain(by))
                crew.unreachable(vehicle.nodes().getFirst());
            return;
        }
        vehicle.drive();
        crew.act();
        if (!vehicle.mayDrive()) {
            vehicle.halt();
            return;
        }
        crew.leaving();
        if (route.legs().isEmpty()) drive.turn(route.turn());
        else ride(route);
    }

    /// The next node is on another map: a lift has carried it there.
    private void changeMap(Vehicle vehicle) {
        var next = vehicle.nodes().getFirst().nodePosition();
        var pose = drive.pose();
        if (next == null || next.mapId().equals(pose.mapId())) return;
        drive.place(new Pose(pose.x(), pose.y(), pose.theta(), next.mapId()));
        crew.mapChanged();
    }

    /// An order that came while it still rolled for another may lead elsewhere: then it stands first.
    private void extend() {
        if (!drive.isRiding()) return;
        double rolls = drive.brakingWay();
        var route = route(rolls);
        if (route.legs().isEmpty() || route.length() < rolls - Drive.NEAR) {
            if (!drive.isBraking(false)) drive.brake(false);
            return;
        }
        var wanted = new Plan(route.goal(), route.heldBy(), surroundings.version());
        if (drive.isBraking(false) || !wanted.equals(plan)) ride(route);
    }

    private void ride(Route route) {
        plan = new Plan(route.goal(), route.heldBy(), surroundings.version());
        drive.ride(route);
    }

    private Route route(double rolls) {
        return Route.ahead(drive.pose(), rolls, robot.get(), type, surroundings);
    }

    /// A cancelled order has no nodes any more: then none is passed.
    @Override
    public void passed(Mark mark) {
        if (mark.sequenceId() == Mark.BORDER || !isNext(mark.sequenceId())) return;
        var node = robot.get().nodes().getFirst();
        if (drive.isStill() && Route.misses(node, drive.pose().theta())) aligning = node;
        else arrive(node);
    }

    @Override
    public void moved() {
        var node = aligning;
        if (node != null && drive.isStill() && isNext(node.sequenceId()) && Math.abs(bend(node)) < Drive.NEAR) {
            aligning = null;
            arrive(node);
        }
        crew.react();
    }

    private void arrive(Order.Node node) {
        var vehicle = robot.get();
        vehicle.roll();
        vehicle.arrive();
        crew.arrived(node.nodeId());
        if (drive.isRiding() && crew.isAble() && vehicle.mayDrive()) vehicle.drive();
    }

    /// The base ends so near that it has to brake within a second, and there is a horizon (§6.6.3).
    boolean runsShort() {
        var nodes = robot.get().nodes();
        if (nodes.isEmpty() || nodes.getLast().released()) return false;
        if (!drive.isRiding()) return !nodes.getFirst().released();
        long released = nodes.stream().filter(Order.Node::released).count();
        long marked = drive.ahead().stream()
                .filter(mark -> mark.sequenceId() != Mark.BORDER)
                .count();
        double speed = type.speed();
        return released <= marked && drive.rest() <= speed * speed / (2 * type.deceleration()) + speed;
    }
}
