package org.diwan.datacenter.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.base.Seeded;
import org.diwan.datacenter.simulate.ReplaySimulation.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracles: arithmetic by hand on one engine; a simulator that takes one step at a time; the published
/// reuse of Mooncake's trace.
class ReplaySimulationTest {
    private static final EngineProfile SIMPLE = new EngineProfile(1_000, 10, 1, 4, 100_000, 100, 300, 500);

    private static Setup one(int cacheBlocks) {
        return new Setup(SIMPLE, 1, Routing.LEAST_LOADED, cacheBlocks, Optional.empty(), 1);
    }

    private static TracedRequest request(double at, int prompt, int answer, Integer... blocks) {
        return new TracedRequest(at, prompt, answer, List.of(blocks));
    }

    @Test
    void oneRequestTakesItsPromptAndItsSteps() {
        var result = ReplaySimulation.run(List.of(request(2, 500, 11)), one(0));
        assertEquals(0.5, result.firstTokenP50(), 1e-9);
        assertEquals(0.5 + 10 * 0.010, result.wholeP50(), 1e-9);
        // Two seconds idle, half a second of prefill, ten steps of one sequence: half of decoding's draw and a bit.
        double step = 100 + 200 * (0.5 + 0.5 / 4);
        assertEquals((2 * 100 + 0.5 * 500 + 0.1 * step) / 3.6e6, result.kilowattHours(), 1e-12);
        assertEquals(500, result.peakWatts());
    }

    @Test
    void heldBlocksAreNotReadAgain() {
        var trace = List.of(request(0, 1_000, 1, 7, 8), request(10, 1_000, 1, 7, 9), request(20, 1_000, 1, 5, 7));
        var result = ReplaySimulation.run(trace, one(100));
        assertEquals(1.0 / 6, result.reuse(), 1e-9, "a block counts only behind an unbroken prefix");
        assertEquals(1.0, result.firstTokenP50(), 1e-9);
        assertEquals(0, ReplaySimulation.run(trace, one(0)).reuse());
    }

    /// Steps that are taken together give what steps one by one give: a tick every second changes nothing but
    /// where they are cut.
    @Test
    void stepsTakenTogetherAreStepsOneByOne() {
        Seeded.forAll(60, random -> {
            var trace = random(random, 60);
            var profile = new EngineProfile(2_000, 8, random.nextDouble(), random.nextInt(1, 9), 9_000, 1, 2, 3);
            int replicas = random.nextInt(1, 5);
            var slow = new SlowTwin(profile, replicas, trace).run();
            var fast = ReplaySimulation.run(
                    trace, new Setup(profile, replicas, Routing.LEAST_LOADED, 0, Optional.empty(), 1));
            assertEquals(slow.firsts(), fast.firstTokenP99(), 1e-6);
            assertEquals(slow.wholes(), fast.wholeP99(), 1e-6);
        });
    }

    private static List<TracedRequest> random(SplittableRandom random, int count) {
        var trace = new ArrayList<TracedRequest>();
        double at = 0;
        for (int i = 0; i < count; i++) {
            at += random.nextDouble() * 0.5;
            trace.add(request(at, random.nextInt(1, 900), random.nextInt(1, 60)));
        }
        return trace;
    }

    @Test
    void theSameSeedGivesTheSameHash() {
        var trace = random(new SplittableRandom(3), 300);
        var setup = new Setup(SIMPLE, 5, Routing.RANDOM, 0, Optional.empty(), 9);
        assertEquals(ReplaySimulation.run(trace, setup), ReplaySimulation.run(trace, setup));
        assertNotEquals(
                ReplaySimulation.run(trace, setup).hash(),
                ReplaySimulation.run(trace, new Setup(SIMPLE, 5, Routing.RANDOM, 0, Optional.empty(), 10))
                        .hash());
    }

    @Test
    void aSharedLimitIsKeptBySlowingAndWithoutItTheBreakerOpens() {
        var trace = random(new SplittableRandom(5), 2_000);
        var free = new Setup(SIMPLE, 8, Routing.LEAST_LOADED, 0, Optional.empty(), 1);
        double budget = 0.9 * ReplaySimulation.run(trace, free).peakWatts();
        var held = ReplaySimulation.run(
                trace, new Setup(SIMPLE, 8, Routing.LEAST_LOADED, 0, Optional.of(PowerLimit.polca(budget)), 1));
        assertEquals(0, held.trips());
        var blind = new PowerLimit(0.3 * budget, 0.97, 1, 0.98, 1, 0.5, 2);
        assertTrue(ReplaySimulation.run(trace, new Setup(SIMPLE, 8, Routing.LEAST_LOADED, 0, Optional.of(blind), 1))
                        .trips()
                > 0);
    }

