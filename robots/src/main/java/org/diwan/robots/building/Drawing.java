package org.diwan.robots.building;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.building.FloorDrawing.Frame;

/// A building as a picture of one floor, and as a page that shows one floor large, all of them small, the lifts in
/// their shafts, and the robots on their way. Everything is in the page; what moves comes as a [View] every second.
public final class Drawing {
    private static final Pattern PART = Pattern.compile("\\{\\{([A-Z]+)}}");

    /// Languages of the page, by tag and own name.
    private static final Map<String, String> LANGUAGES = languages();

    /// Pixels for a unit of the drawing, so that names in a small building are not shouted.
    private static final double MAX_ZOOM = 1.7;

    private final Building building;
    private final String language;
    private final Frame frame;

    private Drawing(Building building, String language) {
        this.building = building;
        this.language = language;
        frame = Frame.of(building);
    }

    private static Map<String, String> languages() {
        var languages = new LinkedHashMap<String, String>();
        languages.put("en", "English");
        languages.put("ar", "العربية");
        languages.put("ko", "한국어");
        return languages;
    }

    /// A floor as an SVG file that needs nothing else.
    ///
    /// @param language of names, as RFC 5646 has them
    /// @throws IllegalArgumentException if there is no such floor
    public static String floor(Building building, String floor, String language) {
        var drawing = new Drawing(building, language);
        var found = building.floors().stream()
                .filter(one -> one.id().equals(floor))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no floor '" + floor + "' in " + building.name()));
        var groups = new FloorDrawing(building, found, language, drawing.frame);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"floor\" viewBox=\"" + drawing.frame.viewBox()
                + "\">\n<style>" + resource("floor.css") + "</style>\n<defs>" + FloorDrawing.definitions()
                + "</defs>\n" + groups.plan() + "\n" + groups.detail() + "\n</svg>\n";
    }

    /// A page that asks `live` for a [View] every second.
    ///
    /// @param language `en`, `ar` or `ko`; English where it is none of these
    /// @param live an address, relative to the page's
    public static String page(Building building, String language, String live) {
        return new Drawing(building, language).page(live, View.EMPTY);
    }

    /// A page that shows `view` and asks for nothing.
    public static String preview(Building building, String language, View view) {
        return new Drawing(building, language).page("", view);
    }

    private String page(String live, View view) {
        String tag = LANGUAGES.containsKey(language) ? language : "en";
        var definitions = new StringBuilder(FloorDrawing.definitions());
        var floors = new StringBuilder();
        for (var floor : building.floors()) {
            var groups = new FloorDrawing(building, floor, tag, frame);
            definitions.append('\n').append(groups.plan()).append('\n').append(groups.detail());
        }
        // The highest first, as in the building.
        for (var floor : building.floors().reversed()) {
            String id = FloorDrawing.text(floor.id());
            floors.append("<button data-floor=\"%s\" aria-pressed=\"false\">%s<span></span>".formatted(id, id))
                    .append("<svg class=\"floor\" viewBox=\"%s\" aria-hidden=\"true\">".formatted(frame.viewBox()))
                    .append("<use href=\"#plan-%s\"/><g id=\"dots-%s\"></g></svg></button>\n".formatted(id, id));
        }
        var languages = new StringBuilder();
        LANGUAGES.forEach((other, name) -> languages.append("<a href=\"?language=%s\" lang=\"%s\"%s>%s</a>"
                .formatted(other, other, other.equals(tag) ? " aria-current=\"true\"" : "", name)));
        var parts = Map.of(
                "LANGUAGES", languages.toString(),
                "LANGUAGE", tag,
                "DIRECTION", tag.equals("ar") ? "rtl" : "ltr",
                "NAME", FloorDrawing.text(building.name()),
                "STYLE", resource("floor.css"),
                "VIEW", frame.viewBox(),
                "WIDTH", Long.toString(Math.round((frame.east() - frame.west()) * FloorDrawing.SCALE * MAX_ZOOM)),
                "DEFINITIONS", definitions.toString(),
                "FLOORS", floors.toString(),
                "DATA", CanonicalJson.text(data(live, view, tag)).replace("<", "\\u003c"));
        return PART.matcher(resource("floors.html"))
                .replaceAll(part -> Matcher.quoteReplacement(parts.getOrDefault(part.group(1), part.group())));
    }

    private Map<String, Object> data(String live, View view, String tag) {
        var places = new LinkedHashMap<String, Object>();
        var names = new LinkedHashMap<String, Object>();
        var cabins = new HashSet<String>();
        for (var lift : building.lifts()) cabins.add(lift.cabin());
        for (var place : building.places()) {
            String floor = cabins.contains(place.id()) ? "" : place.floor();
            places.put(place.id(), List.of(place.x(), place.y(), floor));
            FloorDrawing.name(place, tag).ifPresent(name -> names.put(place.id(), name));
        }
        var floors = new ArrayList<Object>();
        for (var floor : building.floors()) floors.add(Map.of("id", floor.id(), "elevation", floor.elevation()));
        var lifts = new ArrayList<Object>();
        for (var lift : building.lifts())
            lifts.add(Map.of(
                    "id", lift.id(), "floors", List.copyOf(lift.landings().keySet())));
        var data = new LinkedHashMap<String, Object>();
        data.put("west", frame.west());
        data.put("north", frame.north());
        data.put("scale", FloorDrawing.SCALE);
        data.put("floors", floors);
        data.put("lifts", lifts);
        data.put("places", places);
        data.put("names", names);
        data.put("live", live);
        data.put("view", view.tree());
        return data;
    }

    private static String resource(String name) {
        try (var in = Drawing.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException(name + " is not in the jar");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name.toLowerCase(Locale.ROOT) + " cannot be read from the jar", e);
        }
    }
}
