package org.diwan.app;

import picocli.CommandLine.Command;

/// `./diwan datacenter …`
@Command(
        name = "datacenter",
        description = "Look after the machines that models run on.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        subcommands = {
            DatacenterImport.class,
            DatacenterDiscover.class,
            DatacenterPlan.class,
            DatacenterCertify.class,
            DatacenterExplain.class,
            DatacenterSimulate.class,
            DatacenterDemo.class,
            DatacenterPlace.class,
            DatacenterSolve.class
        },
        footer = {"", "Example: ./diwan datacenter import inventory.yaml"})
final class DatacenterVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("datacenter what? ./diwan datacenter --help lists what there is");
    }
}
