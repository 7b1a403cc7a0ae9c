package org.diwan.app;

import picocli.CommandLine.Command;

/// `./diwan robots …`
@Command(
        name = "robots",
        description = "Command vehicles, and find their ways.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        subcommands = {
            RobotsDemo.class,
            RobotsServe.class,
            RobotsMap.class,
            RobotsTwin.class,
            RobotsMission.class,
            RobotsLocate.class,
            RobotsTrace.class,
            RobotsSolve.class
        },
        footer = {"", "Example: ./diwan robots demo"})
final class RobotsVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("robots what? ./diwan robots --help lists what there is");
    }
}
