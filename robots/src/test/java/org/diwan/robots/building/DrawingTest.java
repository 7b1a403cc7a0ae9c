package org.diwan.robots.building;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.View.Cabin;
import org.diwan.robots.building.View.Doing;
import org.diwan.robots.building.View.Jobs;
import org.diwan.robots.building.View.Robot;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/// Oracles: an XML parser, the building itself counted, and names that would break out of a page. How it looks is
/// for eyes: `target/pictures` has the pages that this test makes.
class DrawingTest {
    private static final Building TOWER = TowerPlan.of(36, 8);

    @Test
    void aFloorIsWellFormedAndHasAllThatIsThere() throws Exception {
        for (String language : List.of("en", "ar", "ko")) {
            var svg = xml(Drawing.floor(TOWER, "24", language));
            assertEquals(8, count(svg, "g", "lift"));
            assertEquals(1, count(svg, "polygon", "zone restricted"));
            // Twelve rooms and the treasury; a name may take two lines.
            assertTrue(count(svg, "text", "name") >= 13);
            assertEquals(9, count(svg, "rect", "bay"));
        }
        assertThrows(IllegalArgumentException.class, () -> Drawing.floor(TOWER, "37", "en"));
    }

    @Test
    void namesAreInTheReadersLanguage() {
        assertTrue(Drawing.floor(TOWER, "24", "ar").contains("الخزينة"));
        assertTrue(Drawing.floor(TOWER, "24", "ko").contains("금고실"));
        assertTrue(Drawing.floor(TOWER, "24", "fr").contains("Treasury"));
        assertTrue(Drawing.page(TOWER, "ar", "live").contains("<html lang=\"ar\" dir=\"rtl\">"));
    }

    @Test
    void aPageHasEachFloorOnceAndNothingToFill() {
        String page = Drawing.page(TOWER, "en", "live");
        for (int floor = 1; floor <= 36; floor++) {
            assertEquals(
                    1,
                    Pattern.compile("id=\"plan-" + floor + "\"")
                            .matcher(page)
                            .results()
                            .count());
            assertEquals(
                    1,
                    Pattern.compile("id=\"detail-" + floor + "\"")
                            .matcher(page)
                            .results()
                            .count());
            assertEquals(
                    1,
                    Pattern.compile("id=\"dots-" + floor + "\"")
                            .matcher(page)
                            .results()
                            .count());
        }
        assertFalse(page.contains("{{"), "a part is missing");
    }

    @Test
    void noNameBreaksOutOfThePage() throws Exception {
        String evil = "</script><script>alert(1)</script>\"'&{{NAME}}";
        String yaml = """
                building: "%s"
                floors:
                  1:
                    elevation: 0
                    places: {a: [0, 0, room, en: "%s"], b: [2, 0]}
                    lanes: [[a, b]]
                """.formatted(evil.replace("\"", "\\\""), evil.replace("\"", "\\\""));
        var building = BuildingFile.parse(yaml);
        String page = Drawing.page(building, "en", "live");
        assertEquals(1, Pattern.compile("<script>").matcher(page).results().count());
        assertEquals(1, Pattern.compile("</script>").matcher(page).results().count());
        xml(Drawing.floor(building, "1", "en"));
    }

    @Test
    void aViewIsWrittenMemberByMember() {
        var view = new View(
                Instant.parse("2026-01-01T00:00:00Z"),
                List.of(new Robot("r-1", "3", 1.5, 2, 0.5, 80, "coffee", "j-1", Doing.DRIVING, List.of("a", "b"))),
                List.of(new Cabin("lift-1", "3", 8, true, "r-1")),
                new Jobs(1, 2, 3, 4));
        assertEquals(
                "{\"jobs\":{\"done\":3,\"refused\":4,\"running\":1,\"waiting\":2},\"lifts\":[{\"floor\":\"3\","
                        + "\"height\":8,\"holder\":\"r-1\",\"id\":\"lift-1\",\"open\":true}],\"robots\":[{"
                        + "\"battery\":80,\"doing\":\"driving\",\"floor\":\"3\",\"job\":\"j-1\",\"load\":\"coffee\","
                        + "\"next\":[\"a\",\"b\"],\"serial\":\"r-1\",\"theta\":0.5,\"x\":1.5,\"y\":2}],"
                        + "\"time\":\"2026-01-01T00:00:00Z\"}",
                view.json());
    }

