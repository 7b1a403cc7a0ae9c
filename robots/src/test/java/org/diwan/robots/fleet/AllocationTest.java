package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;

/// Who gets which job, and who has to charge first.
class AllocationTest {
    private final Site site = new Site(
            Site.grid(8, 3, Set.of("p00", "p02"), Set.of("p00", "p01", "p02")), Version.V3_0, Quality.PERFECT, 5);

    private static Job job(String id, String from, int priority, Optional<Instant> notBefore, double load) {
        var simple = Site.delivery(id, from, "p71");
        return new Job(id, simple.stops(), priority, notBefore, Optional.empty(), load, List.of(), Optional.empty());
    }

    private void over(String... jobs) {
        assertTrue(site.runUntilOver(Set.of(jobs), 900), () -> "not over: " + List.of(jobs));
    }

    @Test
    void eachOfTwoGoesToTheNearerJobWhicheverCameFirst() {
        site.vehicle("r-1", "p20");
        site.vehicle("r-2", "p60");
        site.run(2);
        site.fleet.submit(Site.delivery("j-1", "p70", "p71"));
        site.fleet.submit(Site.delivery("j-2", "p10", "p11"));
        site.run(1);
        assertEquals(Optional.of("r-2"), site.job("j-1").vehicle());
        assertEquals(Optional.of("r-1"), site.job("j-2").vehicle());
    }

    @Test
    void theMoreUrgentJobIsDoneFirst() {
        site.vehicle("r-1", "p20");
        site.run(2);
        site.fleet.submit(job("j-1", "p30", 2, Optional.empty(), 0));
        site.fleet.submit(job("j-2", "p62", 8, Optional.empty(), 0));
        over("j-1", "j-2");
        assertTrue(site.job("j-2").since().isBefore(site.job("j-1").since()));
    }

    @Test
    void aJobForLaterBeginsInTimeAndNotBefore() {
        site.vehicle("r-1", "p20");
        site.run(2);
        var from = site.timeline.instant().plus(Duration.ofMinutes(5));
        site.fleet.submit(job("j-1", "p40", 5, Optional.of(from), 0));
        site.run(240);
        assertEquals(Status.WAITING, site.job("j-1").status());
        while (!site.begun.containsKey("j-1.pick")) site.run(1);
        assertFalse(site.timeline.instant().isBefore(from));
        assertTrue(site.timeline.instant().isBefore(from.plus(Duration.ofMinutes(1))));
    }

    @Test
    void whatIsTooHeavyWaitsForSomebodyWhoCanCarryIt() {
        site.vehicle("r-1", "p20");
        site.fleet.submit(job("j-1", "p40", 5, Optional.empty(), 31));
        site.fleet.submit(job("j-2", "p40", 5, Optional.empty(), 30));
        over("j-2");
        site.run(60);
        assertEquals(Status.WAITING, site.job("j-1").status());
    }

    /// Waiting makes it only later: it costs less to be late than not to come.
    @Test
    void aJobLongOverdueIsStillDone() {
        site.vehicle("r-1", "p20");
        site.run(2);
        site.fleet.submit(due("j-1", site.timeline.instant().minus(Duration.ofHours(1))));
        over("j-1");
    }

    /// The only vehicle does not wait a day for a more urgent job.
    @Test
    void aJobForTomorrowLeavesTimeForOthers() {
        site.vehicle("r-1", "p20");
        site.run(2);
        var tomorrow = Optional.of(site.timeline.instant().plus(Duration.ofDays(1)));
        site.fleet.submit(job("l-1", "p30", 9, tomorrow, 0));
        site.fleet.submit(job("j-1", "p40", 0, Optional.empty(), 0));
        over("j-1");
    }

