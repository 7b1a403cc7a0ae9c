package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.TowerPlan;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;

/// Two floors, one lift, two vehicles.
class LiftsTest {
    private final Site site = new Site(TowerPlan.of(2, 1), Version.V3_0, Quality.PERFECT, 1);

    private static Job to(String place, String id, String vehicle) {
        var stops = List.of(new Job.Stop(place, List.of(Site.act(id, "pick"))));
        return new Job(id, stops, 5, Optional.empty(), Optional.empty(), 0, List.of(), Optional.of(vehicle));
    }

    /// A lift was asked for, and is not needed after all: a vehicle that kept it would keep it for ever.
    @Test
    void whoseWayNoLongerLeadsIntoALiftGivesItBack() {
        site.vehicle("r-1", "1-bay1");
        site.vehicle("r-2", "1-bay2");
        site.run(2);
        site.fleet.submit(to("201", "j-1", "r-1"));
        site.run(1);
        assertEquals(Optional.of("r-1"), site.leases.holder("lift-1"), "nothing to give back");
        site.fleet.pause("r-1", "a person is in its way");
        site.fleet.cancel("j-1");
        site.run(5);
        site.fleet.resume("a person is in its way");
        site.run(30);
        assertEquals(Optional.empty(), site.leases.holder("lift-1"));
        site.fleet.submit(to("202", "j-2", "r-2"));
        assertTrue(site.runUntilOver(Set.of("j-2"), 300), () -> "not over: " + site.fleet.view());
        assertEquals(Optional.of(Status.DONE), site.last("j-2"));
    }

    /// Fleet control meets a vehicle that stands in the cabin and does not know where it is. It is asked, a person is
    /// told, nobody orders it about, and nobody else is sent into the lift.
    @Test
    void whoStandsInALiftWithoutKnowingItIsLeftAloneAndNobodyIsSentThere() {
        var cabin = cabin();
        var lost = site.vehicle(
                "r-1", new Pose(cabin.x(), cabin.y(), 0, "2"), "", VehicleType.PORTER, /* localized= */ false);
        site.vehicle("r-2", "1-bay2");
        site.fleet.submit(to("202", "j-2", "r-2"));
        var asked = new AtomicInteger();
        site.bus.subscribe(site.address("r-1").topic(Topic.INSTANT_ACTIONS), (_, _) -> asked.incrementAndGet());
        site.run(200);
        assertEquals(Condition.UNKNOWN, site.robot("r-1").condition());
        assertEquals(
                Optional.of("it does not know where it is; tell it (initializePosition)"),
                site.robot("r-1").needs());
        assertEquals(Optional.empty(), site.robot("r-2").needs());
        assertTrue(asked.get() >= 5, () -> "asked " + asked + " times");
        assertEquals(Status.UNDERWAY, site.job("j-2").status());
        assertTrue(site.orders.stream()
                .noneMatch(order -> order.header().serialNumber().equals("r-1")));
        assertTrue(site.nearest > 0.8, () -> "as near as " + site.nearest);
        assertEquals(0, lost.odometer());

        // A person says where it is; the twin does what `initializePosition` does.
        initialize("r-1", cabin);
        assertTrue(site.runUntilOver(Set.of("j-2"), 600), () -> "not over: " + site.fleet.view());
        assertEquals(Optional.of(Status.DONE), site.last("j-2"));
        assertEquals(Optional.empty(), site.robot("r-1").needs());
        assertTrue(lost.odometer() > 0, "it was led out of the lift");
        assertTrue(site.nearest > 0.8, () -> "as near as " + site.nearest);
    }

    /// On a floor that is not the one by which the building file names the cabin.
    @Test
    void whoKnowsThatItIsInALiftIsThereOnEveryFloor() {
        var cabin = cabin();
        for (String floor : List.of("1", "2")) {
            var site = new Site(TowerPlan.of(2, 1), Version.V3_0, Quality.PERFECT, 1);
            site.vehicle("r-1", new Pose(cabin.x(), cabin.y(), 0, floor), "", VehicleType.PORTER, true);
            site.run(2);
            assertEquals(Optional.of(cabin.id()), site.robot("r-1").place(), "on floor " + floor);
            site.fleet.submit(to("202", "j-1", "r-1"));
            assertTrue(site.runUntilOver(Set.of("j-1"), 600), () -> "not over: " + site.fleet.view());
            assertEquals(Optional.of(Status.DONE), site.last("j-1"));
        }
    }

    private Place cabin() {
        return site.map.place(
                site.map.vertex(site.map.building().lifts().getFirst().cabin()));
    }

    private void initialize(String serial, Place cabin) {
        var parameters = new ArrayList<Action.Parameter>();
        parameters.add(new Action.Parameter("x", new DoubleNode(cabin.x())));
        parameters.add(new Action.Parameter("y", new DoubleNode(cabin.y())));
        parameters.add(new Action.Parameter("theta", new DoubleNode(0)));
        parameters.add(new Action.Parameter("mapId", new TextNode("2")));
        parameters.add(new Action.Parameter("lastNodeId", new TextNode(cabin.id())));
        var action = new Action("initializePosition", "person-1", null, BlockingType.NONE, parameters, null);
        var header = new Header(1_000, site.timeline.instant(), "3.0.0", "diwan", serial);
        var message = new InstantActions(header, List.of(action));
        site.bus.publish(Bus.Message.once(
                site.address(serial).topic(Topic.INSTANT_ACTIONS), new Codec(Version.V3_0).write(message)));
    }
}