    @Test
    void mooncakesReuseIsWhatItsAuthorsPublished() throws IOException {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and traces are not committed");
        var trace = Traces.mooncake(Path.of(data, "datacenter", "mooncake", "conversation_trace.jsonl"));
        assertEquals(12_031, trace.size());
        var all = new Setup(EngineProfile.DGX_70B, 1, Routing.LEAST_LOADED, Integer.MAX_VALUE, Optional.empty(), 1);
        assertEquals(0.366, ReplaySimulation.run(trace.subList(0, 12_031), all).reuse(), 0.0005);
    }

    @Test
    void azuresTraceIsRead() throws IOException {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and traces are not committed");
        var trace = Traces.azure(Path.of(data, "datacenter", "azure_llm_2023", "AzureLLMInferenceTrace_conv.csv"));
        assertEquals(19_366, trace.size());
        assertEquals(
                1_154,
                Math.floor(trace.stream()
                        .mapToInt(TracedRequest::promptTokens)
                        .average()
                        .orElseThrow()));
        assertEquals(
                211,
                Math.floor(trace.stream()
                        .mapToInt(TracedRequest::answerTokens)
                        .average()
                        .orElseThrow()));
    }

    @Test
    void brokenTracesAreRefusedByLine(@TempDir Path folder) throws IOException {
        for (String wrong : List.of(
                "2023-11-16 18:17:04.0000000,1",
                "2023-11-16 18:17:04.0000000,-1,1",
                "yesterday,1,1",
                "2023-11-16 18:17:02.0000000,1,1")) {
            var file = Files.writeString(
                    folder.resolve("t.csv"), "TIMESTAMP,C,G\n2023-11-16 18:17:03.9799600,4808,10\n" + wrong + "\n");
            var refused = assertThrows(IllegalArgumentException.class, () -> Traces.azure(file));
            assertTrue(String.valueOf(refused.getMessage()).contains("line 3"), refused.getMessage());
        }
        var file = Files.writeString(folder.resolve("t.jsonl"), "{\"timestamp\":0,\"input_length\":1}\n");
        assertThrows(IllegalArgumentException.class, () -> Traces.mooncake(file));
    }

    /// The same engines, one step at a time, found by looking at all of them.
    private static final class SlowTwin {
        private record Quantiles(double firsts, double wholes) {}

        private final EngineProfile profile;
        private final List<TracedRequest> trace;
        private final List<List<Integer>> waiting = new ArrayList<>();
        private final List<List<int[]>> running = new ArrayList<>();
        private final double[] free;
        private final double[] firsts;
        private final double[] wholes;

        SlowTwin(EngineProfile profile, int replicas, List<TracedRequest> trace) {
            this.profile = profile;
            this.trace = trace;
            this.free = new double[replicas];
            this.firsts = new double[trace.size()];
            this.wholes = new double[trace.size()];
            for (int i = 0; i < replicas; i++) {
                waiting.add(new ArrayList<>());
                running.add(new ArrayList<>());
            }
        }

        Quantiles run() {
            for (int id = 0; id < trace.size(); id++) {
                double at = trace.get(id).arrivalSeconds();
                for (int e = 0; e < free.length; e++) advance(e, at);
                int best = 0;
                for (int e = 1; e < free.length; e++) if (load(e) < load(best)) best = e;
                if (load(best) == 0) free[best] = at;
                waiting.get(best).add(id);
            }
            for (int e = 0; e < free.length; e++) advance(e, Double.POSITIVE_INFINITY);
            return new Quantiles(p99(firsts), p99(wholes));
        }

        private int load(int engine) {
            return waiting.get(engine).size() + running.get(engine).size();
        }

        /// Takes steps that begin before `until`; a sequence runs until the step that ends it is over.
        private void advance(int engine, double until) {
            var queue = waiting.get(engine);
            var active = running.get(engine);
            while (free[engine] <= until) {
                active.removeIf(sequence -> sequence[1] <= 0);
                if (load(engine) == 0 || free[engine] == until) return;
                if (!queue.isEmpty() && active.size() < profile.batch() && fits(active, trace.get(queue.getFirst()))) {
                    int id = queue.removeFirst();
                    free[engine] += profile.prefillSeconds(trace.get(id).promptTokens(), 1);
                    firsts[id] = free[engine] - trace.get(id).arrivalSeconds();
                    active.add(new int[] {id, trace.get(id).answerTokens() - 1});
                } else {
                    free[engine] += profile.stepSeconds(active.size(), 1);
                    for (int[] sequence : active) sequence[1]--;
                }
                for (int[] sequence : active)
                    if (sequence[1] <= 0)
                        wholes[sequence[0]] =
                                free[engine] - trace.get(sequence[0]).arrivalSeconds();
            }
        }

        private boolean fits(List<int[]> active, TracedRequest next) {
            int held = IntStream.range(0, active.size())
                    .map(i -> trace.get(active.get(i)[0]).promptTokens()
                            + trace.get(active.get(i)[0]).answerTokens())
                    .sum();
            return active.isEmpty() || held + next.promptTokens() + next.answerTokens() <= profile.kvTokens();
        }

        private static double p99(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return ReplaySimulation.quantile(sorted, 0.99);
        }
    }
}
