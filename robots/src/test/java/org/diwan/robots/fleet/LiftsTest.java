package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.TowerPlan;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
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
}
