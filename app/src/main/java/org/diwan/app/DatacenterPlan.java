package org.diwan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.diwan.base.AtomicFile;
import org.diwan.cloud.SignedLedger;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.datacenter.plan.PlanLedger;
import org.diwan.datacenter.plan.Planner;
import org.diwan.datacenter.plan.Planner.Outcome.Planned;
import org.diwan.datacenter.plan.Planner.Outcome.Refused;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan datacenter plan`: finds a plan, writes it with its certificate, and records both.
@Command(
        name = "plan",
        description = "Decide where replicas and jobs run, and prove it: law, power, cooling, the loss of any site.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan datacenter plan --inventory i.yaml --demand d.yaml --out plan.json",
            "Exit 0: planned; 1: no plan was found, with what is in the way."
        })
final class DatacenterPlan extends Verb {
    @Mixin
    private final DatacenterFiles files = new DatacenterFiles();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where plan and certificate go.")
    private Path target = Path.of("");

    @Option(
            names = "--improve",
            paramLabel = "FILE",
            description = "Start from this plan for the same inventory and demand, and make it better.")
    private @Nullable Path improve;

    @Option(
            names = "--moves",
            paramLabel = "COUNT",
            description = "Replicas that --improve may move (default: ${DEFAULT-VALUE}).")
    private int moves = 10;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed, the same plan (default: 1).")
    private long seed = 1;

    @Option(
            names = "--language",
            paramLabel = "TAG",
            description = "Language of what is in the way: en, ar, ko, de, fil.")
    private String language = "en";

    @Mixin
    private final DataFolder data = new DataFolder();

    @Mixin
    private final LedgerOptions ledger = new LedgerOptions();

    @Option(names = "--no-ledger", description = "Do not write the plan into the ledger.")
    private boolean unrecorded;

    @Override
    public Integer call() throws IOException {
        var inventory = files.inventory();
        var demand = files.demand();
        if (improve != null) {
            var before = PlanFile.read(improve);
            var law = files.law(before);
            DatacenterCertify.require(inventory, demand, law, before);
            return write(inventory, demand, law, Planner.improve(inventory, demand, law, before, moves, seed));
        }
        var law = files.law();
        return switch (Planner.plan(inventory, demand, law, seed)) {
            case Planned(var file) -> write(inventory, demand, law, file);
            case Refused(var refusals) -> {
                for (var refusal : refusals) out().println("✗ " + refusal.text(language));
                yield Main.CHECK_FAILED;
            }
        };
    }

    private int write(Inventory inventory, Demand demand, Policy law, PlanFile file) throws IOException {
        if (!unrecorded) record(inventory, demand, law, file);
        AtomicFile.write(target, file.json().getBytes(StandardCharsets.UTF_8));
        out().println("✓ " + file.plan().assignments().size() + " replicas placed; plan "
                + file.plan().digest() + " in " + target);
        return 0;
    }

    /// First recorded, then handed out: nobody acts on a plan that the ledger does not know.
    private void record(Inventory inventory, Demand demand, Policy law, PlanFile file) throws IOException {
        Path witnesses = data.folder().resolve("keys/log.policy");
        String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        try (var signed = SignedLedger.open(data.folder(), ledger.config(witnesses))) {
            long index = PlanLedger.record(signed.ledger(), time, inventory, demand, law, file);
            signed.ledger().publish();
            err().println("entry " + index + " of the ledger in " + data.folder());
        } catch (IOException e) {
            throw new IOException(
                    "planned, but not recorded, so not written (a running server holds its ledger; --no-ledger leaves"
                            + " the entry out, --data names another folder): " + e.getMessage(),
                    e);
        }
    }
}
