package org.diwan.datacenter.plan;

import static org.diwan.datacenter.plan.CertificateCheckerTest.INVENTORY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.Seeded;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.Rehearsal.Event;
import org.diwan.sovereignty.policy.Policy;
import org.junit.jupiter.api.Test;

/// Oracles: a watch that keeps its own sums at every event, the checker at samples, and places known
/// beforehand.
class FleetTest {
    private static final Demand DEMAND = DemandFile.parse(Samples.DEMAND, false);

    @Test
    void nothingIsBrokenWhateverHappens() {
        var seen = new EnumMap<Event, Long>(Event.class);
        Seeded.forAll(60, random -> {
            var worlds = new Worlds(random);
            var inventory = worlds.inventory(4, 3, 3);
            var demand = worlds.demand(8, 4);
            if (!idles(inventory)) return;
            var laws = List.of(Worlds.LAW, Policy.of(Worlds.LAW.packs(), LocalDate.of(2019, 1, 1)));
            var report = new Rehearsal(inventory, demand, laws, random.nextLong()).play(300, 20);
            assertEquals(Optional.empty(), report.violation());
            report.events().forEach((event, count) -> seen.merge(event, count, Long::sum));
        });
        if (Long.getLong("seed") == null) assertEquals(Event.values().length, seen.size(), seen::toString);
    }

    /// The smallest demand there is can be hosted: the inventory keeps its own limits when idle.
    private static boolean idles(Inventory inventory) {
        return new Recount(inventory, Map.of(), List.of(), "").claims().stream().allMatch(Claim::holds);
    }

    /// Two replicas of a ministry at two sites at home; one site is lost, and the one there goes to where
    /// the fleet said it would: the other site at home, never abroad.
    @Test
    void aLostSiteIsAnsweredByTheReplacementKnownBefore() {
        var fleet = new Fleet(INVENTORY, DEMAND, Worlds.LAW);
        assertTrue(fleet.arrive(0) && fleet.arrive(1));
        assertEquals(0, fleet.exposed());
        String lost = fleet.place(0).orElseThrow().parts().getFirst().site();
        var known = fleet.replacement(0, lost);
        assertTrue(known.isPresent());
        fleet.site(lost, false);
        assertEquals(known, fleet.place(0));
        assertEquals(
                fleet.place(1).orElseThrow().parts().getFirst().site(),
                fleet.place(0).orElseThrow().parts().getFirst().site());
        assertEquals(2, fleet.exposed(), "the one site left at home has no other to fall back to");
        fleet.site(lost, true);
        assertEquals(0, fleet.exposed());
    }

    @Test
    void whatCannotBeHostedWaitsForTheSiteToComeBack() {
        var fleet = new Fleet(INVENTORY, DEMAND, Worlds.LAW);
        fleet.site("riyadh", false);
        fleet.site("jeddah", false);
        assertFalse(fleet.arrive(0));
        assertEquals(1, fleet.waiting());
        fleet.site("jeddah", true);
        assertEquals(0, fleet.waiting());
        assertEquals("jeddah", fleet.place(0).orElseThrow().parts().getFirst().site());
    }

    /// Rack k2 hangs on feed a alone: without it, and without what feeds it, the rack is dark.
    @Test
    void aLostFeedDarkensWhatHangsOnItAlone() {
        var fleet = new Fleet(INVENTORY, DEMAND, Worlds.LAW);
        for (int replica = 0; replica < fleet.replicas(); replica++) assertTrue(fleet.arrive(replica));
        for (String site : List.of("riyadh", "jeddah", "frankfurt")) fleet.feed(site, "grid/main", false);
        for (int replica = 0; replica < fleet.replicas(); replica++)
            fleet.place(replica).ifPresent(place -> place.parts()
                    .forEach(part -> assertFalse(part.server().contains("/k2/"), place.toString())));
    }

    /// Under a law that knows nothing, nothing may run anywhere.
    @Test
    void aLawThatNoLongerPermitsEndsIt() throws Exception {
        var fleet = new Fleet(INVENTORY, DEMAND, Worlds.LAW);
        assertTrue(fleet.arrive(0));
        fleet.law(Policy.of(List.of(), LocalDate.of(2026, 11, 28)));
        assertEquals(Optional.empty(), fleet.place(0));
        assertEquals(1, fleet.waiting());
        fleet.law(Worlds.LAW);
        assertEquals(0, fleet.waiting());
    }

    @Test
    void whatThereIsNotIsNamed() {
        var fleet = new Fleet(INVENTORY, DEMAND, Worlds.LAW);
        var server = assertThrows(IllegalArgumentException.class, () -> fleet.server("riyadh/x", false));
        assertTrue(String.valueOf(server.getMessage()).contains("no server at 'riyadh/x'"));
        var feed = assertThrows(IllegalArgumentException.class, () -> fleet.feed("riyadh", "p/c", false));
        assertTrue(String.valueOf(feed.getMessage()).contains("no feed 'p/c'"));
        var site = assertThrows(IllegalArgumentException.class, () -> fleet.site("bonn", false));
        assertTrue(String.valueOf(site.getMessage()).contains("no site 'bonn'"));
    }
}
