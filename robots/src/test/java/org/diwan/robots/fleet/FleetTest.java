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
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order.ControlPoint;
import org.diwan.robots.vda5050.Order.Trajectory;
import org.diwan.robots.vda5050.Outbox;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.Visualization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
    private static final Trajectory LINE =
            new Trajectory(1, List.of(), List.of(new ControlPoint(4, 0, 1), new ControlPoint(5, 0, 1)));

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

    /// It shows its position, and its states are lost: that it is there is known by that alone, and lasts when nobody
    /// waits for its state any longer. (Of 300 vehicles of vda-5050-lib that began to be shown before they had told
    /// anything, a fourth was driven into.)
    @Test
    void whoIsOnlyShownIsNotDrivenInto() {
        var site = new Site(Site.grid(4, 1, Set.of(), Set.of()), Version.V3_0, Quality.PERFECT, 1);
        var shown = site.address("r-1");
        site.fleet.enrol(shown);
        var outbox = new Outbox(shown);
        site.timeline.every(Duration.ofMillis(300), () -> {
            var at = new State.Position(4, 0, 0, "f0", true, null, null);
            var header = outbox.header(Topic.VISUALIZATION, site.timeline.instant());
            var still = new State.Velocity(0.0, 0.0, 0.0);
            var path = new State.IntermediatePath(List.of());
            var seen = new Visualization(header, 0L, new State.PlannedPath(LINE, List.of()), path, at, still);
            site.bus.publish(Bus.Message.once(shown.topic(Topic.VISUALIZATION), new Codec(Version.V3_0).write(seen)));
        });
        var twin = site.vehicle("r-2", "p00");
        site.fleet.submit(Site.delivery("j-1", "p10", "p30"));
        for (int i = 0; i < 120; i++) {
            site.run(1);
            assertTrue(twin.pose().x() < 2.5, () -> "it is at " + twin.pose());
        }
        assertEquals(2, twin.pose().x(), 1e-3, "it went as far as it could");
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
