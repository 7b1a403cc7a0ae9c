package org.diwan.bench;

import java.io.PrintStream;

/// `bench datacenter PART`: how good the decisions are, and how soon they are made.
final class DatacenterBench {
    private DatacenterBench() {}

    /// Measures one part; returns the exit code 0.
    ///
    /// @throws IllegalArgumentException naming a part that there is not
    static int run(Options options, PrintStream out) throws Exception {
        return switch (String.join(" ", options.plain())) {
            case "place" -> PlaceBench.run(options, out);
            case "solve" -> RoadefBench.run(options, out);
            case "fleet" -> SimulateBench.fleet(options, out);
            case "power" -> SimulateBench.power(options, out);
            case "prefix" -> SimulateBench.prefix(options, out);
            case "poll" -> PollBench.run(options, out);
            case "failover" -> FleetBench.failover(options, out);
            case "events" -> FleetBench.events(options, out);
            default ->
                throw new IllegalArgumentException(
                        "datacenter what? There are: place, solve, fleet, power, prefix, poll, failover, events");
        };
    }
}
