package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.junit.jupiter.api.Test;

/// The shipped packs: the promises of the README, and what a stranger might try.
class PolicyTest {
    private static final List<Pack> PACKS = Packs.shipped();
    private static final Policy POLICY = Packs.policy(PACKS);

    @Test
    void personalDataToForeignCountryIsDeniedWithLawAndArticle() {
        var deny = assertInstanceOf(Decision.Deny.class, decide(DataClass.INTERNAL, true, false, "sa", "us"));
        var rule = deny.rules().getFirst();
        assertEquals("sa-pdpl-29-2-b", rule.id());
        assertEquals("29(2)(b)", rule.article());
        assertTrue(rule.law().startsWith("Personal Data Protection Law"));
        assertTrue(rule.explanations().keySet().containsAll(List.of("en", "ar")));
    }

    private static Decision decide(DataClass dataClass, boolean personal, boolean sensitive, String from, String to) {
        return POLICY.decide(new DecisionRequest(
                dataClass, personal, sensitive, new Jurisdiction(from), new Jurisdiction(to), DecisionRequest.CHAT));
    }

    @Test
    void shippedPacksHoldTheirOwnClaims() {
        long t = System.nanoTime();
        var report = PolicyCheck.check(PACKS, POLICY);
        System.out.println(report + " " + (System.nanoTime() - t) / 1e6 + " ms, table " + POLICY.size());
        assertTrue(report.passes(), report::toString);
    }
}
