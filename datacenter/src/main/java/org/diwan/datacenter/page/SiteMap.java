package org.diwan.datacenter.page;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Region;
import org.diwan.datacenter.inventory.Inventory.Site;

/// Sites by latitude and longitude, as SVG: a frame for each region, from west to east, each drawn to a scale of
/// its own with its parallels and meridians, for sites of one country lie close and countries far apart. A
/// circle's area is the site's servers; an arc is what moves from one site to another.
final class SiteMap {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 300;
    private static final int GAP = 12;

    /// Room for names inside a frame, on each side.
    private static final int MARGIN_X = 74;

    private static final int MARGIN_Y = 62;

    /// Least degrees shown across: a lone site is not stretched over its frame.
    private static final double LEAST_DEGREES = 2;

    /// So many replicas move from one site to another.
    record Arc(String from, String to, int count) {}

    private record Point(double x, double y) {}

    private final Inventory inventory;
    private final String lost;
    private final Map<String, Point> places = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    private SiteMap(Inventory inventory, String lost) {
        this.inventory = inventory;
        this.lost = lost;
    }

    static String svg(Inventory inventory, String lost, List<Arc> arcs) {
        return new SiteMap(inventory, lost).write(arcs);
    }

    private String write(List<Arc> arcs) {
        write(
                "<svg class=\"map\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Sites by latitude and longitude\">",
                WIDTH, HEIGHT);
        out.append("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"11\"")
                .append(" markerHeight=\"11\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">")
                .append("<path d=\"M0 0 8 4 0 8z\" class=\"tip\"/>")
                .append("</marker></defs>");
        var regions = inventory.regions().stream()
                .filter(region -> !region.sites().isEmpty())
                .sorted(Comparator.comparingDouble(region -> mean(region, Site::longitude)))
                .toList();
        double width = (WIDTH - GAP * (regions.size() - 1.0)) / regions.size();
        for (int i = 0; i < regions.size(); i++) frame(regions.get(i), i * (width + GAP), width);
        arcs.forEach(this::arc);
        for (var region : regions) for (var site : region.sites()) site(site);
        return out.append("</svg>").toString();
    }

    private static double mean(Region region, ToDoubleFunction<Site> of) {
        return region.sites().stream().mapToDouble(of).average().orElse(0);
    }

    private static double span(Region region, ToDoubleFunction<Site> of) {
        var values = region.sites().stream().mapToDouble(of).summaryStatistics();
        return Math.max(LEAST_DEGREES, values.getMax() - values.getMin());
    }

    private static double middle(Region region, ToDoubleFunction<Site> of) {
        var values = region.sites().stream().mapToDouble(of).summaryStatistics();
        return (values.getMax() + values.getMin()) / 2;
    }

    /// One scale both ways: a degree of longitude is shorter by the cosine of the latitude.
    private void frame(Region region, double left, double width) {
        double north = middle(region, Site::latitude);
        double east = middle(region, Site::longitude);
        double squeeze = Math.cos(Math.toRadians(north));
        double scale = Math.min(
                (width - 2 * MARGIN_X) / (span(region, Site::longitude) * squeeze),
                (HEIGHT - 2 * MARGIN_Y) / span(region, Site::latitude));
        double centre = left + width / 2;
        write(
                "<rect class=\"frame\" x=\"%.1f\" y=\"0.5\" width=\"%.1f\" height=\"%d\" rx=\"8\"/>",
                left + 0.5, width - 1, HEIGHT - 1);
        double degreesDown = HEIGHT / scale / 2;
        double degreesAcross = width / scale / squeeze / 2;
        int step = degreesDown > 12 ? 10 : degreesDown > 5 ? 5 : 2;
        for (int at = step * (int) Math.ceil((north - degreesDown) / step); at < north + degreesDown; at += step) {
            double y = HEIGHT / 2.0 - (at - north) * scale;
            write(
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    left + 1, left + width - 1, y, y);
            if (y > 44) write("<text class=\"degree\" x=\"%.1f\" y=\"%.1f\">%d° N</text>", left + 6, y - 3, at);
        }
        for (int at = step * (int) Math.ceil((east - degreesAcross) / step); at < east + degreesAcross; at += step) {
            double x = centre + (at - east) * squeeze * scale;
            write("<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"1\" y2=\"%d\"/>", x, x, HEIGHT - 1);
            if (x > left + 50 && x < left + width - 34)
                write("<text class=\"degree\" x=\"%.1f\" y=\"%d\">%d° E</text>", x + 3, HEIGHT - 6, at);
        }
        write("<text class=\"region\" x=\"%.1f\" y=\"20\">%s</text>", left + 10, Html.text(region.name()));
        for (var site : region.sites())
            places.put(
                    site.name(),
                    new Point(
                            centre + (site.longitude() - east) * squeeze * scale,
                            HEIGHT / 2.0 - (site.latitude() - north) * scale));
    }

    private Point place(String site) {
        return places.getOrDefault(site, new Point(0, 0));
    }

    /// Bowed, so that arcs from one site to several do not lie on each other; it ends before the circle.
    private void arc(Arc arc) {
        var from = place(arc.from());
        var to = place(arc.to());
        double dx = to.x() - from.x();
        double dy = to.y() - from.y();
        double length = Math.max(1, Math.hypot(dx, dy));
        double stop = Math.max(0, length - radius(arc.to()) - 6) / length;
        double midX = (from.x() + to.x()) / 2 - dy * 0.18;
        double midY = (from.y() + to.y()) / 2 + dx * 0.18;
        write(
                "<path class=\"arc\" stroke-width=\"%.1f\" marker-end=\"url(#tip)\" "
                        + "d=\"M%.1f %.1f Q%.1f %.1f %.1f %.1f\"/>",
                1.5 + Math.min(4, arc.count() / 4.0),
                from.x(),
                from.y(),
                midX,
                midY,
                from.x() + dx * stop,
                from.y() + dy * stop);
        write(
                "<text class=\"count\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d</text>",
                (midX + (from.x() + to.x()) / 2) / 2, (midY + (from.y() + to.y()) / 2) / 2 - 4, arc.count());
    }

    private double radius(String name) {
        int most = 1;
        int own = 0;
        for (var site : inventory.sites()) {
            int servers = site.servers().size();
            most = Math.max(most, servers);
            if (site.name().equals(name)) own = servers;
        }
        return 6 + 14 * Math.sqrt((double) own / most);
    }

    private void site(Site site) {
        var at = place(site.name());
        double radius = radius(site.name());
        boolean gone = site.name().equals(lost);
        write(
                "<a href=\"?lost=%s\"><g class=\"site%s\" data-site=\"%s\">"
                        + "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
                gone ? "" : Html.text(site.name()),
                gone ? " gone" : "",
                Html.text(site.name()),
                at.x(),
                at.y(),
                radius);
        if (gone)
            write(
                    "<path class=\"cross\" d=\"M%.1f %.1f l%.1f %.1f m0 %.1f l%.1f %.1f\"/>",
                    at.x() - radius * 0.6,
                    at.y() - radius * 0.6,
                    radius * 1.2,
                    radius * 1.2,
                    -radius * 1.2,
                    -radius * 1.2,
                    radius * 1.2);
        write(
                "<text class=\"name\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
                at.x(), at.y() - radius - 6, Html.text(site.name()));
        write(
                "<text class=\"live\" data-live=\"map\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\"></text></g></a>",
                at.x(), at.y() + radius + 13);
    }

    @FormatMethod
    private void write(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
