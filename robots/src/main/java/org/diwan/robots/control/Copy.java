package org.diwan.robots.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.SimulatedFacilities;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.Site;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Address;

/// A building that does not exist: its lifts, its doors, its vehicles, on a bus.
final class Copy {
    /// Where a vehicle begins.
    record Start(Address address, VehicleType type, Place at, double charge) {}

    private final List<SimulatedVehicle> vehicles = new ArrayList<>();

    Copy(Building building, List<Start> starts, Bus bus, Timeline timeline, long seed) {
        new SimulatedFacilities(building, bus, timeline);
        var floors = building.floors().stream().map(Building.Floor::id).collect(Collectors.toSet());
        var chargers = building.places().stream()
                .filter(place -> place.uses().contains(Use.CHARGER))
                .map(Place::id)
                .collect(Collectors.toSet());
        var site = new Site(floors, chargers);
        for (var start : starts) {
            var pose = new Pose(start.at().x(), start.at().y(), 0, start.at().floor());
            var vehicle = new SimulatedVehicle(
                    start.address(), start.type(), site, pose, start.at().id(), bus, timeline, seed + vehicles.size());
            vehicle.charge(start.charge());
            vehicles.add(vehicle);
        }
    }

    List<SimulatedVehicle> vehicles() {
        return vehicles;
    }

    /// Two vehicles that touch now, by name; centres nearer than the sum of their radii.
    Optional<String> collision() {
        for (int i = 0; i < vehicles.size(); i++) {
            var a = vehicles.get(i);
            var here = a.pose();
            for (int j = i + 1; j < vehicles.size(); j++) {
                var b = vehicles.get(j);
                var there = b.pose();
                if (here.mapId().equals(there.mapId())
                        && here.distance(there.x(), there.y())
                                < a.type().radius() + b.type().radius())
                    return Optional.of("%s and %s touch at %.2f, %.2f on floor %s"
                            .formatted(
                                    a.address().serialNumber(),
                                    b.address().serialNumber(),
                                    here.x(),
                                    here.y(),
                                    here.mapId()));
            }
        }
        return Optional.empty();
    }

    /// Zones of `kind` around a vehicle now.
    Set<String> within(Building building, SimulatedVehicle vehicle, Building.Zone.Kind kind) {
        var pose = vehicle.pose();
        var at = new Place("", pose.mapId(), pose.x(), pose.y(), java.util.Map.of(), Set.of());
        var zones = new HashSet<String>();
        for (var zone : building.zones()) if (zone.kind() == kind && zone.holds(at)) zones.add(zone.id());
        return zones;
    }
}
