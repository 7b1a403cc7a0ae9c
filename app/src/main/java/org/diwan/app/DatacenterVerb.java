package org.diwan.app;

import picocli.CommandLine.Command;

/// `./diwan datacenter …`
@Command(
        name = "datacenter",
        description = "Look after the machines that models run on.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(plan | certify | explain | place | solve)",
        subcommands = {
            DatacenterPlan.class,
            DatacenterCertify.class,
            DatacenterExplain.class,
            DatacenterPlace.class,
            DatacenterSolve.class
        },
        footer = {"", "Example: ./diwan datacenter certify plan.json --inventory i.yaml --demand d.yaml"})
final class DatacenterVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException(
                "datacenter what? Try: ./diwan datacenter plan, certify, explain, place or solve");
    }
}
