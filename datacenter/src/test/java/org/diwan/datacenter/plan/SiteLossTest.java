package org.diwan.datacenter.plan;

import static org.diwan.datacenter.plan.CertificateCheckerTest.DEMAND;
import static org.diwan.datacenter.plan.CertificateCheckerTest.INVENTORY;
import static org.diwan.datacenter.plan.CertificateCheckerTest.SOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.diwan.base.Seeded;
import org.diwan.datacenter.plan.Planner.Outcome.Planned;
import org.junit.jupiter.api.Test;

/// Oracles: the certificate, which said before what would happen; the checker, which knows no fleet; and
/// the plan itself, of which what was not at the site has no reason to be anywhere else.
class SiteLossTest {
    @Test
    void everySiteOfASoundPlanCanBeLost() {
        for (var site : INVENTORY.sites()) {
            var loss = SiteLoss.of(INVENTORY, DEMAND, Worlds.LAW, SOUND, site.name());
            assertEquals(List.of(), loss.refusals(), site.name());
            assertTrue(loss.holds());
            var there = new HashSet<String>();
            for (var one : SOUND.plan().assignments())
                if (one.parts().getFirst().site().equals(site.name())) there.add(one.name());
            assertEquals(
                    there,
                    new HashSet<>(
                            loss.moves().stream().map(SiteLoss.Move::replica).toList()));
        }
    }

    @Test
    void whatIsNoPlanIsNotPlayed() {
        var forged = new PlanFile(SOUND.plan(), new Certificate(SOUND.plan().digest(), List.of()));
        var loss = SiteLoss.of(INVENTORY, DEMAND, Worlds.LAW, forged, "riyadh");
        assertFalse(loss.holds());
        assertTrue(loss.moves().isEmpty());
        assertThrows(
                IllegalArgumentException.class, () -> SiteLoss.of(INVENTORY, DEMAND, Worlds.LAW, SOUND, "atlantis"));
    }

    @Test
    void theEntrySaysWhatCameOfIt() {
        var loss = SiteLoss.of(INVENTORY, DEMAND, Worlds.LAW, SOUND, "riyadh");
        assertEquals(
                """
                {"holds":true,"lost":"riyadh","moved":%d,"plan":"%s","refusals":[],"time":"t","type":"rehearsed",\
                "waiting":%d}""".formatted(loss.moves().size() - loss.waiting(), SOUND.plan().digest(), loss.waiting()),
                new String(loss.entry("t"), StandardCharsets.UTF_8));
    }

    /// Whatever the world: a certified plan survives what it is certified for.
    @Test
    void noCertifiedPlanIsRefuted() {
        var played = new AtomicInteger();
        var moved = new AtomicInteger();
        Seeded.forAll(300, random -> {
            var worlds = new Worlds(random);
            var inventory = worlds.inventory(3, 3, 3);
            var demand = worlds.demand(4, 3);
            if (!(Planner.plan(inventory, demand, Worlds.LAW, 1) instanceof Planned(var file))) return;
            for (var site : inventory.sites()) {
                var loss = SiteLoss.of(inventory, demand, Worlds.LAW, file, site.name());
                assertEquals(List.of(), loss.refusals());
                assertTrue(loss.holds());
                played.incrementAndGet();
                moved.addAndGet(loss.moves().size());
            }
        });
        if (Long.getLong("seed") != null) return;
        assertTrue(played.get() > 5 && moved.get() > 5, played + " played, " + moved + " moved");
    }
}
