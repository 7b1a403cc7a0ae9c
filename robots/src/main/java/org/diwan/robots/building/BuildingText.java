package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.Building.Wall;
import org.diwan.robots.building.Building.Zone;

/// Writes what [BuildingFile] reads, with its shorthand: rows of evenly spaced waypoints, chains of lanes, walls that
/// go on where the last one ends.
final class BuildingText {
    /// Where long lists are broken.
    private static final int MAX_LINE = 110;

    /// Read back as it stands, in lists too; all else is quoted.
    private static final Pattern PLAIN =
            Pattern.compile("[\\p{L}\\p{N}_]([\\p{L}\\p{M}\\p{N}_./() -]*[\\p{L}\\p{M}\\p{N}_./()-])?");

    private final Building building;
    private final StringBuilder out = new StringBuilder();

    BuildingText(Building building) {
        this.building = building;
    }

    String write() {
        out.append("building: ").append(scalar(building.name())).append('\n');
        if (!building.cutOff().isEmpty())
            list(
                    "cut-off: ",
                    new TreeSet<>(building.cutOff())
                            .stream().map(BuildingText::scalar).toList());
        out.append("floors:\n");
        for (var floor : building.floors()) floor(floor);
        if (!building.lifts().isEmpty()) out.append("lifts:\n");
        for (var lift : building.lifts()) lift(lift);
        return out.toString();
    }

    private void floor(Floor floor) {
        out.append("  ").append(scalar(floor.id())).append(":\n");
        out.append("    elevation: ").append(NumberText.of(floor.elevation())).append('\n');
        var cabins = new TreeSet<>(building.lifts().stream().map(Lift::cabin).toList());
        var places = building.places().stream()
                .filter(place -> place.floor().equals(floor.id()) && !cabins.contains(place.id()))
                .toList();
        places(places);
        var here = new TreeSet<>(places.stream().map(Place::id).toList());
        lanes(building.lanes().stream()
                .filter(lane -> here.contains(lane.from()))
                .toList());
        block(
                "doors",
                building.doors().stream()
                        .filter(door -> door.floor().equals(floor.id()))
                        .map(door -> scalar(door.id()) + ": " + NumberText.of(door.openTime()))
                        .toList());
        block(
                "zones",
                building.zones().stream()
                        .filter(zone -> zone.floor().equals(floor.id()))
                        .map(BuildingText::zone)
                        .toList());
        if (!floor.walls().isEmpty()) list("    walls: ", walls(floor.walls()));
    }

    private void block(String name, List<String> lines) {
        if (!lines.isEmpty()) out.append("    ").append(name).append(":\n");
        for (String line : lines) out.append("      ").append(line).append('\n');
    }

    private void places(List<Place> places) {
        var ids = places.stream().map(Place::id).toList();
        var lines = new ArrayList<String>();
        for (int i = 0, length; i < places.size(); i += length) {
            length = rowLength(places, i, Range.run(ids, i));
            if (length < 3) length = 1;
            var first = places.get(i);
            var last = places.get(i + length - 1);
            lines.add(
                    length == 1
                            ? place(first)
                            : scalar(first.id() + ".." + last.id()) + ": [" + point(at(first)) + ", " + point(at(last))
                                    + "]");
        }
        block("places", lines);
    }

    /// How many of at most `most` places from `from` on are bare and evenly spaced.
    private static int rowLength(List<Place> places, int from, int most) {
        int length = 0;
        while (length < most) {
            var place = places.get(from + length);
            if (!place.names().isEmpty() || !place.uses().isEmpty()) break;
            if (length >= 2 && !even(places, from + length)) break;
            length++;
        }
        while (length >= 3 && !isRow(places.subList(from, from + length))) length--;
        return length;
    }

    private static boolean even(List<Place> places, int third) {
        var a = places.get(third - 2);
        var b = places.get(third - 1);
        var c = places.get(third);
        return Math.hypot(a.x() - 2 * b.x() + c.x(), a.y() - 2 * b.y() + c.y()) < 0.005;
    }

    private static boolean isRow(List<Place> places) {
        for (int i = 0; i < places.size(); i++) {
            var exact = Range.between(at(places.getFirst()), at(places.getLast()), i, places.size());
            if (!exact.equals(at(places.get(i)))) return false;
        }
        return true;
    }

    private static String place(Place place) {
        var items = new ArrayList<String>();
        items.add(NumberText.of(place.x()));
        items.add(NumberText.of(place.y()));
        for (var use : new TreeSet<>(place.uses())) items.add(BuildingFile.word(use));
        new TreeMap<>(place.names()).forEach((language, name) -> items.add(scalar(language) + ": " + scalar(name)));
        return scalar(place.id()) + ": [" + String.join(", ", items) + "]";
    }

