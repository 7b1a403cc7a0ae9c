package org.diwan.bench;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.cloud.Law;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Policy;

/// `bench sovereignty policy`: the time of a decision under 1,000 random rules, and how long Cedar itself
/// takes for the same; every answer that both give is compared, under the random rules and under the
/// shipped packs. The first decisions of a table are the dearest, so it starts empty and they count.
final class PolicyBench {
    private static final int MAX_RULES = 10_000;
    private static final int MAX_REQUESTS = 100_000_000;

    private PolicyBench() {}

    static Map<String, Object> measure(Options options) throws Exception {
        int rules = options.number("rules", 1_000, 1, MAX_RULES);
        int requests = options.number("requests", 1_000_000, 1, MAX_REQUESTS);
        int cedar = options.number("cedar", 10_000, 0, MAX_REQUESTS);
        var random = new SplittableRandom(options.number("seed", 1, 0, Integer.MAX_VALUE));
        var law = new RandomLaw(random);
        var figures = new LinkedHashMap<String, Object>();
        figures.put("rules", rules);
        figures.put("requests", requests);
        // Another law warms the code up; the table that is measured is empty.
        time(law.policy(rules), law, Math.min(requests, 200_000));
        var policy = law.policy(rules);
        long[] nanos = time(policy, law, requests);
        Arrays.sort(nanos);
        figures.put("p50Micros", nanos[requests / 2] / 1e3);
        figures.put("p99Micros", nanos[(int) (requests * 0.99)] / 1e3);
        figures.put("p999Micros", nanos[(int) (requests * 0.999)] / 1e3);
        figures.put("maxMicros", nanos[requests - 1] / 1e3);
        figures.put("randomRulesAskedOfCedar", Math.min(cedar, 10_000));
        figures.put("cedarMicros", compare(policy, law, Math.min(cedar, 10_000)));
        var shipped = Policy.of(
                Law.packs(Path.of(System.getProperty("diwan.home", ".."), "packs")), LocalDate.now(ZoneOffset.UTC));
        figures.put("shippedRules", shipped.rules().size());
        figures.put("shippedRulesAskedOfCedar", cedar);
        figures.put("shippedCedarMicros", compare(shipped, law, cedar));
        return figures;
    }

    private static long[] time(Policy policy, RandomLaw law, int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            var request = law.request(policy);
            long start = System.nanoTime();
            policy.decide(request);
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    /// Microseconds that Cedar takes on average, after each of its answers was found to be the table's.
    private static double compare(Policy policy, RandomLaw law, int count) {
        long nanos = 0;
        for (int i = 0; i < count; i++) {
            DecisionRequest request = law.request(policy);
            long start = System.nanoTime();
            var judged = policy.askCedar(request);
            nanos += System.nanoTime() - start;
            if (!judged.equals(policy.decide(request)))
                throw new IllegalStateException("Cedar and the table differ about: " + request);
        }
        return count == 0 ? 0 : Math.round(nanos / 1e2 / count) / 10.0;
    }
}
