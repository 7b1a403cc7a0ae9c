package org.diwan.robots.fleet;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Leases.Standing;
import org.diwan.robots.fleet.Errand.Phase;
import org.diwan.robots.fleet.OrderBook.Leg;
import org.diwan.robots.roads.RoadTraffic;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Order.Ellipse;
import org.diwan.robots.vda5050.Order.NodePosition;
import org.diwan.robots.vda5050.Version;

/// Turns the traffic's plan into orders: what a vehicle may drive now is the base, what it will is the horizon.
///
/// The traffic has committed a way for each vehicle and says of each vertex whether all who go there before are
/// past it. The base grows over those vertices, up to the first that is not free or lies behind a lift or door
/// that the vehicle does not have. A stop's actions go with its node; where the node was released before, it is
/// sent once more behind itself (figure 7). One errand is one order, or before 3.0.0 one to each stop with actions:
/// the next begins when the vehicle is idle.
///
/// The node of a lift's cabin is on the map of the floor from which it is entered, the landing behind it on
/// that of the floor where the vehicle gets out; it is released when the lift is there.
final class Dispatcher {
    /// A state should show an update, or a cancellation, in this time; else it is sent again.
    static final Duration ANSWER = Duration.ofSeconds(1);

    /// No message is under way for longer.
    static final Duration IN_FLIGHT = Duration.ofSeconds(5);

    /// A stop is released when so many nodes are left to it, itself included.
    static final int NEAR = 2;

    /// Nodes of a horizon.
    static final int MAX_PLANNED = 8;

    /// Metres around the first node of an order after a cancelled one: the vehicle may have halted past it.
    static final double DEVIATION = 20;

    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final RoadMap map;
    private final RoadTraffic traffic;
    private final Gates gates;
    private final Clearances clearances;
    private final Timeline timeline;
    private final Predicate<Errand> together;

    /// @param together whether all who have to be there for an errand's stop are there
    Dispatcher(
            RoadMap map,
            RoadTraffic traffic,
            Gates gates,
            Clearances clearances,
            Timeline timeline,
            Predicate<Errand> together) {
        this.map = map;
        this.traffic = traffic;
        this.gates = gates;
        this.clearances = clearances;
        this.timeline = timeline;
        this.together = together;
    }

    /// Sends this vehicle what it may be told now, if anything.
    void dispatch(Robot robot) {
        var book = robot.book();
        if (robot.isCancelling()) {
            cancel(robot);
        } else if (!robot.isReady()) {
            return;
        } else if (!book.isAnswered()) {
            if (isDue(robot)) send(robot, book.again(robot.link().orderHeader()));
        } else if (book.hasOrder() && robot.ordered() != robot.errand().orElse(null)) {
            leave(robot);
        } else if (book.hasOrder()) {
            proceed(robot);
        } else if (!robot.isIdle()) {
            robot.cancelling(true);
            cancel(robot);
        } else {
            begin(robot);
        }
    }

    private boolean isDue(Robot robot) {
        return !timeline.instant().isBefore(robot.sent().plus(ANSWER));
    }

    /// What could not be sent counts as lost on its way: it is sent again after [#ANSWER], and nobody else waits for
    /// that.
    private void send(Robot robot, Order order) {
        robot.sent(timeline.instant());
        try {
            clearances.send(robot.ordered().job().id(), order);
        } catch (RuntimeException e) {
            // Whatever it is: not put on record, not permitted, too long for the bus. It was not sent.
            LOG.log(Level.ERROR, "order " + order.orderId() + " was not sent to " + robot.serial(), e);
        }
    }

    /// Until it is idle. Its way stays committed: what it does next begins with it. An order that no state has
    /// shown may still be on its way; it is waited for as long as a message can take.
    private void cancel(Robot robot) {
        boolean over = robot.isIdle()
                && (robot.book().isAnswered()
                        || !timeline.instant().isBefore(robot.sent().plus(IN_FLIGHT)));
        if (over) {
            robot.book().drop();
            robot.cancelling(false);
            robot.astray(true);
            if (robot.isOn(map.place(robot.at()))) traffic.forget(robot.number(), 0);
        } else if (isDue(robot) && robot.condition().takesActions() && !robot.isIdle() && !robot.isCancelled()) {
            robot.sent(timeline.instant());
            robot.link().instantly(robot.link().instant("cancelOrder"));
        }
    }

    /// The order in hand is for something that is over: no further than its base, and nothing is tried again.
    private void leave(Robot robot) {
        var book = robot.book();
        if (robot.isRetriable()) robot.cancelling(true);
        else if (book.hasHorizon()) send(robot, book.extend(robot.link().orderHeader(), List.of(), List.of()));
        else if (robot.isIdle() && book.base().isEmpty()) book.drop();
    }

