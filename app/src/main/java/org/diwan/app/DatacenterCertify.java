package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.CertificateChecker;
import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.sovereignty.policy.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `./diwan datacenter certify`: the checker, for anybody who has the four files.
@Command(
        name = "certify",
        description = "Count every number of a plan's certificate again, from inventory, demand and law.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan datacenter certify plan.json --inventory i.yaml --demand d.yaml",
            "Exit 0: it proves the plan; 1: it does not."
        })
final class DatacenterCertify extends Verb {
    /// Refusals that are printed; one is enough.
    private static final int MAX_PRINTED = 20;

    @Parameters(paramLabel = "PLAN", description = "The plan with its certificate, as JSON.")
    private Path plan = Path.of("");

    @Mixin
    private final DatacenterFiles files = new DatacenterFiles();

    @Override
    public Integer call() throws IOException {
        var file = PlanFile.read(plan);
        var refusals = CertificateChecker.refusals(files.inventory(), files.demand(), files.law(file), file);
        refusals.stream().limit(MAX_PRINTED).forEach(refusal -> out().println("✗ " + refusal));
        if (refusals.size() > MAX_PRINTED) out().println("… and " + (refusals.size() - MAX_PRINTED) + " more");
        if (!refusals.isEmpty()) return Main.CHECK_FAILED;
        for (var one : file.certificate().cases())
            out().println("✓ " + (one.lostSite().isEmpty() ? "nothing lost" : one.lostSite() + " lost") + ": "
                    + one.residences().size() + " answers of the law and "
                    + one.claims().size() + " limits hold, "
                    + one.replacements().size() + " replicas replaced");
        return 0;
    }

    /// Refuses a plan that is not proved.
    static void require(Inventory inventory, Demand demand, Policy law, PlanFile file) {
        var refusals = CertificateChecker.refusals(inventory, demand, law, file);
        if (!refusals.isEmpty())
            throw new IllegalArgumentException("the plan does not prove itself: " + refusals.getFirst());
    }
}
