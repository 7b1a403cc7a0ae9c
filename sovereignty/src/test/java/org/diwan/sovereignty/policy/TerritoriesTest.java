package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.junit.jupiter.api.Test;

/// Two invented groups whose rules name no place at all: the hardest case for places standing for
/// one another, since nothing but membership and equality tells them apart.
class TerritoriesTest {
    private static final List<Pack> PACKS =
            List.of(group("ga", "fr", "de", "it"), group("gb", "jp", "kr"), group("gc", "fr", "jp"));

    @Test
    void rulesThatCompareOriginAndDestinationAreDecidedAsCedarDecides() throws PackException {
        var policy = Policy.of(PACKS);
        policy.everyRequest(request -> {
            boolean sample = KindSet.kind(request) == 0;
            if (sample) assertEquals(policy.askCedar(request), policy.decide(request), request::toString);
        });
        assertTrue(allowed(policy, "ga", "it") && !allowed(policy, "gb", "it") && !allowed(policy, "it", "de"));
        assertTrue(allowed(policy, "de", "de") && allowed(policy, "gc", "fr") && !allowed(policy, "de", "us"));
    }

    private static boolean allowed(Policy policy, String from, String to) {
        return policy.decide(new DecisionRequest(
                        DataClass.PUBLIC, false, false, new Jurisdiction(from), new Jurisdiction(to), "chat"))
                instanceof Decision.Allow;
    }

    private static Pack group(String code, String... members) {
        var countries = List.of(members).stream().map(Jurisdiction::new).toList();
        String rule = """
                @id("%s-own") @law("none") @article("0") @source("test") @confidence("K")
                @validFrom("2020-01-01") @explanation("Inside the origin, wherever that is.")
                permit (principal, action, resource) when { resource in principal };
                """.formatted(code);
        return new Pack(
                Path.of(code),
                code,
                new Jurisdiction(code),
                Set.of(),
                List.of(),
                Set.copyOf(countries),
                Map.of(),
                Map.of(),
                Set.of("chat"),
                Map.of(),
                Optional.empty(),
                LocalDate.of(2026, 1, 1),
                code,
                Map.of("own.cedar", rule),
                List.of(),
                List.of(),
                List.of());
    }
}
