package org.diwan.datacenter.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.simulate.FleetSimulation.Hour;
import org.diwan.datacenter.simulate.FleetSimulation.Result;
import org.junit.jupiter.api.Test;

/// Oracles: requests are conserved; each incident shows where it must and nowhere else; the finer simulator.
class FleetSimulationTest {
    private static final Inventory OPERATOR = SampleOperator.of(2_000);

    private static Result run(String more) {
        return run(more, 60, 7);
    }

    private static Result run(String more, double peak, int seed) {
        return FleetSimulation.run(OPERATOR, scenario(more, peak, seed, "[kr]"), EngineProfile.DGX_70B);
    }

    private static Scenario scenario(String incidents, double peak, int seed, String koreaAllows) {
        return Scenario.parse("""
                scenario: test
                seed: %d
                days: 2
                origins:
                  - {jurisdiction: sa, peakRequestsPerSecond: %s, utcOffset: 3, allowed: [sa]}
                  - {jurisdiction: kr, peakRequestsPerSecond: %s, utcOffset: 9, allowed: %s}
                  - {jurisdiction: de, peakRequestsPerSecond: %s, utcOffset: 1, allowed: [de]}
                incidents: [%s]
                """.formatted(seed, peak, peak, koreaAllows, peak, incidents));
    }

    private static double sum(Result result, String site, int from, int to, ToDoubleFunction<Hour> value) {
        return result.hours().stream()
                .filter(hour -> hour.site().startsWith(site) && hour.hour() >= from && hour.hour() < to)
                .mapToDouble(value)
                .sum();
    }

    @Test
    void aQuietFleetAnswersEverybodyAndKeepsEveryLimit() {
        var quiet = run("");
        assertEquals(0, quiet.refused());
        assertEquals(0, sum(quiet, "", 0, 48, Hour::overMinutes));
        double expected = 3 * 60 * 0.65 * 48 * 3600;
        assertEquals(expected, (double) quiet.answered(), 0.01 * expected);
        assertTrue(quiet.hours().stream().allMatch(hour -> hour.feedShare() <= 1));
    }

    @Test
    void theSameSeedGivesTheSameHashAndAnotherAnother() {
        assertEquals(run("").hash(), run("").hash());
        assertNotEquals(run("").hash(), run("", 60, 8).hash());
    }

    @Test
    void aLostSitesRequestsGoToItsCountrysOthersAndNowhereElse() {
        var quiet = run("");
        var lost = run("{kind: site-lost, site: riyadh-1, hour: 10, hours: 5}");
        assertEquals(0, sum(lost, "riyadh-1", 10, 15, Hour::kilowatts));
        assertEquals(0, sum(lost, "riyadh-1", 10, 15, hour -> hour.answered()));
        assertTrue(sum(lost, "jeddah-1", 10, 15, hour -> hour.answered())
                > 1.5 * sum(quiet, "jeddah-1", 10, 15, hour -> hour.answered()));
        for (String site : List.of("seoul", "busan", "frankfurt", "munich"))
            assertEquals(
                    sum(quiet, site, 0, 48, hour -> hour.answered()),
                    sum(lost, site, 0, 48, hour -> hour.answered()),
                    site);
        assertEquals(0, lost.refused() - lostInFlight(lost), "the others have room");
        assertTrue(sum(lost, "riyadh-1", 20, 48, hour -> hour.answered()) > 0, "it came back");
    }

    /// What waited at a site in the minute it was lost.
    private static long lostInFlight(Result result) {
        return (long) sum(result, "riyadh-1", 10, 11, hour -> hour.refused());
    }

    @Test
    void whereNothingAllowedIsLeftRequestsAreRefusedAndNotSentAbroad() {
        String all = "{kind: site-lost, site: seoul-1, hour: 10, hours: 5},"
                + "{kind: site-lost, site: busan-1, hour: 10, hours: 5}";
        var held = run(all);
        assertEquals(
                0,
                sum(held, "seoul", 10, 15, hour -> hour.answered())
                        + sum(held, "busan", 10, 15, hour -> hour.answered()));
        assertTrue(sum(held, "seoul", 10, 15, hour -> hour.refused()) > 100_000);
        var quiet = run("");
        assertEquals(
                sum(quiet, "frankfurt", 0, 48, hour -> hour.answered()),
                sum(held, "frankfurt", 0, 48, hour -> hour.answered()));
        var abroad = FleetSimulation.run(OPERATOR, scenario(all, 60, 7, "[kr, de]"), EngineProfile.DGX_70B);
        assertTrue(sum(abroad, "frankfurt", 10, 15, hour -> hour.answered())
                > 1.3 * sum(held, "frankfurt", 10, 15, hour -> hour.answered()));
        assertTrue(abroad.refused() < held.refused() / 100);
    }

