package org.diwan.robots.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.diwan.robots.building.TowerPlan;
import org.diwan.robots.bus.LocalBus.Quality;
import org.junit.jupiter.api.Test;

/// The oracle is [Observer]: the vehicles' true poses and the lifts' own log, against which neither plan nor
/// order is held. The whole tower is `./diwan bench robots tower`.
class TowerSimulationTest {
    private static TowerReport play(long seed, Quality quality, int jobs) {
        var simulation = new TowerSimulation(new TowerSimulation.Plan(TowerPlan.of(4, 2), 6, 0, quality, seed));
        simulation.run(Duration.ofSeconds(15));
        var wishes = new Demand(TowerPlan.of(4, 2)).day(TowerSimulation.START, jobs, seed);
        for (var wish : wishes) {
            simulation.fleet().submit(wish.job());
            simulation.run(Duration.ofSeconds(40));
        }
        simulation.run(Duration.ofMinutes(15));
        return simulation.report();
    }

    @Test
    void nobodyMeetsAnybodyAndLiftsCarryOneAtATimeThroughOpenDoors() {
        var report = play(1, Quality.PERFECT, 12);
        assertEquals(List.of(), report.told());
        assertEquals(12, report.done(), report::toString);
        assertTrue(report.rides() > 5, report::toString);
        assertTrue(report.nearest() >= Observer.APART, report::toString);
        assertTrue(report.leases() > report.rides(), report::toString);
        assertEquals(0, report.lentTwice());
    }

    /// The messages of lifts and doors are lost and late as well.
    @Test
    void aBadBusCostsTimeOnly() {
        var report = play(2, new Quality(0.1, 0.05, Duration.ofMillis(5), Duration.ofMillis(300)), 12);
        assertEquals(List.of(), report.told());
        assertEquals(12, report.done(), report::toString);
    }

    @Test
    void everyMessageIsAFunctionOfTheSeed() {
        var first = play(3, Quality.PERFECT, 4);
        assertEquals(first, play(3, Quality.PERFECT, 4));
        assertNotEquals(first.digest(), play(4, Quality.PERFECT, 4).digest());
    }
}