    /// Before 3.0.0 behind a stop's actions comes another order, not an update: that would send the node again
    /// with its actions, and vehicles of vda-5050-lib 1.4.0 do them again.
    private void proceed(Robot robot) {
        var book = robot.book();
        if (book.actsAtDecision() && robot.link().address().version() != Version.V3_0) {
            if (!robot.isIdle() || !book.base().isEmpty()) return;
            book.drop();
            begin(robot);
            return;
        }
        var way = way(robot, robot.ordered());
        if (way.released.isEmpty()) return;
        if (way.acting) robot.ordered().phase(Phase.ACTING);
        send(robot, robot.book().extend(robot.link().orderHeader(), way.released, way.planned));
    }

    private void begin(Robot robot) {
        var errand = robot.errand().orElse(null);
        if (errand == null) return;
        if (robot.isCharging()) {
            unplug(robot);
            return;
        }
        var way = way(robot, errand);
        if (way.released.isEmpty()) return;
        if (way.acting) errand.phase(Phase.ACTING);
        var first = leg(robot.at(), floor(robot), false);
        if (robot.isAstray()) first = around(first);
        // A stop where the vehicle is already needs no way: its actions are the first node's.
        boolean there = !robot.isAstray() || robot.isOn(map.place(robot.at()));
        if (there && way.released.getFirst().again() && way.released.size() == 1) {
            first = first.with(way.released.getFirst().actions());
            way.released.clear();
        }
        robot.ordered(errand);
        robot.astray(false);
        send(
                robot,
                robot.book().start(robot.link().orderHeader(), errand.nextOrder(), first, way.released, way.planned));
    }

    /// By an instant action: an order holds what its job was cleared for, and nothing else.
    private void unplug(Robot robot) {
        if (!isDue(robot)) return;
        robot.sent(timeline.instant());
        robot.link().instantly(robot.link().instant("stopCharging"));
    }

    private static final class Way {
        private final List<Leg> released = new ArrayList<>();
        private final List<Leg> planned = new ArrayList<>();
        private boolean acting;
    }

    private Way way(Robot robot, Errand errand) {
        var way = new Way();
        var base = robot.book().base();
        int here = base.isEmpty() ? robot.at() : base.getLast().vertex();
        String floor = base.isEmpty() ? floor(robot) : map.place(here).floor();
        var committed = traffic.committed(robot.number());
        var ahead = committed.subList(robot.book().released(), committed.size());
        boolean free = true;
        boolean resting = base.isEmpty();
        for (var passage : ahead) {
            int next = passage.vertex();
            boolean leaving = gates.leavesLift(here, next);
            free = free && passage.free() && gates.standing(robot.serial(), resting, here, next) == Standing.GRANTED;
            resting = false;
            if (!free && (leaving || way.planned.size() == MAX_PLANNED)) break;
            String there =
                    gates.leavesLift(next, here) ? floor : map.place(next).floor();
            (free ? way.released : way.planned).add(speed(leg(next, there, false), here, next));
            here = next;
            floor = there;
        }
        if (errand.isDone() || errand.phase() != Phase.PLANNED || !free) return way;
        if (errand.actions().isEmpty() || !errand.mayAct(timeline.instant()) || !together.test(errand)) return way;
        if (base.size() + way.released.size() > NEAR) {
            // The stop itself comes later: until its actions are released, the job can be given to another vehicle.
            if (!way.released.isEmpty()) way.planned.add(way.released.removeLast());
            return way;
        }
        way.acting = true;
        var actions = actions(robot, errand);
        if (way.released.isEmpty()) way.released.add(leg(here, floor, true).with(actions));
        else way.released.add(way.released.removeLast().with(actions));
        return way;
    }

    /// Before 3.0.0 no action can be tried again.
    private static List<Action> actions(Robot robot, Errand errand) {
        if (robot.link().address().version() == Version.V3_0) return errand.actions();
        return errand.actions().stream()
                .map(action -> new Action(
                        action.actionType(),
                        action.actionId(),
                        action.actionDescriptor(),
                        action.blockingType(),
                        action.actionParameters(),
                        null))
                .toList();
    }

    /// In a cabin the place says nothing of the floor; the vehicle does.
    private String floor(Robot robot) {
        var place = map.place(robot.at());
        return robot.link()
                .state()
                .map(state -> state.mobileRobotPosition())
                .map(position -> position.mapId())
                .orElse(place.floor());
    }

    private Leg leg(int vertex, String floor, boolean again) {
        var place = map.place(vertex);
        var position = new NodePosition(place.x(), place.y(), null, null, null, floor);
        return new Leg(vertex, again, place.id(), position, null, List.of());
    }

    private Leg speed(Leg leg, int from, int to) {
        for (var arc : map.out(from))
            if (arc.to() == to && arc.speed() < Double.POSITIVE_INFINITY)
                return new Leg(leg.vertex(), leg.again(), leg.nodeId(), leg.position(), arc.speed(), leg.actions());
        return leg;
    }

    private static Leg around(Leg leg) {
        var at = leg.position();
        var wide = new NodePosition(at.x(), at.y(), null, new Ellipse(DEVIATION, DEVIATION, 0), null, at.mapId());
        return new Leg(leg.vertex(), leg.again(), leg.nodeId(), wide, leg.speed(), leg.actions());
    }
}
