package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.simulate.EngineProfile;
import org.diwan.datacenter.simulate.FleetSimulation;
import org.diwan.datacenter.simulate.PowerLimit;
import org.diwan.datacenter.simulate.ReplaySimulation;
import org.diwan.datacenter.simulate.ReplaySimulation.Setup;
import org.diwan.datacenter.simulate.Routing;
import org.diwan.datacenter.simulate.Scenario;
import org.diwan.datacenter.simulate.TracedRequest;
import org.diwan.datacenter.simulate.Traces;

/// `bench datacenter fleet`: a week of a fleet with everything that can go wrong; how long it takes.
/// `… power`: more servers below one breaker than it was built for, on Azure's traces.
/// `… prefix`: how much of Mooncake's prompts is found in caches, by way of routing.
final class SimulateBench {
    /// A breaker is built for so many servers at their nameplate.
    private static final int BUILT_FOR = 40;

    private static final double NAMEPLATE_WATTS = 10_200;

    /// What a row of inference servers draws at most, as a share of its breaker (POLCA's measurement); traffic
    /// is made so dense that the row the breaker was built for peaks there.
    private static final double PEAK_SHARE = 0.79;

    private SimulateBench() {}

    static int fleet(Options options, PrintStream out) {
        int gpus = options.number("gpus", 100_000, 8, 900_000);
        int days = options.number("days", 7, 1, 31);
        var inventory = SampleOperator.of(gpus);
        double peak = gpus / 8.0 * 3;
        var scenario = Scenario.parse("""
                scenario: a week in which everything goes wrong
                seed: 7
                days: %d
                growth: 1.2
                origins:
                  - {jurisdiction: sa, peakRequestsPerSecond: %s, utcOffset: 3, allowed: [sa]}
                  - {jurisdiction: kr, peakRequestsPerSecond: %s, utcOffset: 9, allowed: [kr]}
                  - {jurisdiction: de, peakRequestsPerSecond: %s, utcOffset: 1, allowed: [de]}
                incidents:
                  - {kind: site-lost, site: riyadh-1, hour: 10, hours: 6}
                  - {kind: heat-wave, site: jeddah-1, hour: 8, hours: 16, amount: 14}
                  - {kind: power-cap, site: frankfurt-1, hour: 12, hours: 6, amount: 0.35}
                  - {kind: feed-lost, site: seoul-1, hour: 14, hours: 6, feed: utility/a}
                """.formatted(days, peak * 6 / 12, peak * 3 / 12, peak * 3 / 12));
        long start = System.nanoTime();
        var result = FleetSimulation.run(inventory, scenario, EngineProfile.DGX_70B);
        double seconds = (System.nanoTime() - start) / 1e9;
        var figures = new LinkedHashMap<String, Object>();
        figures.put("gpus", gpus);
        figures.put("days", days);
        figures.put("seconds", Math.round(seconds * 10) / 10.0);
        Long resident = Machine.residentBytes("self");
        if (resident != null) figures.put("residentMiB", resident >> 20);
        figures.put("answered", result.answered());
        figures.put("refused", result.refused());
        figures.put("hash", result.hash());
        return print(options, out, "fleet", figures);
    }

    static int power(Options options, PrintStream out) throws IOException {
        var traces = Map.of(
                "conversation", Traces.azure(azure("conv")),
                "code", Traces.azure(azure("code")));
        var figures = new LinkedHashMap<String, Object>();
        double breaker = BUILT_FOR * NAMEPLATE_WATTS;
        for (var trace : new TreeMap<>(traces).entrySet()) {
            double rate = rate(trace.getValue(), breaker);
            for (int more : new int[] {0, 25, 30, 40}) {
                int servers = BUILT_FOR * (100 + more) / 100;
                var load = repeated(trace.getValue(), servers * rate);
                var free = ReplaySimulation.run(load, setup(servers, Optional.empty()));
                var held = ReplaySimulation.run(load, setup(servers, Optional.of(PowerLimit.polca(breaker))));
                var row = new LinkedHashMap<String, Object>();
                row.put("servers", servers);
                row.put("ratePerServer", round(rate));
                row.put("requests", load.size());
                row.put("peakShareUncontrolled", round(free.peakWatts() / breaker));
                row.put("peakShare", round(held.peakWatts() / breaker));
                row.put("trips", held.trips());
                row.put("slowedShare", round(held.slowedShare()));
                row.put("wholeP99Seconds", round(held.wholeP99()));
                row.put("p99LossPercent", round(100 * (held.wholeP99() / free.wholeP99() - 1)));
                figures.put(trace.getKey() + " +" + more + " %", row);
            }
        }
        return print(options, out, "power", figures);
    }

