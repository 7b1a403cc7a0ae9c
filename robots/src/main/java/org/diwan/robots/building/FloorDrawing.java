package org.diwan.robots.building;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.Building.Zone;

/// One floor as two groups of SVG: the plan (ground, zones, walls), which reads at any size, and the detail (lanes,
/// doors, lifts, places with their names), which is for a floor seen alone. Styled by `floor.css`.
final class FloorDrawing {
    /// Units of the drawing for a metre.
    static final double SCALE = 20;

    /// Round the building, metres.
    private static final double MARGIN = 1;

    /// Letters of a name on one line, where it has a space to break at.
    private static final int MAX_LINE = 10;

    private static final Map<Zone.Kind, Map<String, String>> LAW = Map.of(
            Zone.Kind.PRIVACY, Map.of("en", "cameras off", "ar", "الكاميرات مطفأة", "ko", "카메라 꺼짐"),
            Zone.Kind.RESTRICTED, Map.of("en", "by permission", "ar", "بإذن فقط", "ko", "허가 필요"),
            Zone.Kind.RELEASE, Map.of("en", "one at a time", "ar", "واحد في كل مرة", "ko", "한 대씩"));

    /// What is seen of a building, metres: all of its places and walls.
    record Frame(double west, double south, double east, double north) {
        static Frame of(Building building) {
            double west = Double.MAX_VALUE;
            double south = Double.MAX_VALUE;
            double east = -Double.MAX_VALUE;
            double north = -Double.MAX_VALUE;
            var points = new ArrayList<double[]>();
            for (var place : building.places()) points.add(new double[] {place.x(), place.y()});
            for (var floor : building.floors())
                for (var wall : floor.walls()) {
                    points.add(new double[] {wall.x1(), wall.y1()});
                    points.add(new double[] {wall.x2(), wall.y2()});
                }
            for (double[] point : points) {
                west = Math.min(west, point[0]);
                east = Math.max(east, point[0]);
                south = Math.min(south, point[1]);
                north = Math.max(north, point[1]);
            }
            return points.isEmpty()
                    ? new Frame(0, 0, 1, 1)
                    : new Frame(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN);
        }

        String viewBox() {
            return String.format(Locale.ROOT, "0 0 %.1f %.1f", (east - west) * SCALE, (north - south) * SCALE);
        }
    }

    private final Building building;
    private final Floor floor;
    private final String language;
    private final Frame frame;
    private final Map<String, Place> places = new HashMap<>();
    private final List<Lane> lanes;
    private final StringBuilder out = new StringBuilder();

    FloorDrawing(Building building, Floor floor, String language, Frame frame) {
        this.building = building;
        this.floor = floor;
        this.language = language;
        this.frame = frame;
        for (var place : building.places()) places.put(place.id(), place);
        lanes = building.lanes().stream()
                .filter(lane -> place(lane.from()).floor().equals(floor.id()))
                .toList();
    }

    /// What the groups refer to; once for a page.
    static String definitions() {
        return "<pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\""
                + " patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M4 0V8\"/></pattern>"
                + "<marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"4\" refY=\"4\" markerWidth=\"10\""
                + " markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
                + "<path class=\"arrow\" d=\"M0 0 8 4 0 8z\"/></marker>";
    }

    private Place place(String id) {
        return Optional.ofNullable(places.get(id))
                .orElseThrow(() -> new BuildingException("no place '" + id + "' to draw"));
    }

    private double x(double metres) {
        return (metres - frame.west()) * SCALE;
    }

    private double y(double metres) {
        return (frame.north() - metres) * SCALE;
    }

    // --- the plan ------------------------------------------------------------------------------------

