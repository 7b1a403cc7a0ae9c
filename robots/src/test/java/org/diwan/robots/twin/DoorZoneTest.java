package org.diwan.robots.twin;

import static org.diwan.robots.twin.Rig.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.facility.FacilityDesk;
import org.diwan.robots.facility.SimulatedDoor;
import org.diwan.robots.facility.SimulatedFacilities;
import org.diwan.robots.facility.Times;
import org.diwan.robots.facility.ZoneLeases;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;

/// A vehicle of 3.0 and a door that know each other by messages alone: zone set, request, lease, door, and back.
class DoorZoneTest {
    private static final String BUILDING = """
            building: gate
            floors:
              1:
                elevation: 0
                places: {a: [0, 0], b: [8, 0], c: [12, 0]}
                lanes: [[a, b, door: d], [b, c]]
                doors: {d: 3}
            """;

    private final Rig rig = new Rig(Version.V3_0);
    private final boolean[] open = {false};
    private final FacilityDesk desk;
    private final SimulatedFacilities devices;

    DoorZoneTest() {
        var building = BuildingFile.parse(BUILDING);
        devices = new SimulatedFacilities(
                building, rig.bus, rig.timeline, Times.USUAL, (_, _) -> {}, (_, moment) -> open[0] = moment.open());
        desk = new FacilityDesk(building, rig.bus, rig.timeline);
        new ZoneLeases(
                building, desk, rig.bus, rig.timeline, (_, set) -> rig.instant("enableZoneSet", "zoneSetId", set));
        rig.run(60);
        assertEquals(1, rig.state().zoneSets().size());
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 8, 0), node("c", 4, 12, 0)));
    }

    @Test
    void theDoorOpensBeforeItAndIsFreeBehindIt() {
        for (int i = 0; i < 400; i++) {
            rig.run(0.1);
            double x = rig.vehicle.pose().x();
            if (x > 3.2 && x < 4.8) assertTrue(open[0], "at " + x);
        }
        assertEquals("c", rig.state().lastNodeId());
        rig.run(60);
        assertEquals(Optional.empty(), desk.holder("d"));
        assertFalse(open[0]);
    }

    @Test
    void aJammedDoorKeepsItOutsideUntilItIsMended() {
        devices.door("d").fail(SimulatedDoor.Fault.JAMMED);
        rig.run(60);
        assertTrue(rig.vehicle.pose().x() < 3.2, "at " + rig.vehicle.pose().x());
        devices.door("d").repair();
        rig.run(60);
        assertEquals("c", rig.state().lastNodeId());
    }
}
