package org.diwan.robots.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.Errand.Kind;
import org.diwan.robots.roads.RoadTraffic;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;

/// What vehicles do that have no job: charge when they must, and when they may; else park; and give way.
///
/// A charger or parking place is one vehicle's from when it sets out for it until it leaves. No place before a
/// lift or a door is one to park on, whatever the building says of it.
final class Housekeeping {
    /// So long it waits for a job where it is.
    static final Duration LINGER = Duration.ofSeconds(5);

    /// So long a vehicle is left alone that refused an order, or could not charge.
    static final Duration SULK = Duration.ofSeconds(30);

    private static final Action CHARGE =
            new Action("startCharging", "charge", null, BlockingType.HARD, List.of(), null);

    private final RoadMap map;
    private final RoadTraffic traffic;
    private final Travel travel;
    private final Batteries batteries;
    private final Errands errands;
    private final List<Integer> parking = new ArrayList<>();
    private final Set<Integer> chargers;

    Housekeeping(RoadMap map, RoadTraffic traffic, Travel travel, Batteries batteries, Errands errands) {
        this.map = map;
        this.traffic = traffic;
        this.travel = travel;
        this.batteries = batteries;
        this.errands = errands;
        chargers = Set.copyOf(batteries.chargers());
        for (int v = 0; v < map.size(); v++)
            if (map.place(v).uses().contains(Use.PARKING) && !isBeforeGate(v)) parking.add(v);
    }

    private boolean isBeforeGate(int vertex) {
        return map.out(vertex).stream()
                .anyMatch(arc -> arc.door().isPresent() || arc.lift().isPresent());
    }

    /// Finds something to do for those who have nothing.
    void tidy(Collection<Robot> robots, Instant now) {
        var taken = new HashSet<Integer>();
        for (var robot : robots) {
            if (!robot.isPlaced()) continue;
            taken.add(robot.at());
            robot.errand().ifPresent(errand -> taken.add(errand.end()));
        }
        boolean wanted = false;
        for (var robot : robots) {
            if (!isFree(robot, now) || committedEnd(robot) != robot.at()) continue;
            if (batteries.isLow(robot) && !robot.isCharging()) wanted |= !charge(robot, taken);
            else if (!now.isBefore(robot.idleSince().plus(LINGER))) rest(robot, taken);
        }
        if (wanted) makeRoom(robots, taken, now);
    }

    /// Sends whom the planner pushes, and who has nothing else to do, out of the way.
    void giveWay(Robot robot, Instant now) {
        if (!isFree(robot, now)) return;
        int end = committedEnd(robot);
        if (end != robot.at()) errands.begin(robot, Kind.YIELD, end, List.of());
    }

    private static boolean isFree(Robot robot, Instant now) {
        return robot.isReady()
                && robot.errand().isEmpty()
                && !robot.isCancelling()
                && !now.isBefore(robot.refusal().plus(SULK));
    }

    private int committedEnd(Robot robot) {
        var committed = traffic.committed(robot.number());
        return committed.isEmpty() ? robot.at() : committed.getLast().vertex();
    }

    private boolean charge(Robot robot, Set<Integer> taken) {
        int charger = chargers.contains(robot.at()) ? robot.at() : nearest(robot, batteries.chargers(), taken);
        if (charger < 0) return false;
        taken.add(charger);
        return errands.begin(robot, Kind.CHARGE, charger, List.of(CHARGE));
    }

    private void rest(Robot robot, Set<Integer> taken) {
        if (robot.isCharging()) return;
        if (!batteries.isFull(robot) && charge(robot, taken)) return;
        if (parking.contains(robot.at()) && !(batteries.isFull(robot) && isDedicated(robot.at()))) return;
        int place = nearest(robot, parking, taken);
        if (place < 0) return;
        taken.add(place);
        errands.begin(robot, Kind.PARK, place, List.of());
    }

    private boolean isDedicated(int vertex) {
        return chargers.contains(vertex) && !map.place(vertex).uses().contains(Use.PARKING);
    }

    /// Who has charged enough leaves its charger to one who has not.
    private void makeRoom(Collection<Robot> robots, Set<Integer> taken, Instant now) {
        Robot fullest = null;
        for (var robot : robots)
            if (isFree(robot, now)
                    && chargers.contains(robot.at())
                    && robot.charge() >= Batteries.ENOUGH
                    && (fullest == null || robot.charge() > fullest.charge())) fullest = robot;
        if (fullest == null) return;
        var elsewhere = parking.stream().filter(v -> !chargers.contains(v)).toList();
        int place = nearest(fullest, elsewhere, taken);
        if (place >= 0) errands.begin(fullest, Kind.PARK, place, List.of());
    }

    private int nearest(Robot robot, List<Integer> places, Set<Integer> taken) {
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int place : places) {
            if (taken.contains(place) && place != robot.at()) continue;
            double seconds = travel.seconds(robot.at(), place, Set.of());
            if (seconds >= least) continue;
            least = seconds;
            nearest = place;
        }
        return nearest;
    }
}
