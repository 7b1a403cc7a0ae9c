package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.ortools.Loader;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.diwan.base.Seeded;
import org.diwan.datacenter.plan.CertificateChecker;
import org.diwan.datacenter.plan.Planner;
import org.diwan.datacenter.plan.Planner.Outcome.Planned;
import org.diwan.datacenter.plan.Planner.Outcome.Refused;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;
import org.junit.jupiter.api.Test;

/// Oracle: CP-SAT (Google OR-tools) on a model of its own of the same world ([PlanModel]). What it proves
/// impossible the planner may not plan; of what it finds possible the planner may miss one in twenty.
class PlanOracleIT {
    /// Seconds for one world; what takes longer counts for nothing.
    private static final double PATIENCE = 10;

    @Test
    void plansWhatCpSatFinds() throws Exception {
        Loader.loadNativeLibraries();
        var law = law();
        var possible = new AtomicInteger();
        var impossible = new AtomicInteger();
        var missed = new AtomicInteger();
        Seeded.forAll(60, random -> {
            var world = PlanWorld.draw(random);
            var solver = new CpSolver();
            solver.getParameters()
                    .setMaxTimeInSeconds(PATIENCE)
                    .setNumWorkers(1)
                    .setRandomSeed(1);
            var status = solver.solve(new PlanModel(world, law).build());
            if (status == CpSolverStatus.UNKNOWN) return;
            boolean feasible = status == CpSolverStatus.OPTIMAL || status == CpSolverStatus.FEASIBLE;
            switch (Planner.plan(world.inventory(), world.demand(), law, 1)) {
                case Planned(var file) -> {
                    assertTrue(feasible, "a plan that CP-SAT proves impossible");
                    assertEquals(List.of(), CertificateChecker.refusals(world.inventory(), world.demand(), law, file));
                }
                case Refused refused -> {
                    if (feasible) missed.incrementAndGet();
                }
            }
            (feasible ? possible : impossible).incrementAndGet();
        });
        System.out.println(possible + " possible, of which missed " + missed + "; " + impossible + " impossible");
        if (Long.getLong("seed") != null) return;
        assertTrue(missed.get() <= possible.get() / 20, missed + " of " + possible + " missed");
        assertTrue(possible.get() > 5 && impossible.get() > 5, possible + " possible, " + impossible + " not");
    }

    private static Policy law() throws Exception {
        var packs = new ArrayList<Pack>();
        for (String country : List.of("de", "eu", "kr", "ph", "sa"))
            packs.add(Pack.load(Path.of(System.getProperty("diwan.home"), "packs", country)));
        return Policy.of(packs, LocalDate.of(2026, 11, 28));
    }
}