    @Test
    void pagesToLookAt() throws IOException {
        var pictures = Files.createDirectories(Path.of("target", "pictures"));
        for (String language : List.of("en", "ar", "ko"))
            Files.writeString(pictures.resolve("tower-" + language + ".html"), preview(language));
        for (String name : List.of("clinic", "ministry")) {
            var building = BuildingFile.read(Path.of("..", "recipes", "robots", name + ".yaml"));
            String page = Drawing.preview(building, "en", crowd(building, 6));
            Files.writeString(pictures.resolve(name + ".html"), page);
            Files.writeString(
                    pictures.resolve(name + ".svg"),
                    Drawing.floor(building, building.floors().getFirst().id(), "ar"));
        }
    }

    private static String preview(String language) {
        return Drawing.preview(TOWER, language, crowd(TOWER, 110));
    }

    /// Robots anywhere, each with three lanes before it.
    private static View crowd(Building building, int count) {
        var map = new RoadMap(building);
        var random = new SplittableRandom(7);
        var robots = new ArrayList<Robot>();
        var taken = new ArrayList<Integer>();
        while (robots.size() < count) {
            int vertex = random.nextInt(map.size());
            if (taken.contains(vertex)) continue;
            taken.add(vertex);
            var next = new ArrayList<String>();
            int at = vertex;
            for (int i = 0; i < 4 && random.nextInt(4) > 0; i++) {
                var arcs = map.out(at);
                at = arcs.get(random.nextInt(arcs.size())).to();
                next.add(map.place(at).id());
            }
            robots.add(robot(map.place(vertex), robots.size() + 1, next, map, random));
        }
        var lifts = building.lifts().stream()
                .map(lift -> {
                    var floors = List.copyOf(lift.landings().keySet());
                    String floor = floors.get(random.nextInt(floors.size()));
                    return new Cabin(lift.id(), floor, 4 * (Integer.parseInt(floor) - 1), random.nextBoolean(), "");
                })
                .toList();
        return new View(Instant.parse("2026-01-01T08:00:00Z"), robots, lifts, new Jobs(41, 7, 1312, 3));
    }

    private static Robot robot(Place at, int number, List<String> next, RoadMap map, SplittableRandom random) {
        double theta = 0;
        if (!next.isEmpty()) {
            var to = map.place(map.vertex(next.getFirst()));
            theta = Math.atan2(to.y() - at.y(), to.x() - at.x());
        }
        boolean charges = at.uses().contains(Use.CHARGER);
        var doing = charges
                ? Doing.CHARGING
                : next.isEmpty()
                        ? random.nextInt(8) == 0 ? Doing.FAULT : Doing.IDLE
                        : random.nextBoolean() ? Doing.ACTING : Doing.DRIVING;
        return new Robot(
                "r-%03d".formatted(number),
                at.floor(),
                at.x(),
                at.y(),
                theta,
                random.nextInt(8, 100),
                random.nextBoolean() ? "coffee" : "",
                next.isEmpty() ? "" : "job-" + number,
                doing,
                next);
    }

    private static Document xml(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static long count(Document svg, String element, String classes) {
        var all = svg.getElementsByTagName(element);
        long count = 0;
        for (int i = 0; i < all.getLength(); i++) {
            var attribute = all.item(i).getAttributes().getNamedItem("class");
            if (attribute != null && attribute.getNodeValue().equals(classes)) count++;
        }
        return count;
    }
}
