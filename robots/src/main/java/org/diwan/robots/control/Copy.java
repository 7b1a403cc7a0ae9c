package org.diwan.robots.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.FacilityDesk.Cabin;
import org.diwan.robots.facility.SimulatedDoor;
import org.diwan.robots.facility.SimulatedFacilities;
import org.diwan.robots.facility.SimulatedLift;
import org.diwan.robots.fleet.Snapshot;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.Sheet;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.Site;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.OperatingMode;

/// A building that does not exist: its lifts, its doors, its vehicles, on a bus.
final class Copy {
    /// How a vehicle begins.
    ///
    /// @param sheet what it says of itself; empty: nothing
    /// @param nodeId empty if it is on none
    /// @param charge 0 to 1
    /// @param able whether it can be ordered about; else a person has it
    record Start(
            Address address,
            VehicleType type,
            Optional<Factsheet> sheet,
            Pose pose,
            String nodeId,
            double charge,
            boolean charging,
            List<State.Load> loads,
            boolean able) {
        Start {
            loads = List.copyOf(loads);
        }

        /// At a place, empty and able.
        static Start at(Address address, VehicleType type, Place place, double charge) {
            var pose = new Pose(place.x(), place.y(), 0, place.floor());
            var sheet = Optional.of(Sheet.of(type, address));
            return new Start(address, type, sheet, pose, place.id(), charge, false, List.of(), true);
        }

        /// As the fleet knows it, if its state says where it is. Between two places it is put on the nearer one, so
        /// that no two begin on the same.
        static Start of(Snapshot.Vehicle vehicle, RoadMap map, VehicleType type) {
            var state = vehicle.state().orElseThrow();
            var position = Objects.requireNonNull(state.mobileRobotPosition());
            var pose = vehicle.place()
                    .map(id -> map.place(map.vertex(id)))
                    .map(place -> new Pose(place.x(), place.y(), position.theta(), position.mapId()))
                    .orElseGet(() -> new Pose(position.x(), position.y(), position.theta(), position.mapId()));
            return new Start(
                    vehicle.address(),
                    type,
                    vehicle.factsheet(),
                    pose,
                    vehicle.place().orElse(""),
                    state.powerSupply().stateOfCharge() / 100,
                    state.powerSupply().charging(),
                    state.loads() == null ? List.of() : state.loads(),
                    vehicle.ready());
        }
    }

    private final Building building;
    private final SimulatedFacilities facilities;
    private final List<SimulatedVehicle> vehicles = new ArrayList<>();

    Copy(Building building, List<Start> starts, Bus bus, Timeline timeline, long seed) {
        this.building = building;
        facilities = new SimulatedFacilities(building, bus, timeline);
        var floors = building.floors().stream().map(Building.Floor::id).collect(Collectors.toSet());
        var chargers = building.places().stream()
                .filter(place -> place.uses().contains(Use.CHARGER))
                .map(Place::id)
                .collect(Collectors.toSet());
        var site = new Site(floors, chargers);
        for (var start : starts) {
            var vehicle = new SimulatedVehicle(
                    start.address(),
                    start.type(),
                    start.sheet(),
                    site,
                    start.pose(),
                    start.nodeId(),
                    bus,
                    timeline,
                    seed + vehicles.size());
            vehicle.charge(start.charge());
            if (start.charging()) vehicle.plugged(true);
            if (!start.loads().isEmpty()) vehicle.load(start.loads());
            if (!start.able()) vehicle.mode(OperatingMode.MANUAL);
            vehicles.add(vehicle);
        }
    }

    List<SimulatedVehicle> vehicles() {
        return vehicles;
    }

    /// Lifts are there, and what is broken stays so.
    void furnish(Map<String, Cabin> cabins, Set<String> broken) {
        for (var lift : building.lifts()) {
            var cabin = cabins.get(lift.id());
            if (cabin != null) facilities.lift(lift.id()).stand(height(cabin), cabin.open());
            if (broken.contains(lift.id())) facilities.lift(lift.id()).fail(SimulatedLift.Fault.OUT_OF_SERVICE);
        }
        for (var door : building.doors())
            if (broken.contains(door.id())) facilities.door(door.id()).fail(SimulatedDoor.Fault.JAMMED);
    }

    private double height(Cabin cabin) {
        return building.floors().stream()
                .filter(floor -> cabin.open() && floor.id().equals(cabin.floor()))
                .mapToDouble(Building.Floor::elevation)
                .findFirst()
                .orElse(cabin.height());
    }

    /// Two vehicles, by serial number.
    record Pair(String one, String other) {}

    /// Those that touch now: centres nearer than the sum of their radii.
    Set<Pair> touching() {
        var touching = new HashSet<Pair>();
        for (int i = 0; i < vehicles.size(); i++) {
            var a = vehicles.get(i);
            var here = a.pose();
            for (int j = i + 1; j < vehicles.size(); j++) {
                var b = vehicles.get(j);
                var there = b.pose();
                if (here.mapId().equals(there.mapId())
                        && here.distance(there.x(), there.y())
                                < a.type().radius() + b.type().radius())
                    touching.add(
                            new Pair(a.address().serialNumber(), b.address().serialNumber()));
            }
        }
        return touching;
    }

    /// Zones of `kind` around a vehicle now.
    Set<String> within(SimulatedVehicle vehicle, Building.Zone.Kind kind) {
        var pose = vehicle.pose();
        var at = new Place("", pose.mapId(), pose.x(), pose.y(), Map.of(), Set.of());
        var zones = new HashSet<String>();
        for (var zone : building.zones()) if (zone.kind() == kind && zone.holds(at)) zones.add(zone.id());
        return zones;
    }
}
