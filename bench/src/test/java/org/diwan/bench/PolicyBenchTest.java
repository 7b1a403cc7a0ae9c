package org.diwan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.policy.Decision;
import org.junit.jupiter.api.Test;

/// Random laws say by table what they say by Cedar; the benchmark runs once, short.
class PolicyBenchTest {
    @Test
    void aThousandRandomRulesDecideAsCedarDecides() {
        Seeded.forAll(1, random -> {
            var law = new RandomLaw(random);
            var policy = law.policy(1_000);
            for (int i = 0; i < 100; i++) {
                var request = law.request(policy);
                assertEquals(policy.askCedar(request), policy.decide(request), request::toString);
            }
        });
    }

    /// Few rules leave room for every kind of answer, with one rule or none behind it.
    @Test
    void fewRandomRulesDecideAsCedarDecides() {
        int[] allowed = {0, 0};
        Seeded.forAll(40, random -> {
            var law = new RandomLaw(random);
            var policy = law.policy(1 + random.nextInt(12));
            for (int i = 0; i < 100; i++) {
                var request = law.request(policy);
                var decision = policy.decide(request);
                assertEquals(policy.askCedar(request), decision, request::toString);
                allowed[decision instanceof Decision.Allow ? 1 : 0]++;
            }
        });
        assertTrue(allowed[0] > 0 && allowed[1] > 0, "only one kind of answer was met");
    }

    @Test
    void itPrintsItsFigures() throws Exception {
        var out = new ByteArrayOutputStream();
        var options =
                Options.parse(List.of("policy", "--rules", "20", "--requests", "2000", "--cedar", "50", "--json"));
        assertEquals(0, SovereigntyBench.run(options, new PrintStream(out, true, StandardCharsets.UTF_8)));
        String json = out.toString(StandardCharsets.UTF_8);
        assertTrue(json.contains("\"p99Micros\":") && json.contains("\"shippedRulesAskedOfCedar\":50"), json);
        assertThrows(
                IllegalArgumentException.class,
                () -> SovereigntyBench.run(Options.parse(List.of("poetry")), System.out));
    }
}
