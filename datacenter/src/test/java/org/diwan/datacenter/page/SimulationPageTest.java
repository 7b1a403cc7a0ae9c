package org.diwan.datacenter.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.diwan.base.Seeded;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.simulate.EngineProfile;
import org.diwan.datacenter.simulate.FleetSimulation;
import org.diwan.datacenter.simulate.Scenario;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/// Oracles: the run's own hours, read back from the plotted points; an XML parser.
class SimulationPageTest {
    private static final Scenario SCENARIO = Scenario.parse("""
            scenario: 'حريق <في> الرياض & "more"'
            seed: 7
            days: 2
            origins:
              - {jurisdiction: sa, peakRequestsPerSecond: 40, utcOffset: 3, allowed: [sa]}
              - {jurisdiction: kr, peakRequestsPerSecond: 20, utcOffset: 9, allowed: [kr]}
            incidents:
              - {kind: site-lost, site: riyadh-1, hour: 30, hours: 6}
            """);

    @Test
    void everyHourIsAPointAtItsHeight() throws Exception {
        var inventory = SampleOperator.of(96);
        var result = FleetSimulation.run(inventory, SCENARIO, EngineProfile.DGX_70B);
        String page = SimulationPage.html(SCENARIO, result);
        assertTrue(page.contains("<h1 dir=\"auto\">حريق &lt;في&gt; الرياض &amp; &quot;more&quot;</h1>"));
        assertFalse(page.contains("http"), "the page asks nobody for anything");
        String table = page.substring(page.indexOf("<tbody>"), page.indexOf("</tbody>")) + "</tbody>";
        var lines = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(table)))
                .getElementsByTagName("polyline");
        int sites = inventory.sites().size();
        assertEquals(4 * sites, lines.getLength());
        double most = result.hours().stream()
                .mapToDouble(FleetSimulation.Hour::kilowatts)
                .max()
                .orElseThrow();
        double top = SimulationPage.nice(most);
        for (int s = 0; s < sites; s++) {
            String site = inventory.sites().get(s).name();
            var hours = result.hours().stream()
                    .filter(hour -> hour.site().equals(site))
                    .toList();
            var points =
                    ((Element) lines.item(4 * s + 1)).getAttribute("points").split(" ", -1);
            assertEquals(48, points.length);
            for (int h = 0; h < 48; h++) {
                double y = Double.parseDouble(points[h].substring(points[h].indexOf(',') + 1));
                assertEquals(hours.get(h).kilowatts(), (80 - y) / 72 * top, 0.001 * top, site + " hour " + h);
            }
        }
        assertEquals(4, page.split("class=\"shade\"", -1).length - 1, "one site's four plots are shaded");
    }

    @Test
    void noPeakIsLostWhereALineIsLong() {
        Seeded.forAll(200, random -> {
            double[] values = random.doubles(random.nextInt(1, 9000), 0, 1).toArray();
            double[] worst = SimulationPage.worst(values);
            assertTrue(worst.length <= 336);
            assertEquals(
                    Arrays.stream(values).max().orElseThrow(),
                    Arrays.stream(worst).max().orElseThrow());
            if (values.length <= 336) assertArrayEquals(values, worst);
        });
    }

    @Test
    void anAxisEndsAboveWhatIsPlotted() {
        IntStream.rangeClosed(-60, 60).mapToDouble(i -> Math.pow(1.7, i)).forEach(value -> {
            double top = SimulationPage.nice(value);
            assertTrue(top >= value && top <= 2.5 * value * (1 + 1e-9), value + " under " + top);
        });
        assertEquals(1, SimulationPage.nice(0));
    }
}