    /// So many that are for tomorrow, or for a vehicle that is not there, that no others are looked at beside them.
    @Test
    void whatNobodyCanBeginKeepsNobodyFromTheRest() {
        site.vehicle("r-1", "p20");
        site.run(2);
        var tomorrow = Optional.of(site.timeline.instant().plus(Duration.ofDays(1)));
        for (int i = 0; i < Allocation.MAX_BATCH; i++) {
            site.fleet.submit(job("l-" + i, "p30", 6, tomorrow, 0));
            site.fleet.submit(job("h-" + i, "p30", 6, Optional.empty(), 1e6));
        }
        site.fleet.submit(job("j-1", "p40", 5, Optional.empty(), 0));
        over("j-1");
    }

    @Test
    void aJobDueAtTheEndOfTimeHoldsUpNobody() {
        site.vehicle("r-1", "p20");
        site.fleet.submit(due("j-1", Instant.MAX));
        site.fleet.submit(due("j-2", Instant.MIN));
        over("j-1", "j-2");
    }

    private static Job due(String id, Instant due) {
        var simple = Site.delivery(id, "p30", "p31");
        return new Job(id, simple.stops(), 5, Optional.empty(), Optional.of(due), 0, List.of(), Optional.empty());
    }

    private static Job due(String id, String from, int priority, Instant due) {
        var simple = Site.delivery(id, from, "p71");
        return new Job(
                id, simple.stops(), priority, Optional.empty(), Optional.of(due), 0, List.of(), Optional.empty());
    }

    /// Done first the far one is in time, done second it is not; the near one has all day.
    @Test
    void whatWouldBeLateBehindAnotherGoesFirstAlthoughItIsFarther() {
        for (boolean due : new boolean[] {true, false}) {
            var site = new Site(Site.grid(8, 3, Set.of(), Set.of()), Version.V3_0, Quality.PERFECT, 5);
            site.vehicle("r-1", "p20");
            site.run(2);
            var soon = site.timeline.instant().plusSeconds(90);
            site.fleet.submit(job("j-1", "p30", 5, Optional.empty(), 0));
            site.fleet.submit(due ? due("j-2", "p62", 5, soon) : job("j-2", "p62", 5, Optional.empty(), 0));
            assertTrue(site.runUntilOver(Set.of("j-1", "j-2"), 900));
            boolean first = site.job("j-2").since().isBefore(site.job("j-1").since());
            assertEquals(due, first, "only for its due time");
            if (due) assertFalse(site.job("j-2").since().isAfter(soon));
        }
    }

    /// There is time for both: the nearer one goes first, and both are in time.
    @Test
    void whatHasTimeWaitsItsTurn() {
        site.vehicle("r-1", "p20");
        site.run(2);
        var due = site.timeline.instant().plusSeconds(400);
        site.fleet.submit(due("j-1", "p30", 5, due.plusSeconds(400)));
        site.fleet.submit(due("j-2", "p62", 5, due));
        over("j-1", "j-2");
        assertTrue(site.job("j-1").since().isBefore(site.job("j-2").since()));
        assertFalse(site.job("j-2").since().isAfter(due));
    }

    /// Both cannot be in time: the more urgent is.
    @Test
    void ofTwoThatAreDueThePriorityDecides() {
        for (int more = 1; more <= 2; more++) {
            var site = new Site(Site.grid(8, 3, Set.of(), Set.of()), Version.V3_0, Quality.PERFECT, 5);
            site.vehicle("r-1", "p20");
            site.run(2);
            var due = site.timeline.instant().plusSeconds(75);
            for (int i = 1; i <= 2; i++) site.fleet.submit(due("j-" + i, "p4" + (i - 1), i == more ? 7 : 4, due));
            assertTrue(site.runUntilOver(Set.of("j-1", "j-2"), 900));
            String urgent = "j-" + more;
            assertFalse(site.job(urgent).since().isAfter(due), urgent);
            assertTrue(site.job("j-" + (3 - more)).since().isAfter(due));
        }
    }

    /// The nearer vehicle goes to the job that would be late with the other one.
    @Test
    void theNearerVehicleIsForTheJobThatIsDue() {
        site.vehicle("r-1", "p40");
        site.vehicle("r-2", "p00");
        site.run(2);
        site.fleet.submit(job("j-1", "p40", 5, Optional.empty(), 0));
        site.fleet.submit(due("j-2", "p61", 5, site.timeline.instant().plusSeconds(62)));
        site.run(1);
        assertEquals(Optional.of("r-1"), site.job("j-2").vehicle());
        assertEquals(Optional.of("r-2"), site.job("j-1").vehicle());
    }

