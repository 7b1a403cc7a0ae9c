package org.diwan.robots.facility;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.diwan.robots.building.Building;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;

/// All lifts and doors of a building, simulated.
public final class SimulatedFacilities {
    private final Map<String, SimulatedLift> lifts = new LinkedHashMap<>();
    private final Map<String, SimulatedDoor> doors = new LinkedHashMap<>();

    /// Devices that keep no log, with the usual times.
    public SimulatedFacilities(Building building, Bus bus, Timeline timeline) {
        this(building, bus, timeline, Times.USUAL, (_, _) -> {}, (_, _) -> {});
    }

    /// Devices of which each change is told, with the device's name.
    public SimulatedFacilities(
            Building building,
            Bus bus,
            Timeline timeline,
            Times times,
            BiConsumer<String, SimulatedLift.Moment> liftLog,
            BiConsumer<String, SimulatedDoor.Moment> doorLog) {
        var elevations = new HashMap<String, Double>();
        for (var floor : building.floors()) elevations.put(floor.id(), floor.elevation());
        for (var lift : building.lifts())
            lifts.put(
                    lift.id(),
                    new SimulatedLift(
                            lift, elevations, bus, timeline, times, moment -> liftLog.accept(lift.id(), moment)));
        for (var door : building.doors())
            doors.put(
                    door.id(),
                    new SimulatedDoor(door, bus, timeline, times, moment -> doorLog.accept(door.id(), moment)));
    }

    /// The lift of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    public SimulatedLift lift(String id) {
        var lift = lifts.get(id);
        if (lift == null) throw new IllegalArgumentException("no lift '" + id + "'; there are " + lifts.keySet());
        return lift;
    }

    /// The door of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    public SimulatedDoor door(String id) {
        var door = doors.get(id);
        if (door == null) throw new IllegalArgumentException("no door '" + id + "'; there are " + doors.keySet());
        return door;
    }
}
