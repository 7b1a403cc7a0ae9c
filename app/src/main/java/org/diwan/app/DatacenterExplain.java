package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import org.diwan.datacenter.plan.Explainer;
import org.diwan.datacenter.plan.PlanFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan datacenter explain`: why a replica is not at a place.
@Command(
        name = "explain",
        description = "Why not here? The constraints that keep a replica from a place, with numbers and articles.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan datacenter explain plan.json chat#0 --at riyadh-1 --language ar"
                    + " --inventory i.yaml --demand d.yaml"
        })
final class DatacenterExplain extends Verb {
    @Parameters(index = "0", paramLabel = "PLAN", description = "The plan with its certificate, as JSON.")
    private Path plan = Path.of("");

    @Parameters(index = "1", paramLabel = "REPLICA", description = "workload#number, or a workload for its first.")
    private String replica = "";

    @Option(
            names = "--at",
            paramLabel = "PATH",
            description = "A site, or a path below it down to a server (default: each site).")
    private @Nullable String place;

    @Option(names = "--language", paramLabel = "TAG", description = "en, ar, ko, de or fil (default: en).")
    private String language = "en";

    @Mixin
    private final DatacenterFiles files = new DatacenterFiles();

    @Override
    public Integer call() throws IOException {
        var file = PlanFile.read(plan);
        var inventory = files.inventory();
        var demand = files.demand();
        var law = files.law(file);
        DatacenterCertify.require(inventory, demand, law, file);
        var explainer = new Explainer(inventory, demand, law, file);
        if (place != null) explain(explainer, place);
        else for (var site : inventory.sites()) if (!site.servers().isEmpty()) explain(explainer, site.name());
        return 0;
    }

    private void explain(Explainer explainer, String at) {
        explainer.why(replica, at).lines(language).forEach(out()::println);
    }
}