    /// Two are low and there are two chargers; each takes one of its own, and works again when it has enough.
    @Test
    void whoIsLowChargesFirstAndNoTwoGoToOneCharger() {
        site.vehicle("r-1", "p20").charge(0.15);
        site.vehicle("r-2", "p21").charge(0.12);
        site.fleet.submit(Site.delivery("j-1", "p70", "p71"));
        site.run(300);
        assertTrue(site.robot("r-1").charging(), () -> site.robot("r-1").toString());
        assertTrue(site.robot("r-2").charging(), () -> site.robot("r-2").toString());
        assertTrue(site.nearest > 0.8);
        over("j-1");
        assertEquals(Optional.of(Status.DONE), site.last("j-1"));
        assertTrue(site.twins.values().stream().allMatch(twin -> twin.charge() > 0.1));
    }

    @Test
    void whoHasNothingToDoParks() {
        site.vehicle("r-1", "p41").charge(0.95);
        site.run(90);
        assertEquals(Optional.of("p01"), site.robot("r-1").place());
        assertTrue(site.orders.stream().allMatch(order -> order.orderId().startsWith(Clearances.HOUSE)));
    }

    /// Neither acts before both are there, and each acts once.
    @Test
    void aLoadIsHandedOverWhereTwoVehiclesMeet() {
        site.vehicle("r-1", "p20");
        site.vehicle("r-2", "p70");
        site.run(2);
        var giving = Site.job(
                "g-1",
                new Job.Stop("p22", List.of(Site.act("g-1", "pick"))),
                new Job.Stop("p41", List.of(Site.act("g-1", "drop"))));
        var taking = Site.job(
                "t-1",
                new Job.Stop("p51", List.of(Site.act("t-1", "pick"))),
                new Job.Stop("p72", List.of(Site.act("t-1", "drop"))));
        site.fleet.submit(new Handover(giving, 1, taking, 0));
        while (!site.begun.containsKey("g-1.drop") && !site.begun.containsKey("t-1.pick")) {
            assertTrue(
                    site.timeline.instant().isBefore(Site.START.plusSeconds(600)),
                    () -> site.fleet.view().toString());
            site.run(0.5);
        }
        assertEquals(
                Optional.of("p41"),
                site.robot(site.job("g-1").vehicle().orElseThrow()).place());
        assertEquals(
                Optional.of("p51"),
                site.robot(site.job("t-1").vehicle().orElseThrow()).place());
        over("g-1", "t-1");
        for (String act : List.of("g-1.pick", "g-1.drop", "t-1.pick", "t-1.drop"))
            assertEquals(1, site.begun.get(act), act);
        assertEquals(Optional.of(Status.DONE), site.last("t-1"));
    }

    @Test
    void aHandoverOfWhichOneSideIsCalledOffIsOff() {
        site.vehicle("r-1", "p20");
        site.run(2);
        var giving = Site.job("g-1", new Job.Stop("p41", List.of(Site.act("g-1", "drop"))));
        var taking = Site.job("t-1", new Job.Stop("p51", List.of(Site.act("t-1", "pick"))));
        site.fleet.submit(new Handover(giving, 0, taking, 0));
        site.run(60);
        assertFalse(site.begun.containsKey("g-1.drop"), "nobody is there to take it");
        site.fleet.cancel("t-1");
        assertEquals(Status.CANCELLED, site.job("g-1").status());
        var apart = new Handover(
                Site.job("g-2", new Job.Stop("p41", List.of(Site.act("g-2", "drop")))),
                0,
                Site.job("t-2", new Job.Stop("p61", List.of(Site.act("t-2", "pick")))),
                0);
        assertThrows(IllegalArgumentException.class, () -> site.fleet.submit(apart));
    }
}