    String plan() {
        out.setLength(0);
        write("<g id=\"plan-%s\">", text(floor.id()));
        write(
                "<rect class=\"ground\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\"/>",
                MARGIN * SCALE,
                MARGIN * SCALE,
                (frame.east() - frame.west() - 2 * MARGIN) * SCALE,
                (frame.north() - frame.south() - 2 * MARGIN) * SCALE);
        for (var zone : zones()) {
            var points = new StringBuilder();
            for (var corner : zone.outline())
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(corner.x()), y(corner.y())));
            write(
                    "<polygon class=\"zone %s\" points=\"%s\"/>",
                    kind(zone), points.toString().strip());
        }
        write("<path class=\"wall\" d=\"");
        double[] end = {Double.NaN, Double.NaN};
        for (var wall : floor.walls()) {
            if (wall.x1() != end[0] || wall.y1() != end[1]) write("M%.1f %.1f", x(wall.x1()), y(wall.y1()));
            write("L%.1f %.1f", x(wall.x2()), y(wall.y2()));
            end = new double[] {wall.x2(), wall.y2()};
        }
        write("\"/></g>");
        return out.toString();
    }

    private List<Zone> zones() {
        return building.zones().stream()
                .filter(zone -> zone.floor().equals(floor.id()))
                .toList();
    }

    private static String kind(Zone zone) {
        return BuildingFile.word(zone.kind());
    }

    // --- the detail ----------------------------------------------------------------------------------

    String detail() {
        out.setLength(0);
        write("<g id=\"detail-%s\">", text(floor.id()));
        ways();
        for (var lift : building.lifts()) lift(lift);
        for (var lane : lanes) if (lane.door().isPresent()) door(lane);
        for (var place : building.places()) if (place.floor().equals(floor.id())) place(place);
        for (var zone : zones()) law(zone);
        write("</g>");
        return out.toString();
    }

    private void ways() {
        write("<path class=\"lane\" d=\"");
        String end = "";
        for (var lane : lanes) {
            var from = place(lane.from());
            var to = place(lane.to());
            if (!lane.from().equals(end)) write("M%.1f %.1f", x(from.x()), y(from.y()));
            write("L%.1f %.1f", x(to.x()), y(to.y()));
            end = lane.to();
        }
        write("\"/>");
        for (var lane : lanes) {
            if (!lane.oneWay()) continue;
            var from = place(lane.from());
            var to = place(lane.to());
            write(
                    "<path class=\"lane way\" marker-mid=\"url(#arrow)\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1f\"/>",
                    x(from.x()),
                    y(from.y()),
                    x((from.x() + to.x()) / 2),
                    y((from.y() + to.y()) / 2),
                    x(to.x()),
                    y(to.y()));
        }
    }

    private void lift(Lift lift) {
        String landing = lift.landings().get(floor.id());
        if (landing == null) return;
        var cabin = place(lift.cabin());
        var before = place(landing);
        write(
                "<g data-lift=\"%s\" class=\"lift\"><rect class=\"shaft\" x=\"%.1f\" y=\"%.1f\" width=\"32\""
                        + " height=\"32\" rx=\"3\"/>",
                text(lift.id()), x(cabin.x()) - 16, y(cabin.y()) - 16);
        double metres = Math.max(0.01, Math.hypot(before.x() - cabin.x(), before.y() - cabin.y()));
        bar(
                cabin.x() + (before.x() - cabin.x()) * 0.85 / metres,
                cabin.y() + (before.y() - cabin.y()) * 0.85 / metres,
                before.x() - cabin.x(),
                before.y() - cabin.y());
        write(
                "<text x=\"%.1f\" y=\"%.1f\">%s</text></g>",
                x(cabin.x()), y(cabin.y()) + 4.3, text(lift.id().replaceFirst("^.*[-_.](?=.)", "")));
    }

    private void door(Lane lane) {
        var from = place(lane.from());
        var to = place(lane.to());
        write("<g data-door=\"%s\">", text(lane.door().orElse("")));
        bar((from.x() + to.x()) / 2, (from.y() + to.y()) / 2, to.x() - from.x(), to.y() - from.y());
        write("</g>");
    }

    /// A door leaf at a point, across a direction.
    private void bar(double x, double y, double dx, double dy) {
        double length = Math.max(0.01, Math.hypot(dx, dy));
        double ax = -dy / length * 0.6;
        double ay = dx / length * 0.6;
        write(
                "<line class=\"door\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                x(x - ax), y(y - ay), x(x + ax), y(y + ay));
    }

    private void place(Place place) {
        if (building.lifts().stream().anyMatch(lift -> lift.cabin().equals(place.id()))) return;
        boolean charger = place.uses().contains(Use.CHARGER);
        if (charger || place.uses().contains(Use.PARKING)) {
            write(
                    "<rect class=\"bay\" x=\"%.1f\" y=\"%.1f\" width=\"20\" height=\"20\" rx=\"4\"/>",
                    x(place.x()) - 10, y(place.y()) - 10);
            if (charger)
                write(
                        "<path class=\"bolt\" transform=\"translate(%.1f %.1f)\""
                                + " d=\"M1.5-7-4.5 1.2H-.6L-1.5 7 4.5-1.2H.6z\"/>",
                        x(place.x()), y(place.y()));
            else write("<text x=\"%.1f\" y=\"%.1f\">P</text>", x(place.x()), y(place.y()) + 4);
        } else if (place.uses().contains(Use.ROOM) || !place.names().isEmpty()) {
            write("<circle class=\"spot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", x(place.x()), y(place.y()));
        }
        name(place, language).ifPresent(name -> label(place, name));
    }

    /// In that language, or in English, or in any; the id of a room without.
    static Optional<String> name(Place place, String language) {
        String name = place.names().get(language);
        if (name == null) name = place.names().get("en");
        if (name == null)
            name = place.names().values().stream().sorted().findFirst().orElse(null);
        if (name == null && place.uses().contains(Use.ROOM)) name = place.id();
        return Optional.ofNullable(name);
    }

    /// On the side of the place that is away from its lane, so that neither lies on the other.
    private void label(Place place, String name) {
        double dx = 0;
        double dy = 0;
        for (var lane : lanes) {
            if (!lane.from().equals(place.id()) && !lane.to().equals(place.id())) continue;
            var other = place(lane.from().equals(place.id()) ? lane.to() : lane.from());
            dx += place.x() - other.x();
            dy += place.y() - other.y();
        }
        var lines = lines(name);
        boolean across = Math.abs(dx) > Math.abs(dy);
        double up = across || dy >= 0 ? 0.8 + 0.62 * (lines.size() - 1) : -1.3;
        double left = across ? Math.signum(dx) * 0.6 : 0;
        for (int i = 0; i < lines.size(); i++)
            write(
                    "<text class=\"name\" x=\"%.1f\" y=\"%.1f\"%s>%s</text>",
                    x(place.x() + left),
                    y(place.y() + up - 0.62 * i),
                    isRightToLeft() ? " direction=\"rtl\"" : "",
                    text(lines.get(i)));
    }

    private boolean isRightToLeft() {
        return language.equals("ar");
    }

    /// At most two.
    private static List<String> lines(String name) {
        if (name.length() <= MAX_LINE) return List.of(name);
        int middle = -1;
        for (int i = 1; i < name.length() - 1; i++) {
            boolean nearer = Math.abs(i - name.length() / 2) < Math.abs(middle - name.length() / 2);
            if (name.charAt(i) == ' ' && (middle < 0 || nearer)) middle = i;
        }
        return middle < 0 ? List.of(name) : List.of(name.substring(0, middle), name.substring(middle + 1));
    }

    /// What holds in a zone, in its upper corner where the text begins.
    private void law(Zone zone) {
        double west = Double.MAX_VALUE;
        double east = -Double.MAX_VALUE;
        double north = -Double.MAX_VALUE;
        for (var corner : zone.outline()) {
            west = Math.min(west, corner.x());
            east = Math.max(east, corner.x());
            north = Math.max(north, corner.y());
        }
        var words = LAW.getOrDefault(zone.kind(), Map.of());
        String word = words.getOrDefault(language, words.getOrDefault("en", ""));
        String law =
                zone.speed().map(speed -> "≤ " + NumberText.of(speed) + " m/s").orElse(word);
        write(
                "<text class=\"law %s\" x=\"%.1f\" y=\"%.1f\"%s>%s</text>",
                kind(zone),
                x(isRightToLeft() ? east - 0.3 : west + 0.3),
                y(north - 0.7),
                isRightToLeft() ? " direction=\"rtl\"" : "",
                text(law));
    }

    /// `text` as content, or as the value of an attribute in double quotes.
    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @FormatMethod
    private void write(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