    private void lanes(List<Lane> lanes) {
        var lines = new ArrayList<String>();
        for (int i = 0, end; i < lanes.size(); i = end) {
            var first = lanes.get(i);
            var chain = new ArrayList<>(List.of(first.from(), first.to()));
            for (end = i + 1; end < lanes.size() && goesOn(lanes.get(end - 1), lanes.get(end)); end++)
                chain.add(lanes.get(end).to());
            var items = shortened(chain);
            if (first.oneWay()) items.add("one-way: true");
            first.speed().ifPresent(speed -> items.add("speed: " + NumberText.of(speed)));
            first.door().ifPresent(door -> items.add("door: " + scalar(door)));
            lines.add("- [" + String.join(", ", items) + "]");
        }
        block("lanes", lines);
    }

    private static boolean goesOn(Lane before, Lane lane) {
        return lane.from().equals(before.to())
                && lane.oneWay() == before.oneWay()
                && lane.speed().equals(before.speed())
                && lane.door().equals(before.door());
    }

    private static List<String> shortened(List<String> chain) {
        var items = new ArrayList<String>();
        for (int i = 0, length; i < chain.size(); i += length) {
            length = Range.run(chain, i);
            if (length < 3) length = 1;
            items.add(scalar(length == 1 ? chain.get(i) : chain.get(i) + ".." + chain.get(i + length - 1)));
        }
        return items;
    }

    private static String zone(Zone zone) {
        var items = new ArrayList<String>();
        items.add(BuildingFile.word(zone.kind())
                + zone.speed().map(speed -> ": " + NumberText.of(speed)).orElse(""));
        for (var corner : zone.outline()) items.add(point(corner));
        return scalar(zone.id()) + ": [" + String.join(", ", items) + "]";
    }

    private static List<String> walls(List<Wall> walls) {
        var lines = new ArrayList<String>();
        var line = new ArrayList<String>();
        Optional<Point> end = Optional.empty();
        for (var wall : walls) {
            var from = new Point(wall.x1(), wall.y1());
            if (!end.equals(Optional.of(from))) {
                if (!line.isEmpty()) lines.add("[" + String.join(", ", line) + "]");
                line.clear();
                line.add(point(from));
            }
            var to = new Point(wall.x2(), wall.y2());
            line.add(point(to));
            end = Optional.of(to);
        }
        lines.add("[" + String.join(", ", line) + "]");
        return lines;
    }

    private void lift(Lift lift) {
        var cabin = building.places().stream()
                .filter(place -> place.id().equals(lift.cabin()))
                .findFirst()
                .orElseThrow(() -> new BuildingException("lift " + lift.id() + " has no place " + lift.cabin()));
        out.append("  ").append(scalar(lift.id())).append(":\n");
        out.append("    at: ").append(point(at(cabin))).append('\n');
        if (!lift.cabin().equals(lift.id()))
            out.append("    cabin: ").append(scalar(lift.cabin())).append('\n');
        out.append("    speed: ").append(NumberText.of(lift.speed())).append('\n');
        out.append("    door-time: ").append(NumberText.of(lift.doorTime())).append('\n');
        var landings = new ArrayList<String>();
        lift.landings().forEach((floor, place) -> landings.add(scalar(floor) + ": " + scalar(place)));
        wrapped("    landings: ", '{', landings, '}');
    }

    private void list(String head, List<String> items) {
        wrapped(head, '[', items, ']');
    }

    private void wrapped(String head, char open, List<String> items, char close) {
        var line = new StringBuilder(head).append(open);
        for (int i = 0; i < items.size(); i++) {
            String item = items.get(i) + (i + 1 < items.size() ? "," : "");
            if (line.length() + item.length() > MAX_LINE) {
                out.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder("      ");
            }
            line.append(item).append(i + 1 < items.size() ? " " : "");
        }
        out.append(line).append(close).append('\n');
    }

    private static Point at(Place place) {
        return new Point(place.x(), place.y());
    }

    private static String point(Point point) {
        return "[" + NumberText.of(point.x()) + ", " + NumberText.of(point.y()) + "]";
    }

    static String scalar(String text) {
        if (PLAIN.matcher(text).matches()) return text;
        var quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') quoted.append('\\').appendCodePoint(c);
            else if (c == ' ' || isVisible(c)) quoted.appendCodePoint(c);
            else quoted.append("\\U%08x".formatted(c));
        });
        return quoted.append('"').toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
