package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.Cause;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Vehicles that do not know where they are, and somebody who tells them; the twin is the live peer.
class PlacementTest {
    private static final Optional<String> NEEDS =
            Optional.of("it does not know where it is; tell it (initializePosition)");

    private Site site(Version version) {
        return new Site(Site.grid(6, 3, Set.of(), Set.of()), version, Quality.PERFECT, 1);
    }

    private static Job at(Site site, String id, String vehicle, String place) {
        var at = site.map.place(site.map.vertex(place));
        return Placement.job(id, vehicle, place, at.floor(), at.x(), at.y(), 0.5);
    }

    private static void until(Site site, Condition condition) {
        for (int i = 0; i < 10 && site.robot("r-1").condition() != condition; i++) site.run(0.5);
        assertEquals(condition, site.robot("r-1").condition());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whoNeverKnewIsToldAndGoesToWork(Version version) {
        var site = site(version);
        var twin = site.vehicle("r-1", new Pose(99, 99, 0, "f0"), "", VehicleType.PORTER, /* localized= */ false);
        site.fleet.submit(Site.delivery("j-1", "p10", "p42"));
        site.run(40);
        assertEquals(NEEDS, site.robot("r-1").needs());
        assertEquals(Condition.UNKNOWN, site.robot("r-1").condition());
        assertEquals(List.of(), site.orders);
        site.fleet.locate(at(site, "m-1", "r-1", "p21"));
        site.run(2);
        assertEquals(List.of(Status.UNDERWAY, Status.DONE), site.heard.get("m-1"));
        assertEquals(Optional.empty(), site.robot("r-1").needs());
        assertEquals(Optional.of("p21"), site.robot("r-1").place());
        assertEquals(4, twin.pose().x(), 2.5, "where it was told, or on its way from there");
        assertTrue(site.runUntilOver(Set.of("j-1"), 300), () -> "not over: " + site.fleet.view());
        assertEquals(Optional.of(Status.DONE), site.last("j-1"));
    }

    /// It stands somewhere with an order that was for another place: the order is cancelled, then it is told.
    @ParameterizedTest
    @EnumSource(Version.class)
    void whoNoLongerKnowsLosesItsOrderAndIsTold(Version version) {
        var site = site(version);
        var twin = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p50", "p42"));
        site.run(5);
        twin.localized(false);
        until(site, Condition.UNLOCALIZED);
        assertEquals(NEEDS, site.robot("r-1").needs());
        site.run(10);
        int orders = site.orders.size();
        site.run(30);
        assertEquals(orders, site.orders.size(), "nobody orders it about");
        site.fleet.locate(at(site, "m-1", "r-1", "p02"));
        site.run(3);
        assertEquals(Optional.of(Status.DONE), site.last("m-1"), () -> "not done: " + site.fleet.view());
        assertEquals(Condition.READY, site.robot("r-1").condition());
        assertTrue(site.runUntilOver(Set.of("j-1"), 300), () -> "not over: " + site.fleet.view());
        assertEquals(Optional.of(Status.DONE), site.last("j-1"));
        var first = site.orders.get(orders).nodes().getFirst();
        assertEquals("p02", first.nodeId(), "from where it was said to be");
    }

    @Test
    void messagesThatAreLostAreSaidAgain() {
        var site = new Site(
                Site.grid(4, 2, Set.of(), Set.of()),
                Version.V3_0,
                new Quality(0.3, 0.1, Duration.ofMillis(1), Duration.ofMillis(300)),
                5);
        site.vehicle("r-1", new Pose(99, 99, 0, "f0"), "", VehicleType.PORTER, /* localized= */ false);
        site.run(40);
        site.fleet.locate(at(site, "m-1", "r-1", "p21"));
        site.run(30);
        assertEquals(Optional.of(Status.DONE), site.last("m-1"));
    }

    @Test
    void whoDoesNotTakeItSaysSoAndWhoIsSilentIsGivenUp() {
        var site = site(Version.V3_0);
        var twin = site.vehicle("r-1", new Pose(99, 99, 0, "f0"), "", VehicleType.PORTER, /* localized= */ false);
        site.run(5);
        twin.mode(OperatingMode.MANUAL);
        site.run(1);
        site.fleet.locate(at(site, "m-1", "r-1", "p21"));
        site.run(3);
        assertEquals(
                Optional.of("it does not take that for its position"),
                site.job("m-1").reason().map(Cause::text));
        twin.mode(OperatingMode.AUTOMATIC);
        twin.radio(1);
        site.fleet.locate(at(site, "m-2", "r-1", "p21"));
        site.run(59);
        assertEquals(Status.UNDERWAY, site.job("m-2").status());
        var second = at(site, "m-3", "r-1", "p21");
        assertTrue(site.fleet.obstacle(second).isPresent(), "one after the other");
        site.run(3);
        assertEquals(
                Optional.of("it did not answer within 60 s"),
                site.job("m-2").reason().map(Cause::text));
        twin.radio(0);
        site.fleet.locate(second);
        assertTrue(site.fleet.cancel("m-3"));
        site.run(3);
        assertEquals(Optional.of(Status.CANCELLED), site.last("m-3"));
        assertEquals(NEEDS, site.robot("r-1").needs());
        assertTrue(site.fleet.obstacle(at(site, "m-4", "r-1", "p21")).isEmpty());
    }

    @Test
    void nobodyIsSaidToBeWhereAnotherIs() {
        var site = site(Version.V3_0);
        site.vehicle("r-1", new Pose(99, 99, 0, "f0"), "", VehicleType.PORTER, /* localized= */ false);
        site.vehicle("r-2", "p21");
        site.run(40);
        var job = at(site, "m-1", "r-1", "p21");
        assertEquals(Optional.of("r-2 is at p21, or on its way there"), site.fleet.obstacle(job));
        assertThrows(IllegalStateException.class, () -> site.fleet.locate(job));
        assertEquals(
                Optional.of("p10 is not on floor f7"),
                site.fleet.obstacle(Placement.job("m-1", "r-1", "p10", "f7", 2, 0, 0)));
        var unknown = at(site, "m-1", "r-9", "p10");
        assertThrows(IllegalArgumentException.class, () -> site.fleet.obstacle(unknown));
        assertTrue(Objects.requireNonNull(site.fleet.snapshot()).tasks().isEmpty());
    }
}
