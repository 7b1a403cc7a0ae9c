package org.diwan.app;

import picocli.CommandLine.Command;

/// `./diwan datacenter …`
@Command(
        name = "datacenter",
        description = "Look after the machines that models run on.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(place | solve)",
        subcommands = {DatacenterPlace.class, DatacenterSolve.class},
        footer = {"", "Example: ./diwan datacenter place --nodes nodes.csv --pods pods.csv"})
final class DatacenterVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("datacenter what? Try: ./diwan datacenter place");
    }
}
