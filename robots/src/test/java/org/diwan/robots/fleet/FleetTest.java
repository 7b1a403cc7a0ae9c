package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
    @ParameterizedTest
    @EnumSource(Version.class)
    void oneVehicleDoesOneJobByOrdersThatGrow(Version version) {
        var site = new Site(Site.grid(6, 2, Set.of(), Set.of("p00")), version, Quality.PERFECT, 1);
        var twin = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p31", "p51"));
        assertTrue(site.runUntilOver(Set.of("j-1"), 300), () -> "it is " + site.heard);
        assertEquals(List.of(Status.UNDERWAY, Status.DONE), site.heard.get("j-1"));
        assertEquals(10, twin.pose().x(), 0.3);
    }

    /// Orders are sent at most once, and the bus is bad; no action may be done twice, or not at all.
    @ParameterizedTest
    @EnumSource(Version.class)
    void aFifthOfTheMessagesLostSomeTwiceAndLateCostsTimeOnly(Version version) {
        var bad = new Quality(0.2, 0.1, Duration.ofMillis(5), Duration.ofMillis(400));
        allJobsAreDoneOnce(version, bad, _ -> {});
    }

    @Test
    void aBrokerThatIsDownForTenSecondsCostsTimeOnly() {
        allJobsAreDoneOnce(Version.V3_0, Quality.PERFECT, site -> {
            for (int after = 20; after < 200; after += 60) {
                site.timeline.after(Duration.ofSeconds(after), () -> site.bus.down(true));
                site.timeline.after(Duration.ofSeconds(after + 10), () -> site.bus.down(false));
            }
        });
    }

    private static void allJobsAreDoneOnce(Version version, Quality quality, Consumer<Site> fault) {
        var site = new Site(Site.grid(6, 4, Set.of(), Set.of("p00", "p10", "p20", "p30")), version, quality, 7);
        for (int i = 0; i < 4; i++) site.vehicle("r-" + i, Site.place(i, 0));
        fault.accept(site);
        var places = site.map.building().places().stream()
                .filter(place -> place.uses().isEmpty())
                .map(Place::id)
                .toList();
        var jobs = Site.deliveries(20, places, new SplittableRandom(7));
        jobs.forEach(site.fleet::submit);
        var ids = jobs.stream().map(Job::id).collect(Collectors.toSet());
        assertTrue(site.runUntilOver(ids, 3_600), () -> "not over: " + site.heard + site.fleet.view());
        for (String id : ids) {
            assertEquals(Optional.of(Status.DONE), site.last(id), () -> id + site.fleet.view());
            for (String act : List.of(".pick", ".drop")) {
                assertEquals(1, site.begun.get(id + act), id + act);
            }
        }
        assertTrue(site.nearest > 0.8, () -> "as near as " + site.nearest);
    }
}
