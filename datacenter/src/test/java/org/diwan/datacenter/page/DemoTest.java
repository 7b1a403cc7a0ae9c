package org.diwan.datacenter.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.datacenter.simulate.FleetSimulation.Hour;
import org.diwan.datacenter.simulate.TracedRequest;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Oracles: the plan, the rehearsal and the simulator, which the page must repeat and not improve on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {
    private static final List<TracedRequest> TRACE =
            List.of(new TracedRequest(0, 1000, 100, List.of()), new TracedRequest(1, 2000, 300, List.of()));

    private final Demo demo = demo(List.of());

    private static Demo demo(List<TracedRequest> trace) {
        try {
            var packs = new ArrayList<Pack>();
            for (String country : List.of("de", "eu", "kr", "ph", "sa"))
                packs.add(Pack.load(Path.of(System.getProperty("diwan.home"), "packs", country)));
            return new Demo(96, Policy.of(packs, LocalDate.of(2026, 11, 28)), trace, "two requests");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    void thePlanIsSound() {
        assertEquals(List.of(), demo.refusals);
    }

    @Test
    void everySiteCanBeLostAndThePageSaysWhatMoves() {
        int secrets = 0;
        for (var site : demo.inventory.sites()) {
            var rehearsal = demo.rehearsal(site.name());
            assertTrue(rehearsal.holds(), site.name() + ": " + rehearsal.refusals());
            long there = demo.file.plan().assignments().stream()
                    .filter(one -> at(one, site.name()))
                    .count();
            assertTrue(rehearsal.moves().size() >= there, site.name());
            String page = demo.page(site.name(), "en");
            assertTrue(page.contains("id=\"rehearsal\">✓"), page);
            assertTrue(page.contains("id=\"verdict\">✓"), page);
            assertTrue(page.contains("<title>Diwan: " + site.name() + " is lost</title>"));
            // Secrets stay at home, and the page cites the law that says so.
            if (rehearsal.moves().stream().anyMatch(move -> move.tier() == 1)) {
                assertTrue(page.contains("The law does not let"), site.name());
                secrets++;
            }
        }
        assertTrue(secrets > 0);
    }

    private static boolean at(Assignment one, String site) {
        return one.parts().getFirst().site().equals(site);
    }

    @Test
    void explanationsAreInTheLanguageAskedFor() {
        assertTrue(demo.page("riyadh-1", "ar").contains("<dl lang=\"ar\" dir=\"auto\"><dt dir=\"auto\">"));
        assertFalse(demo.page("riyadh-1", "ar").contains("The law does not let"));
        assertEquals(demo.page("riyadh-1", "xx"), demo.page("riyadh-1", "en"));
    }

    @Test
    void whatIsLiveIsTheSimulatorsHour() throws Exception {
        var live = new ObjectMapper().readTree(demo.live("riyadh-1", 15 + Demo.HOURS));
        assertEquals(15, live.path("hour").intValue());
        for (Hour hour : demo.day("riyadh-1"))
            if (hour.hour() == 15) {
                var site = live.path("sites").path(hour.site());
                assertEquals(hour.kilowatts(), site.path("kilowatts").doubleValue());
                assertEquals(hour.serversUp(), site.path("serversUp").intValue());
                assertEquals(hour.site().equals("riyadh-1"), hour.serversUp() == 0, "lost is down, no other is");
            }
        assertTrue(demo.day("").stream().mapToLong(Hour::refused).sum() == 0, "an ordinary day refuses nobody");
    }

    @Test
    void lengthsAreTheTraces() {
        assertTrue(demo.load.contains("built-in"), demo.load);
        var real = demo(TRACE);
        assertTrue(real.load.contains("2 real requests (two requests: 1500 tokens asked, 200 answered"), real.load);
    }

    @Test
    void whatIsNoSiteIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> demo.page("<script>", "en"));
        assertThrows(IllegalArgumentException.class, () -> demo.live("atlantis", 1));
    }
}
