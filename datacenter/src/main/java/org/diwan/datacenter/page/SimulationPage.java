package org.diwan.datacenter.page;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.diwan.datacenter.simulate.FleetSimulation.Hour;
import org.diwan.datacenter.simulate.FleetSimulation.Result;
import org.diwan.datacenter.simulate.Scenario;

/// A run as one HTML file that needs nothing else: for each site its load, power, waiting time and carbon over
/// time, as small plots side by side. All sites share one scale for each measure, so that rows compare. Hours in
/// which something goes wrong at a site are shaded.
public final class SimulationPage {
    /// Most points of one line; of longer runs each point is the worst of its stretch.
    private static final int MAX_POINTS = 336;

    private static final int WIDTH = 300;
    private static final int HEIGHT = 96;
    private static final int LEFT = 38;
    private static final int TOP = 8;
    private static final int BOTTOM = 16;

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --rule: #d8dee4; --page: #ffffff;
              --line: #0f6e5a; --fill: #0f6e5a22; --bad: #c0392b26; --badink: #a3281b }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #9aa5b1; --rule: #30363d;
              --page: #111518; --line: #4cc2a5; --fill: #4cc2a52b; --bad: #ff6b5b30; --badink: #ff8f82 } }
            body { font: 15px/1.5 "Noto Sans", "Noto Naskh Arabic", "Noto Sans CJK KR", system-ui, sans-serif;
              color: var(--ink); background: var(--page); max-width: 84rem; margin: 1.5rem auto; padding: 0 1.2rem }
            h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .2rem }
            .sum { color: var(--soft); margin: 0 0 1rem }
            table { border-collapse: collapse; width: 100%; table-layout: fixed }
            th { text-align: start; font-weight: 600; vertical-align: top; padding: .6rem .5rem }
            thead th { border-bottom: 2px solid var(--line); padding: .3rem .5rem }
            th.site { width: 9.5rem; overflow-wrap: anywhere }
            td { padding: .3rem .2rem; vertical-align: top }
            tbody tr { border-bottom: 1px solid var(--rule); break-inside: avoid }
            .unit, .facts { display: block; font-weight: 400; font-size: .82em; color: var(--soft) }
            .bad { color: var(--badink) }
            svg { display: block; width: 100%; height: auto }
            svg text { font-size: 9.5px; fill: var(--soft); font-variant-numeric: tabular-nums }
            .axis { stroke: var(--rule); stroke-width: 1 }
            .line { fill: none; stroke: var(--line); stroke-width: 1.4; stroke-linejoin: round }
            .area { fill: var(--fill) }
            .shade { fill: var(--bad) }
            footer { margin: 1.2rem 0; color: var(--soft); font-size: .85em }
            code { overflow-wrap: anywhere }
            @media (max-width: 60rem) { thead { display: none }
              table, tbody, tr, td, th.site { display: block; width: auto }
              td::before { content: attr(data-label); font-size: .82em; color: var(--soft) } }
            """;

    /// One column of plots.
    private record Measure(String name, String unit, ToDoubleFunction<Hour> of) {}

    private static final List<Measure> MEASURES = List.of(
            new Measure("Load", "requests per second", hour -> (hour.answered() + hour.refused()) / 3600.0),
            new Measure("Power", "kW at the servers' plugs", Hour::kilowatts),
            new Measure("Wait, 99th percentile", "seconds before a prompt is read", Hour::waitP99),
            new Measure("Carbon", "kg of CO₂ per hour, cooling included", Hour::kilogramsCo2));

    private final Scenario scenario;
    private final Result result;
    private final Map<String, List<Hour>> sites = new LinkedHashMap<>();
    private final StringBuilder out = new StringBuilder();

    private SimulationPage(Scenario scenario, Result result) {
        this.scenario = scenario;
        this.result = result;
        for (var hour : result.hours())
            sites.computeIfAbsent(hour.site(), site -> new ArrayList<>()).add(hour);
    }

    /// The page of `result`, which came of playing `scenario`.
    public static String html(Scenario scenario, Result result) {
        return new SimulationPage(scenario, result).write();
    }

    private String write() {
        out.append("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n<title>")
                .append(Html.text(scenario.name()))
                .append("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n")
                .append(STYLE)
                .append("</style></head>\n<body>\n<h1 dir=\"auto\">")
                .append(Html.text(scenario.name()))
                .append("</h1>\n<p class=\"sum\">")
                .append(Html.text(summary()))
                .append("</p>\n<table>\n<thead><tr><th class=\"site\">Site</th>");
        for (var measure : MEASURES)
            out.append("<th>")
                    .append(Html.text(measure.name()))
                    .append("<span class=\"unit\">")
                    .append(Html.text(measure.unit()))
                    .append("</span></th>");
        out.append("</tr></thead>\n<tbody>\n");
        sites.forEach(this::row);
        out.append("</tbody>\n</table>\n<footer>Seed ")
                .append(scenario.seed())
                .append("; hash of all hours <code>")
                .append(result.hash())
                .append("</code>. Times are hours since the start, UTC; shaded hours: something goes wrong there.")
                .append("</footer>\n</body>\n</html>\n");
        return out.toString();
    }

    private String summary() {
        return number(
                "%d days, %,d answered, %,d refused, %,.1f MWh at the plugs, %,.1f t of CO₂",
                scenario.days(),
                result.answered(),
                result.refused(),
                result.hours().stream().mapToDouble(Hour::kilowatts).sum() / 1000,
                result.hours().stream().mapToDouble(Hour::kilogramsCo2).sum() / 1000);
    }

    private void row(String site, List<Hour> hours) {
        long refused = hours.stream().mapToLong(Hour::refused).sum();
        double feed = hours.stream().mapToDouble(Hour::feedShare).max().orElse(0);
        out.append("<tr><th class=\"site\" scope=\"row\">")
                .append(Html.text(site))
                .append(number("<span class=\"facts\">fullest feed %.0f %%</span>", 100 * feed))
                .append(number("<span class=\"facts%s\">%,d refused</span></th>", refused > 0 ? " bad" : "", refused));
        for (var measure : MEASURES) {
            double top =
                    nice(result.hours().stream().mapToDouble(measure.of()).max().orElse(0));
            out.append("<td data-label=\"").append(Html.text(measure.name())).append("\">");
            plot(site, hours, measure, top);
            out.append("</td>");
        }
        out.append("</tr>\n");
    }

    private void plot(String site, List<Hour> hours, Measure measure, double top) {
        double[] values = worst(hours.stream().mapToDouble(measure.of()).toArray());
        double across = (WIDTH - LEFT - 2.0) / Math.max(1, hours.size());
        double step = (WIDTH - LEFT - 2.0) / Math.max(1, values.length);
        int floor = HEIGHT - BOTTOM;
        String most = label(Arrays.stream(values).max().orElse(0));
        out.append(number("<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>", WIDTH, HEIGHT))
                .append(Html.text(site + ", " + measure.name() + ": at most " + most))
                .append("</title>");
        for (var incident : scenario.incidents())
            if (incident.site().equals(site)) {
                double from = Math.min(hours.size(), incident.hour());
                double to = Math.min(hours.size(), incident.hour() + incident.hours());
                rect(LEFT + from * across, TOP, (to - from) * across, floor - TOP);
            }
        for (double share : new double[] {0, 0.5, 1}) {
            double y = floor - share * (floor - TOP);
            out.append(number("<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH, y, y))
                    .append(number("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 4, y + 3))
                    .append(label(share * top))
                    .append("</text>");
        }
        int every = Math.max(1, hours.size() / 24 / 7) * (hours.size() <= 48 ? 6 : 24);
        for (int hour = 0; hour < hours.size(); hour += every)
            out.append(number(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>",
                    LEFT + hour * across, HEIGHT - 3, hour == 0 ? "start" : "middle", hour + " h"));
        var line = new StringBuilder();
        for (int i = 0; i < values.length; i++)
            line.append(number(
                    "%s%.1f,%.1f",
                    i == 0 ? "" : " ", LEFT + (i + 0.5) * step, floor - Math.min(1, values[i] / top) * (floor - TOP)));
        if (values.length > 0)
            out.append(number(
                            "<polygon class=\"area\" points=\"%.1f,%d %s %.1f,%d\"/>",
                            LEFT + 0.5 * step, floor, line, LEFT + (values.length - 0.5) * step, floor))
                    .append("<polyline class=\"line\" points=\"")
                    .append(line)
                    .append("\"/>");
        out.append("</svg>");
    }

    private void rect(double x, double y, double width, double height) {
        out.append(number(
                "<rect class=\"shade\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", x, y, width, height));
    }

    /// The largest value of each stretch, at most [#MAX_POINTS] of them: no peak is averaged away.
    static double[] worst(double[] values) {
        if (values.length <= MAX_POINTS) return values;
        var worst = new double[MAX_POINTS];
        for (int i = 0; i < values.length; i++) {
            int at = (int) ((long) i * MAX_POINTS / values.length);
            worst[at] = Math.max(worst[at], values[i]);
        }
        return worst;
    }

    /// The least of 1, 2, 5, 10, 20 … that is not below `most`: where an axis ends.
    static double nice(double most) {
        if (!(most > 0)) return 1;
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        for (double step : new double[] {1, 2, 5}) if (most <= step * power) return step * power;
        return 10 * power;
    }

    private static String label(double value) {
        if (value >= 10_000) return number("%.0fk", value / 1000);
        if (value >= 1000) return number("%.1fk", value / 1000);
        if (value == Math.rint(value)) return number("%.0f", value);
        if (value >= 10) return number("%.0f", value);
        return value >= 1 ? number("%.1f", value) : number("%.2f", value);
    }

    @FormatMethod
    private static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
