package org.diwan.robots.building;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Oracles: coordinates worked out by hand; what was exported imports to the same building; the official schema of
/// LIF; real maps of Open-RMF's demonstrations and LIF's example in `$DIWAN_DATA/robots`, which are not committed.
class ExchangeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /// Pixels, 0.1 m each; level L2 is drawn at twice the size, turned by a quarter, and elsewhere.
    private static final String MAP = """
            name: two levels
            coordinate_system: reference_image
            levels:
              L1:
                elevation: 0
                measurements: [[0, 1, {distance: [3, 10]}]]
                fiducials: [[0, 0, a], [100, 0, b]]
                vertices:
                  - [0, 0, 0, ""]
                  - [100, 0, 0, ""]
                  - [0, 20, 0, "", {}]
                  - [40, 20, 0, Front desk!, {pickup_dispenser: [1, d], is_holding_point: [4, true]}]
                  - [60, 20, 0, dock, {is_charger: [4, true], is_parking_spot: [4, true]}]
                  - [20, 40, 0, "", {lift_cabin: [1, Lift1]}]
                  - [50, 10, 0, ""]
                  - [50, 30, 0, ""]
                  - [80, 80, 0, nowhere, {}]
                lanes:
                  - [2, 5, {bidirectional: [4, true], graph_idx: [2, 0], speed_limit: [3, 0]}]
                  - [2, 3, {bidirectional: [4, false], graph_idx: [2, 0], speed_limit: [3, 0]}]
                  - [3, 2, {bidirectional: [4, false], graph_idx: [2, 1], speed_limit: [3, 0]}]
                  - [3, 4, {bidirectional: [4, true], graph_idx: [2, 1], speed_limit: [3, 0.5]}]
                doors: [[6, 7, {name: [1, door1]}]]
                walls: [[0, 1, {alpha: [3, 1]}]]
                models: []
              L2:
                elevation: 5
                fiducials: [[300, 0, a], [300, 200, b]]
                vertices:
                  - [260, 0, 0, Front desk!, {}]
                  - [260, 40, 0, "", {lift_cabin: [1, Lift1]}]
                lanes: [[0, 1, {bidirectional: [4, true]}]]
            lifts:
              Lift1: {x: 20, y: 40, yaw: 0, reference_floor_name: L1, level_doors: {L1: [d], L2: [d]}}
              Lift2: {x: 90, y: 90, reference_floor_name: L1, level_doors: {L1: [d]}}
            """;

    @Test
    void pixelsBecomeMetresAndLevelsLieOnEachOther() {
        var imported = Import.openRmf(MAP);
        var building = imported.building();
        assertEquals(
                List.of(
                        new Place("L1-2", "L1", 0, -2, Map.of(), Set.of()),
                        new Place(
                                "Front_desk_", "L1", 4, -2, Map.of("und", "Front desk!"), Set.of(Use.ROOM, Use.PICKUP)),
                        new Place("dock", "L1", 6, -2, Map.of("und", "dock"), Set.of(Use.CHARGER, Use.PARKING)),
                        // A quarter turned: 40 pixels of 0.05 m to the left are 2 m down.
                        new Place("Front_desk_-L2", "L2", 0, -2, Map.of("und", "Front desk!"), Set.of(Use.ROOM)),
                        new Place("Lift1", "L1", 2, -4, Map.of(), Set.of())),
                building.places());
        assertEquals(
                List.of(
                        new Lane("L1-2", "Front_desk_", false, Optional.empty(), Optional.empty()),
                        new Lane("Front_desk_", "dock", false, Optional.of(0.5), Optional.of("door1"))),
                building.lanes());
        assertEquals(
                Map.of("L1", "L1-2", "L2", "Front_desk_-L2"),
                building.lifts().getFirst().landings());
        assertEquals(Set.of(), building.cutOff());
        assertEquals(
                List.of(
                        "'nowhere' on level L1 is on no lane, and is left out",
                        "lift Lift1 has neither speed nor door time; 1.5 m/s and 4.0 s are supposed",
                        "lift Lift2 is joined to 0 levels by lanes, and is left out",
                        "lanes of the graphs [0, 1] are joined into one road map",
                        "1 × vertices with is_holding_point",
                        "1 × doors without a time; 4.0 s are supposed",
                        "1 × 'models' of a level"),
                imported.losses());
        assertEquals(List.of(), imported.faults());
    }

    @Test
    void islandsAreNamedAndSoAreWrongKinds(@TempDir Path folder) throws IOException {
        var islands = Import.openRmf(MAP.replace("- [3, 4, {bidir", "- [4, 4, {bidir"));
        assertEquals(Set.of("dock"), islands.building().cutOff());
        assertTrue(
                islands.faults().stream().anyMatch(fault -> fault.startsWith("place dock is a charger without")),
                islands.faults() + "");
        var globe =
                assertThrows(BuildingException.class, () -> Import.openRmf(MAP.replace("reference_image", "wgs84")));
        assertTrue(String.valueOf(globe.getMessage()).startsWith("line 2, coordinate_system is wgs84, which is not"));
        Path strange = Files.writeString(folder.resolve("map.dwg"), "");
        assertThrows(BuildingException.class, () -> Import.read(strange));
        assertThrows(BuildingException.class, () -> Export.write(TowerPlan.of(2, 1), strange, NOW));
    }

    @Test
    void whatWasExportedImportsToTheSame(@TempDir Path folder) throws IOException {
        roundTrip(Import.openRmf(MAP).building(), folder.resolve("a.building.yaml"));
        var lif = Import.lif(lif()).building();
        roundTrip(lif, folder.resolve("a.json"));
    }

    /// Of a tower, Open-RMF's maps hold all but the zones, LIF only what is on each floor for itself.
    @Test
    void lossesOfATowerAreToldAndNothingElseIsLost(@TempDir Path folder) throws IOException {
        var tower = TowerPlan.of(4, 2);
        var losses = Export.write(tower, folder.resolve("t.building.yaml"), NOW);
        assertEquals(
                List.of(
                        "zone lobby (speed on floor 1) has no place in an Open-RMF map",
                        "zone clinic-2 (privacy on floor 2) has no place in an Open-RMF map",
                        "speeds of lifts and times of doors stand in parameters that only Diwan reads",
                        "names in several languages stand in parameters that only Diwan reads"),
                losses);
        var back = Import.read(folder.resolve("t.building.yaml"));
        assertEquals(List.of(), back.faults());
        var expected = new Building(
                tower.name(),
                tower.floors(),
                tower.places(),
                tower.lanes(),
                tower.lifts(),
                tower.doors(),
                List.of(),
                Set.of());
        assertEquals(expected.places(), back.building().places());
        assertEquals(expected, back.building());
        losses = Export.write(tower, folder.resolve("t.json"), NOW);
        assertTrue(losses.contains("lift lift-1 has no place in a LIF"), losses + "");
        assertTrue(losses.contains("door door-pharmacy has no place in a LIF"), losses + "");
        assertTrue(losses.stream().anyMatch(loss -> loss.endsWith("× places to park")), losses + "");
        var flat = Import.read(folder.resolve("t.json")).building();
        assertEquals(tower.places().size() - 2, flat.places().size());
        assertEquals(tower.lanes().size(), flat.lanes().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [0, 1, {distance   | [0, 99, {distance    | must be the number of a vertex, 0 to 8
            - [100, 0, 0, ""]  | - [100, 0]           | must be [x, y, z, name, parameters]
            speed_limit: [3, 0.5] | speed_limit: [3, fast] | has 'fast' where a number must be
            - [0, 0, 0, ""]    | - [0]                | must begin with x and y
            levels:            | floors:              | lacks 'levels'
            x: 20, y: 40       | y: 40                | lifts.Lift1 lacks 'x'
            """)
    void damageIsNamedWithItsLine(String sound, String damaged, String reason) {
        assertTrue(MAP.contains(sound), sound);
        var refused = assertThrows(BuildingException.class, () -> Import.openRmf(MAP.replace(sound, damaged)));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused.getMessage());
    }

    @Test
    void damagedFilesAreReadOrRefusedNeverWorse() {
        byte[] map = MAP.getBytes(StandardCharsets.UTF_8);
        byte[] lif = lif().getBytes(StandardCharsets.UTF_8);
        Seeded.forAll(3000, random -> {
            boolean json = random.nextBoolean();
            String text = new String(Mutations.of(json ? lif : map, random), StandardCharsets.UTF_8);
            try {
                var imported = json ? Import.lif(text) : Import.openRmf(text);
                assertTrue(imported.building().places().size() <= 100);
            } catch (BuildingException refused) {
                assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank());
            }
        });
    }

    // --- peers ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"hotel", "office", "clinic", "airport_terminal", "battle_royale", "triple_H"})
    void realMapsOfOpenRmfAreRead(String name, @TempDir Path folder) throws IOException {
        var imported = Import.read(peers("open-rmf", name + ".building.yaml"));
        var building = imported.building();
        System.out.printf(
                "%s: %d places, %d lanes, %d lifts, %d doors; %d losses; %d faults%n",
                name,
                building.places().size(),
                building.lanes().size(),
                building.lifts().size(),
                building.doors().size(),
                imported.losses().size(),
                imported.faults().size());
        for (String line : imported.losses()) System.out.println("  loss: " + line);
        for (String line : imported.faults()) System.out.println("  fault: " + line);
        assertTrue(building.places().size() > 15 && building.lanes().size() > 15);
        roundTrip(building, folder.resolve(name + ".building.yaml"));
        if (imported.faults().isEmpty()) assertEquals(building, BuildingFile.parse(BuildingFile.text(building)));
    }

    @Test
    void theCampusIsOnTheGlobe() throws IOException {
        var file = peers("open-rmf", "campus.building.yaml");
        assertThrows(BuildingException.class, () -> Import.read(file));
    }

    @Test
    void lifIsReadAndWrittenByItsSchema(@TempDir Path folder) throws IOException {
        var example = Import.read(peers("lif", "example.lif.json"));
        System.out.println(example.losses());
        assertEquals(2, example.building().floors().size());
        roundTrip(example.building(), folder.resolve("b.json"));
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(Files.readString(peers("lif", "lif-schema.json")), InputFormat.JSON);
        for (var building : List.of(example.building(), TowerPlan.of(4, 2))) {
            Export.write(building, folder.resolve("c.json"), NOW);
            assertEquals(List.of(), schema.validate(Files.readString(folder.resolve("c.json")), InputFormat.JSON));
        }
    }

    /// A map of another project, if it is at hand.
    private static Path peers(String folder, String file) {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and maps of others are not committed");
        var path = Path.of(data, "robots", folder, file);
        assumeTrue(Files.exists(path), () -> "skipped: " + path + " is not at hand");
        return path;
    }

    private static void roundTrip(Building building, Path file) throws IOException {
        Export.write(building, file, NOW);
        var back = Import.read(file).building();
        assertEquals(building.places(), back.places());
        assertEquals(building.lanes(), back.lanes());
        assertEquals(building, back, () -> {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                return file.toString();
            }
        });
    }

    private static String lif() {
        return """
                {"metaInformation": {"projectIdentification": "P", "creator": "c", "lifVersion": "1.0.0",
                 "exportTimestamp": "2026-01-01T00:00:00Z"},
                 "layouts": [{"layoutId": "l", "layoutVersion": "1", "layoutLevelId": "L1",
                  "nodes": [
                   {"nodeId": "n 1", "nodeName": "Gate", "nodePosition": {"x": 0.5, "y": -1},
                    "vehicleTypeNodeProperties": [{"vehicleTypeId": "v", "actions": [
                     {"actionType": "pick", "blockingType": "HARD"}, {"actionType": "beep", "blockingType": "NONE"}]}]},
                   {"nodeId": "n2", "nodePosition": {"x": 3, "y": -1},
                    "vehicleTypeNodeProperties": [{"vehicleTypeId": "v", "theta": 1}]}],
                  "edges": [
                   {"edgeId": "e", "startNodeId": "n 1", "endNodeId": "n2", "vehicleTypeEdgeProperties": [
                    {"vehicleTypeId": "v", "maxSpeed": 1}, {"vehicleTypeId": "w", "maxSpeed": 0.7}]},
                   {"edgeId": "f", "startNodeId": "n2", "endNodeId": "n 1",
                    "vehicleTypeEdgeProperties": [{"vehicleTypeId": "v", "maxSpeed": 0.7, "rotationAllowed": true}]}],
                  "stations": [{"stationId": "s", "stationName": "Dock", "interactionNodeIds": ["n2"]}]}]}
                """;
    }

    @Test
    void aLifsEdgesBecomeLanesAndStationsRooms() {
        var imported = Import.lif(lif());
        assertEquals(
                List.of(
                        new Place("n_1", "L1", 0.5, -1, Map.of("und", "Gate"), Set.of(Use.PICKUP)),
                        new Place("n2", "L1", 3, -1, Map.of("und", "Dock"), Set.of(Use.ROOM))),
                imported.building().places());
        assertEquals(
                List.of(new Lane("n_1", "n2", false, Optional.of(0.7), Optional.empty())),
                imported.building().lanes());
        assertEquals(
                List.of(
                        "node 'n 1' is called n_1",
                        "1 × actions beep",
                        "1 × theta of a node",
                        "1 × rotationAllowed of an edge"),
                imported.losses());
    }
}
