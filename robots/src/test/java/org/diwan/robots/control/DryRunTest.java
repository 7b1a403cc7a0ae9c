package org.diwan.robots.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.control.Copy.Start;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The copy is a whole fleet in a ministry of four floors; what it says is held against what is known of the building.
class DryRunTest {
    private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
    private static RoadMap map = new RoadMap(new org.diwan.robots.building.Building(
            "", List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));

    @BeforeAll
    static void read() throws IOException {
        map = new RoadMap(BuildingFile.read(Path.of("../recipes/robots/ministry.yaml")));
    }

    private static List<Start> at(String... places) {
        var starts = new ArrayList<Start>();
        for (String place : places) {
            var address = new Address("uagv", Version.V3_0, "diwan", "r-" + (starts.size() + 1));
            starts.add(new Start(address, VehicleType.PORTER, map.place(map.vertex(place)), 0.9));
        }
        return starts;
    }

    private static Job deliver(String from, String to) {
        return new Job(
                "m-1",
                List.of(
                        new Job.Stop(from, List.of(action("pick", "m-1-1"))),
                        new Job.Stop(to, List.of(action("drop", "m-1-2")))),
                5,
                Optional.empty(),
                Optional.empty(),
                1,
                List.of(),
                Optional.empty());
    }

    private static Action action(String type, String id) {
        return new Action(
                type,
                id,
                null,
                BlockingType.HARD,
                List.of(new Action.Parameter("loadType", new TextNode("coffee"))),
                null);
    }

    @Test
    void aDeliveryThroughALiftGoesWellAndTwiceAlike() {
        var starts = at("1-charger", "1-bay", "2-charger", "2-bay");
        var first = new DryRun(map, 1).play(deliver("101", "204"), starts, NOW);
        assertEquals(Optional.empty(), first.fault());
        assertTrue(first.took().toSeconds() > 30 && first.took().toMinutes() < 10, first.toString());
        assertEquals(first, new DryRun(map, 1).play(deliver("101", "204"), starts, NOW));
    }

    @Test
    void whatWouldNotGoWellIsSaid() {
        var none = new DryRun(map, 1).play(deliver("101", "204"), List.of(), NOW);
        assertEquals(Optional.of("no vehicle says where it is"), none.fault());
        var heavy = deliver("101", "204");
        var piano =
                new Job("m-1", heavy.stops(), 5, Optional.empty(), Optional.empty(), 300, List.of(), Optional.empty());
        var result = new DryRun(map, 1).play(piano, at("1-charger"), NOW);
        assertTrue(result.fault().isPresent(), result.toString());
    }
}