    @Test
    void heatAndCapsSlowAndTheLimitIsKeptAfterwards() {
        double busy = 150;
        var free = run("", busy, 7);
        var capped = run("{kind: power-cap, site: jeddah-1, hour: 6, hours: 6, amount: 0.15}", busy, 7);
        assertEquals(0, sum(free, "jeddah-1", 0, 48, Hour::slowedShare));
        assertTrue(sum(capped, "jeddah-1", 6, 12, Hour::slowedShare) > 0.5);
        assertTrue(sum(capped, "jeddah-1", 7, 12, Hour::kilowatts) < sum(free, "jeddah-1", 7, 12, Hour::kilowatts));
        assertEquals(0, sum(capped, "frankfurt-1", 0, 48, Hour::slowedShare));
        var hot = run("{kind: heat-wave, site: jeddah-1, hour: 0, hours: 48, amount: 30}", busy, 7);
        assertTrue(sum(hot, "jeddah-1", 0, 48, Hour::kilogramsCo2) != sum(free, "jeddah-1", 0, 48, Hour::kilogramsCo2));
        assertTrue(hot.hours().stream()
                        .filter(hour -> hour.site().equals("jeddah-1"))
                        .mapToDouble(Hour::pue)
                        .max()
                        .orElseThrow()
                > free.hours().stream()
                        .filter(hour -> hour.site().equals("jeddah-1"))
                        .mapToDouble(Hour::pue)
                        .max()
                        .orElseThrow());
    }

    @Test
    void losingOneOfTwoFeedsStopsNobodyAndLosingBothDoes() {
        var one = run("{kind: feed-lost, site: jeddah-1, feed: utility/a, hour: 5, hours: 5}");
        assertEquals(0, sum(one, "jeddah-1", 0, 48, Hour::overMinutes));
        assertTrue(sum(one, "jeddah-1", 5, 10, hour -> hour.answered()) > 0);
        var both = run("{kind: feed-lost, site: jeddah-1, feed: utility/a, hour: 5, hours: 5},"
                + "{kind: feed-lost, site: jeddah-1, feed: h1/b, hour: 5, hours: 5}");
        assertEquals(0, sum(both, "jeddah-1", 5, 10, hour -> hour.answered()));
    }

    /// One server under the same load in both simulators: what it answers and what it draws agree.
    @Test
    void theFluidAgreesWithTheFinerSimulator() {
        var single = InventoryFile.parse(InventoryFile.yaml(SampleOperator.of(8)), false);
        var scenario = scenario("", 3, 11, "[kr]");
        var coarse = FleetSimulation.run(single, scenario, EngineProfile.DGX_70B);
        double kilowatts = sum(coarse, "munich-1", 0, 24, Hour::kilowatts) / 24;
        double answered = sum(coarse, "munich-1", 0, 24, hour -> hour.answered());
        var trace = new ArrayList<TracedRequest>();
        var draws = new Draws(99);
        double at = 0;
        for (int i = 0; i < answered; i++) {
            at += draws.exponential(1, i, 24 * 3600 / answered);
            trace.add(new TracedRequest(at, 1_154, 211, List.of()));
        }
        var fine = ReplaySimulation.run(
                trace, new ReplaySimulation.Setup(EngineProfile.DGX_70B, 1, Routing.RANDOM, 0, Optional.empty(), 1));
        assertEquals(fine.kilowattHours() / 24, kilowatts, 0.03 * kilowatts);
    }

    @Test
    void scenariosThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> run("{kind: site-lost, site: atlantis, hour: 1, hours: 1}"));
        assertThrows(
                IllegalArgumentException.class,
                () -> run("{kind: feed-lost, site: jeddah-1, feed: x/y, hour: 1, hours: 1}"));
        assertThrows(IllegalArgumentException.class, () -> run("{kind: flood, site: jeddah-1, hour: 1, hours: 1}"));
        assertThrows(
                IllegalArgumentException.class,
                () -> run("{kind: power-cap, site: jeddah-1, hour: 1, hours: 1, amount: 2}"));
        assertThrows(IllegalArgumentException.class, () -> run("", Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> scenario("", 1, 1, "[]"));
    }
}
