package org.diwan.robots.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Factsheet.BatteryCharging;
import org.jspecify.annotations.Nullable;

/// Who has to charge, who may, and whether what is left is enough.
///
/// A vehicle without work charges when it is below [#LOW], and where a charger is free already below [#FULL];
/// it may be called away from [#ENOUGH] on. No vehicle begins a job that would leave it less than [#RESERVE] at
/// the charger nearest to the job's end.
final class Batteries {
    /// Percent, as the others. The factsheet's levels, where it has them, count in their place.
    static final double LOW = 35;

    static final double FULL = 90;
    static final double ENOUGH = 50;
    static final double RESERVE = 10;

    /// Percent for an hour under way, unless it was seen to need more. A delivery robot runs 8 to 12 hours.
    static final double HOURLY = 15;

    /// A way takes longer than on an empty road.
    static final double DETOUR = 1.5;

    private final Travel travel;
    private final List<Integer> chargers = new ArrayList<>();

    Batteries(RoadMap map, Travel travel) {
        this.travel = travel;
        for (int v = 0; v < map.size(); v++) if (map.place(v).uses().contains(Use.CHARGER)) chargers.add(v);
    }

    /// Places where vehicles charge.
    List<Integer> chargers() {
        return chargers;
    }

    /// Whether what is left is enough for so many seconds under way that end at `end`, and to the nearest
    /// charger from there. In a building without chargers somebody else sees to that.
    boolean isEnough(Robot robot, double seconds, int end) {
        if (chargers.isEmpty()) return robot.charge() > RESERVE;
        double back = Double.POSITIVE_INFINITY;
        for (int charger : chargers) back = Math.min(back, travel.seconds(end, charger, Set.of()));
        double hours = DETOUR * (seconds + back) / 3_600;
        return robot.charge() - HOURLY * hours >= RESERVE;
    }

    /// Whether it must charge before it does anything else.
    boolean isLow(Robot robot) {
        var levels = levels(robot);
        double low = levels == null || levels.minimumDesiredChargingLevel() == null
                ? LOW
                : levels.minimumDesiredChargingLevel();
        return robot.charge() < low;
    }

    /// Whether there is nothing to charge.
    boolean isFull(Robot robot) {
        var levels = levels(robot);
        double full = levels == null || levels.maximumDesiredChargingLevel() == null
                ? FULL
                : levels.maximumDesiredChargingLevel();
        return robot.charge() >= full;
    }

    private static @Nullable BatteryCharging levels(Robot robot) {
        return robot.link()
                .factsheet()
                .map(Factsheet::mobileRobotConfiguration)
                .map(Factsheet.MobileRobotConfiguration::batteryCharging)
                .orElse(null);
    }

    /// Whether a vehicle that charges has enough to be called away, or does not charge.
    boolean mayLeave(Robot robot) {
        return !robot.isCharging() || robot.charge() >= ENOUGH;
    }
}