    /// Requests per second and server at which the row peaks at [#PEAK_SHARE], by halving.
    private static double rate(List<TracedRequest> trace, double breaker) {
        double low = 0.5;
        double high = 12;
        for (int i = 0; i < 7; i++) {
            double middle = (low + high) / 2;
            var result = ReplaySimulation.run(repeated(trace, BUILT_FOR * middle), setup(BUILT_FOR, Optional.empty()));
            if (result.peakWatts() < PEAK_SHARE * breaker) low = middle;
            else high = middle;
        }
        return low;
    }

    private static Setup setup(int servers, Optional<PowerLimit> limit) {
        return new Setup(EngineProfile.DGX_70B, servers, Routing.LEAST_LOADED, 0, limit, 1);
    }

    /// As many copies of a trace, each begun at another of its moments, as make `rate` requests a second.
    private static List<TracedRequest> repeated(List<TracedRequest> trace, double rate) {
        double length = trace.getLast().arrivalSeconds();
        int copies = (int) Math.max(1, Math.round(rate * length / trace.size()));
        return IntStream.range(0, copies)
                .boxed()
                .flatMap(copy -> trace.stream()
                        .map(request -> new TracedRequest(
                                (request.arrivalSeconds() + length * copy / copies) % length,
                                request.promptTokens(),
                                request.answerTokens(),
                                List.of())))
                .sorted(Comparator.comparingDouble(TracedRequest::arrivalSeconds))
                .toList();
    }

    static int prefix(Options options, PrintStream out) throws IOException {
        var trace = Traces.mooncake(data().resolve("mooncake").resolve("conversation_trace.jsonl"));
        var figures = new LinkedHashMap<String, Object>();
        double ideal = run(trace, 1, Routing.LEAST_LOADED, Integer.MAX_VALUE).reuse();
        figures.put("ideal", round(ideal));
        var rows = new ArrayList<Map<String, Object>>();
        for (int replicas : new int[] {4, 8, 16})
            for (int blocks : new int[] {10_000, 50_000})
                for (var routing : Routing.values()) {
                    var result = run(trace, replicas, routing, blocks);
                    var row = new LinkedHashMap<String, Object>();
                    row.put("replicas", replicas);
                    row.put("cacheBlocks", blocks);
                    row.put("routing", routing.name().toLowerCase(Locale.ROOT));
                    row.put("reuse", round(result.reuse()));
                    row.put("ofIdeal", round(result.reuse() / ideal));
                    row.put("firstTokenP50", round(result.firstTokenP50()));
                    row.put("firstTokenP99", round(result.firstTokenP99()));
                    rows.add(row);
                }
        figures.put("rows", rows);
        return print(options, out, "prefix", figures);
    }

    private static ReplaySimulation.Result run(List<TracedRequest> trace, int replicas, Routing routing, int blocks) {
        return ReplaySimulation.run(
                trace, new Setup(EngineProfile.DGX_70B, replicas, routing, blocks, Optional.empty(), 1));
    }

    private static Path azure(String which) {
        return data().resolve("azure_llm_2023").resolve("AzureLLMInferenceTrace_" + which + ".csv");
    }

    private static Path data() {
        String data = System.getenv("DIWAN_DATA");
        if (data == null) throw new IllegalArgumentException("DIWAN_DATA must name a folder with datacenter in it");
        return Path.of(data, "datacenter");
    }

    private static double round(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }

    private static int print(Options options, PrintStream out, String name, Map<String, Object> figures) {
        if (options.named().containsKey("json")) {
            out.println(CanonicalJson.text(Map.of("machine", Machine.name(), name, figures)));
            return 0;
        }
        out.println(Machine.name());
        figures.forEach((key, value) -> {
            if (value instanceof List<?> rows) rows.forEach(row -> out.println("  " + row));
            else out.println("  " + key + ": " + value);
        });
        return 0;
    }
}
