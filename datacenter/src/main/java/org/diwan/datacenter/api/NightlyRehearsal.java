package org.diwan.datacenter.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.SiteLoss;
import org.diwan.datacenter.redfish.PowerDesk;

/// Once a day loses every site, on paper, and puts what would happen on record: an entry for each site
/// ([SiteLoss#entry]). Days on which the process did not run are not made up for.
///
/// One thread looks; [#start] makes one.
public final class NightlyRehearsal {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final System.Logger LOG = System.getLogger(NightlyRehearsal.class.getName());

    private final Inventory inventory;
    private final Planned planned;
    private final int hour;
    private final PowerDesk.Entries entries;
    private final InstantSource clock;
    private Instant due;

    /// Rehearsals begin the next time that it is `hour` o'clock, UTC.
    ///
    /// @throws IllegalArgumentException when `hour` is not 0 to 23
    public NightlyRehearsal(
            Inventory inventory, Planned planned, int hour, PowerDesk.Entries entries, InstantSource clock) {
        if (hour < 0 || hour > 23) throw new IllegalArgumentException("hour " + hour + " must be 0 to 23 (UTC)");
        this.inventory = inventory;
        this.planned = planned;
        this.hour = hour;
        this.entries = entries;
        this.clock = clock;
        due = next(clock.instant());
    }

    /// Looks at the clock every minute, for as long as the process runs.
    public void start() {
        Thread.ofVirtual().name("rehearsal").start(this::run);
    }

    /// Rehearses if it is time, else does nothing; what was recorded.
    ///
    /// @throws IOException when the ledger cannot append: the same rehearsals are due at the next look
    List<SiteLoss> look() throws IOException {
        var now = clock.instant();
        if (now.isBefore(due)) return List.of();
        var recorded = new ArrayList<SiteLoss>();
        for (var site : inventory.sites()) {
            var rehearsal = SiteLoss.of(inventory, planned.demand(), planned.policy(), planned.file(), site.name());
            entries.append(rehearsal.entry(now.truncatedTo(ChronoUnit.SECONDS).toString()));
            recorded.add(rehearsal);
            if (!rehearsal.holds())
                LOG.log(
                        System.Logger.Level.WARNING,
                        "if {0} were lost now: {1}",
                        site.name(),
                        rehearsal.refusals().isEmpty()
                                ? "tier 1 has no place"
                                : rehearsal.refusals().getFirst());
        }
        due = next(now);
        return recorded;
    }

    private Instant next(Instant now) {
        var today = now.atOffset(ZoneOffset.UTC).toLocalDate().atTime(LocalTime.of(hour, 0));
        var at = today.toInstant(ZoneOffset.UTC);
        return at.isAfter(now) ? at : today.plusDays(1).toInstant(ZoneOffset.UTC);
    }

    private void run() {
        try {
            while (true) {
                try {
                    look();
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.ERROR, "rehearsals wait for the ledger: {0}", e.getMessage());
                }
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
