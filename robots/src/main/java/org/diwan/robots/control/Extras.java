package org.diwan.robots.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.control.Copy.Start;
import org.diwan.robots.record.Trust;
import org.diwan.robots.record.WarrantCheck;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Address;

/// Vehicles, lifts and doors for a fleet manager to command, where there are no real ones.
public final class Extras {
    /// How often vehicles say where they are while they drive.
    private static final Duration SHOWN_EVERY = Duration.ofMillis(500);

    private static final double CHARGE = 0.9;

    private Extras() {}

    /// They appear at chargers and parking places, on the timeline's thread.
    ///
    /// @param trust in the log whose warrants their adapters ask for; empty: no adapters
    /// @throws IllegalArgumentException if there are fewer places than vehicles
    public static void appear(RoadMap map, List<Address> vehicles, Bus bus, Timeline timeline, Optional<Trust> trust) {
        var starts = starts(map, vehicles);
        timeline.post(() -> {
            var copy = new Copy(map.building(), starts, bus, timeline, 1);
            for (var vehicle : copy.vehicles()) {
                vehicle.visualize(SHOWN_EVERY);
                if (trust.isEmpty()) continue;
                var check = new WarrantCheck(trust.get(), vehicle.address(), map, timeline);
                bus.subscribe(check.topic(), (_, warrant) -> check.take(warrant));
                vehicle.admission((_, _, message) -> check.refuse(message));
            }
        });
    }

    private static List<Start> starts(RoadMap map, List<Address> vehicles) {
        var places = new ArrayList<Place>();
        for (var use : List.of(Use.CHARGER, Use.PARKING))
            for (var place : map.building().places())
                if (place.uses().contains(use) && !places.contains(place)) places.add(place);
        if (places.size() < vehicles.size())
            throw new IllegalArgumentException(vehicles.size() + " robots, and "
                    + map.building().name() + " has " + places.size() + " places for them to begin at");
        var starts = new ArrayList<Start>();
        for (var address : vehicles)
            starts.add(Start.at(address, VehicleType.PORTER, places.get(starts.size()), CHARGE));
        return starts;
    }
}
