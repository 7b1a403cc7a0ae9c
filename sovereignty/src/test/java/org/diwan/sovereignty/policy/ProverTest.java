package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Prover.Proof;
import org.junit.jupiter.api.Test;

/// A proof is held against the plain way: every request, one after another, each decided by itself.
class ProverTest {
    private static final Policy SA = Packs.policy(Packs.load("sa"));
    private static final Policy ALL = Packs.policy(Packs.shipped());

    @Test
    void randomSentencesComeOutAsCaseByCase() {
        Seeded.forAll(25, random -> {
            var statement = RandomStatement.of(SA, random);
            long[] cases = {0};
            long[] against = {0};
            SA.everyRequest(request -> {
                if (!statement.speaks().test(request)) return;
                cases[0]++;
                if (!statement.kept().by(SA.decide(request))) against[0]++;
            });
            if (cases[0] == 0) {
                assertThrows(IllegalArgumentException.class, () -> prove(SA, statement.text()));
                return;
            }
            var proof = prove(SA, statement.text());
            assertEquals(cases[0], proof.cases(), statement::text);
            assertEquals(against[0] == 0, proof.holds(), statement::text);
            proof.counterexample()
                    .ifPresent(request -> assertTrue(
                            statement.speaks().test(request)
                                    && !statement.kept().by(SA.decide(request)),
                            () -> statement.text() + ": " + request));
        });
    }

    @Test
    void whatMinistersSignHolds() {
        for (var text : new String[] {
            "secret never leaves sa",
            "top-secret never leaves sa",
            "personal for chat never leaves sa",
            "personal national_id never leaves kr",
            "personal social from de only to eu, eu-adequate",
            "personal sensitive bulk government never leaves ph",
            "personal from kr to kr needs retain 365 days"
        }) assertTrue(prove(ALL, text).holds(), text);
    }

    /// Nothing speaks against a sentence about nothing; it is refused all the same.
    @Test
    void sentenceAboutNoRequestIsRefused() {
        refused("anything from us is always denied", "speaks of no request");
        refused("personal not personal never leaves sa", "speaks of no request");
    }

    @Test
    void whatIsNotSoIsRefutedByARequest() {
        var proof = prove(ALL, "public never leaves sa");
        var request = proof.counterexample().orElseThrow();
        assertEquals(new Jurisdiction("sa"), request.origin());
        assertTrue(ALL.decide(request) instanceof Decision.Allow);
        assertFalse(prove(ALL, "personal from kr to kr needs retain 367 days").holds());
        assertFalse(prove(ALL, "anything from ph to ph is always denied").holds());
        assertFalse(prove(ALL, "anything from ph to us is always allowed").holds());
    }

    /// A country named by the caller is where data comes from, unless the sentence says.
    @Test
    void homeIsWhereDataComesFrom() {
        var home = Optional.of(new Jurisdiction("kr"));
        var proof = Prover.prove(ALL, Statement.parse("personal only to kr, kr-equivalent", ALL, home));
        assertEquals(prove(ALL, "personal from kr only to kr, kr-equivalent").cases(), proof.cases());
        assertTrue(proof.holds());
    }

    @Test
    void resultNamesTheOutcomeOfEveryCase() {
        var once = prove(SA, "secret never leaves sa");
        assertEquals(
                once.result(),
                prove(Packs.policy(Packs.load("sa")), "secret never leaves sa").result());
        assertNotEquals(once.result(), prove(SA, "confidential never leaves sa").result());
        assertNotEquals(
                once.result(),
                prove(SA, "secret from sa to us, de is always denied").result());
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        refused("", "the end");
        refused("secrt never leaves sa", "'secrt'");
        refused("secret never leaves atlantis", "'atlantis'");
        refused("secret never leafs sa", "'leafs'");
        refused("secret", "never leaves, only to");
        refused("secret needs prayer", "obligation 'prayer'");
        refused("secret is always late", "'late'");
        refused("secret from sa", "never leaves, only to");
        refused("secret never leaves sa gladly", "'gladly'");
        refused("secret for fun never leaves sa", "'fun'");
        refused("x".repeat(501), "at most 500");
    }

    private static void refused(String text, String name) {
        String error = assertThrows(IllegalArgumentException.class, () -> prove(ALL, text), text)
                .toString();
        assertTrue(error.contains(name), error);
    }

    private static Proof prove(Policy policy, String text) {
        return Prover.prove(policy, Statement.parse(text, policy, Optional.empty()));
    }
}
