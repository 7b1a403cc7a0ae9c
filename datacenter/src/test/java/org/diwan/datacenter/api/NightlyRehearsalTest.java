package org.diwan.datacenter.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.plan.Certificate;
import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.Plan;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.sovereignty.policy.PackException;
import org.diwan.sovereignty.policy.Policy;
import org.junit.jupiter.api.Test;

/// Oracle: a clock that is set by hand, and the entries. The plan is no plan, which is on record as well.
class NightlyRehearsalTest {
    private static final Inventory INVENTORY = SampleOperator.of(8);
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-28T01:30:00Z"));
    private final List<String> entries = new ArrayList<>();
    private boolean full;

    private NightlyRehearsal at(int hour) throws PackException {
        var nothing = new Planned(
                new Demand("none", List.of()),
                Policy.of(List.of(), LocalDate.of(2026, 11, 28)),
                new PlanFile(new Plan("", "", "", "", List.of()), new Certificate("", List.of())));
        return new NightlyRehearsal(INVENTORY, nothing, hour, this::append, now::get);
    }

    private long append(byte[] entry) throws IOException {
        if (full) throw new IOException("no space");
        entries.add(new String(entry, StandardCharsets.UTF_8));
        return entries.size();
    }

    @Test
    void everySiteOnceADayAtItsHour() throws Exception {
        int sites = INVENTORY.sites().size();
        var rehearsal = at(2);
        assertEquals(List.of(), rehearsal.look());
        now.set(Instant.parse("2026-11-28T01:59:59Z"));
        assertEquals(List.of(), rehearsal.look());
        now.set(Instant.parse("2026-11-28T02:00:30Z"));
        assertEquals(sites, rehearsal.look().size());
        for (int i = 0; i < sites; i++) {
            String site = INVENTORY.sites().get(i).name();
            assertTrue(entries.get(i).contains("\"lost\":\"" + site + "\""), entries.get(i));
            assertTrue(entries.get(i).contains("\"holds\":false"), "what is no plan is said to be none");
            assertTrue(entries.get(i).contains("\"time\":\"2026-11-28T02:00:30Z\""), entries.get(i));
        }
        assertEquals(List.of(), rehearsal.look());
        now.set(Instant.parse("2026-11-29T01:59:59Z"));
        assertEquals(List.of(), rehearsal.look());
        now.set(Instant.parse("2026-12-02T05:00:00Z"));
        assertEquals(sites, rehearsal.look().size(), "days asleep are not made up for");
        assertEquals(List.of(), rehearsal.look());
        assertEquals(2 * sites, entries.size());
    }

    @Test
    void whatCannotBeRecordedIsDueAgain() throws Exception {
        var rehearsal = at(0);
        now.set(Instant.parse("2026-11-29T00:00:00Z"));
        full = true;
        assertThrows(IOException.class, rehearsal::look);
        full = false;
        assertEquals(INVENTORY.sites().size(), rehearsal.look().size());
    }

    @Test
    void anHourIsOneOfTheDay() {
        assertThrows(IllegalArgumentException.class, () -> at(24));
        assertThrows(IllegalArgumentException.class, () -> at(-1));
    }
}
