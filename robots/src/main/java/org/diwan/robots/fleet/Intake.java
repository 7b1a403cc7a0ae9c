package org.diwan.robots.fleet;

import java.util.List;
import org.diwan.robots.Cause;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.Refusals.Reason;
import org.diwan.robots.roads.RoadTraffic;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Visualization;
import org.jspecify.annotations.Nullable;

/// What a state changes: where the vehicle is in the traffic, how far its errand is, what can be asked of it.
final class Intake {
    /// Metres to a place within which a vehicle that names no node is there.
    static final double ON_PLACE = 0.5;

    private final RoadMap map;
    private final RoadTraffic traffic;
    private final Gates gates;
    private final Progress progress;
    private final Closures closures;
    private final Errands errands;

    Intake(RoadMap map, RoadTraffic traffic, Gates gates, Closures closures, Errands errands) {
        this.map = map;
        this.traffic = traffic;
        this.gates = gates;
        this.closures = closures;
        this.errands = errands;
        progress = new Progress(map);
    }

    /// Takes a fresh state, or refuses and counts it.
    void take(Robot robot, State state) {
        var book = robot.book();
        boolean mine = book.hasOrder() && book.isMine(state);
        boolean out = mine && state.lastNodeId().isEmpty() && state.nodeStates().isEmpty();
        var refusal = progress.refusal(book, state, mine && !out);
        if (refusal.isPresent()) {
            robot.link().refusals().count(refusal.get(), 1);
            return;
        }
        robot.link().take(state);
        if (mine && !out) follow(robot, state);
        else if (out) lose(robot, state);
        else if (book.hasOrder() && book.isAnswered() && robot.isIdle())
            errands.interrupt(robot, Cause.of(Cause.Kind.ORDER_LOST, "it forgot its order"));
        if (!book.hasOrder()) locate(robot, state);
        var before = robot.condition();
        robot.condition(
                robot.isPlaced() ? Condition.of(robot.link().connection(), state, book.hasOrder()) : Condition.UNKNOWN);
        errands.react(robot, state, before);
        if (mine && isCleared(robot, state))
            errands.interrupt(robot, Cause.of(Cause.Kind.ORDER_LOST, "its order was cleared"));
    }

    /// It has the last update and is to drive on, and has nowhere to go: in a mode that nobody saw, it was cleared.
    private static boolean isCleared(Robot robot, State state) {
        var book = robot.book();
        return book.hasOrder()
                && book.isAnswered()
                && !book.base().isEmpty()
                && state.nodeStates().isEmpty()
                && !robot.isCancelling();
    }

    /// Takes a position of a vehicle that has sent no state yet: it is there, and nobody else is sent there.
    ///
    /// @return whether that was not known
    boolean take(Robot robot, Visualization seen) {
        if (robot.link().state().isPresent()) return false;
        int seems = nearest(seen.mobileRobotPosition());
        boolean news = seems != robot.suspected();
        robot.suspected(seems);
        return news;
    }

    /// Takes what is said of its connection; a state says the rest.
    void take(Robot robot, Connection said) {
        if (said.connectionState() == ConnectionState.CONNECTION_BROKEN) robot.condition(Condition.LOST);
        else if (said.connectionState() != ConnectionState.ONLINE) robot.condition(Condition.OFFLINE);
        if (!robot.isPlaced()) robot.condition(Condition.UNKNOWN);
    }

    private void follow(Robot robot, State state) {
        for (var step : robot.book().report(state)) {
            if (step.again()) continue;
            traffic.passed(robot.number());
            gates.passed(robot.serial(), step.vertex());
            robot.moved(step.vertex());
        }
        errands.report(robot, state);
    }

    /// It is on no node of its order any more: somebody has moved it meanwhile (`SERVICE`, `TEACH_IN`).
    private void lose(Robot robot, State state) {
        errands.report(robot, state);
        errands.interrupt(robot, Cause.of(Cause.Kind.MOVED, "it is on no node of its order any more"));
    }

    /// Without an order it may have been moved by hand. Where it seems to be, but does not know it, it is not placed,
    /// and nobody else is sent there.
    private void locate(Robot robot, State state) {
        int seems = progress.vertex(state.lastNodeId()).orElseGet(() -> nearest(state.mobileRobotPosition()));
        var position = state.mobileRobotPosition();
        boolean known = !state.lastNodeId().isEmpty() || (position != null && position.localized());
        int vertex = known ? seems : -1;
        robot.suspected(seems);
        if (vertex < 0 || (robot.isPlaced() && robot.at() == vertex)) return;
        // In a fleet's hands its last node is where its last order ended, or one that is no longer in the state.
        if (robot.isPlaced()
                && !isByHand(state.operatingMode())
                && !robot.isPlacing()
                && !state.lastNodeId().isEmpty()) return;
        if (robot.isPlaced()) {
            // First, so that nobody who waited for it is sent there.
            closures.set(robot.serial(), List.of(vertex));
            traffic.leave(robot.number());
            gates.leave(robot.serial());
            robot.place(-1, -1);
        }
        try {
            robot.place(traffic.enter(vertex), vertex);
        } catch (IllegalArgumentException _) {
            // Another one is there, or is on its way there: it is not placed until a later state finds it free.
            robot.link().refusals().count(Reason.OCCUPIED, 1);
        }
    }

    private static boolean isByHand(OperatingMode mode) {
        return switch (mode) {
            case AUTOMATIC, SEMIAUTOMATIC, INTERVENED -> false;
            case MANUAL, SERVICE, STARTUP, TEACH_IN -> true;
        };
    }

    /// A cabin is on every floor where its lift stops.
    private int nearest(State.@Nullable Position at) {
        if (at == null) return -1;
        int nearest = -1;
        double least = ON_PLACE;
        for (int v = 0; v < map.size(); v++) {
            var place = map.place(v);
            double distance = Math.hypot(place.x() - at.x(), place.y() - at.y());
            if (distance > least || !(place.floor().equals(at.mapId()) || progress.isServed(place.id(), at.mapId())))
                continue;
            nearest = v;
            least = distance;
        }
        return nearest;
    }
}
