package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The shipped packs: what the README promises, what a stranger might try, and that the table says
/// of every request what Cedar says.
class PolicyTest {
    private static final List<Pack> PACKS = Packs.shipped();
    private static final Policy POLICY = Packs.policy(PACKS);
    private static final Map<Jurisdiction, List<String>> SEEN = new HashMap<>();

    @Test
    void personalDataAbroadIsDeniedWithRuleLawAndArticle() {
        var deny = assertInstanceOf(Decision.Deny.class, decide(DataClass.INTERNAL, true, false, "sa", "us"));
        var rule = deny.rules().getFirst();
        assertEquals("sa-pdpl-29-2-b", rule.id());
        assertEquals("29(2)(b)", rule.article());
        assertTrue(rule.law().startsWith("Personal Data Protection Law"));
        assertTrue(rule.explanations().keySet().containsAll(List.of("en", "ar")));
    }

    @Test
    void homeIsAllowedAndPersonalDataStaysThere() {
        var allow = assertInstanceOf(Decision.Allow.class, decide(DataClass.SECRET, true, true, "sa", "sa"));
        assertEquals(Set.of(Obligation.LABEL, Obligation.IN_COUNTRY), allow.obligations());
    }

    @Test
    void publicDataMayGoAbroadUnderLabel() {
        var allow = assertInstanceOf(Decision.Allow.class, decide(DataClass.PUBLIC, false, false, "sa", "us"));
        assertEquals(Set.of(Obligation.LABEL), allow.obligations());
        assertEquals(List.of("sa-abroad-open"), ids(allow));
    }

    @Test
    void internalTextToAnAdequateCountryIsRedactedFirst() {
        var allow = assertInstanceOf(Decision.Allow.class, decide(DataClass.INTERNAL, true, false, "de", "jp"));
        assertEquals(Set.of(Obligation.LABEL, Obligation.REDACT), allow.obligations());
    }

    @Test
    void unknownIsDeniedByDefault() {
        for (var unknown : List.of(
                new DecisionRequest(DataClass.PUBLIC, false, false, place("sa"), place("xx"), "chat"),
                new DecisionRequest(DataClass.PUBLIC, false, false, place("sa"), place("moon-base"), "chat"),
                new DecisionRequest(DataClass.PUBLIC, false, false, place("us"), place("sa"), "chat"),
                new DecisionRequest(DataClass.PUBLIC, false, false, place("sa"), place("sa"), "marketing")))
            assertEquals(new Decision.Deny(List.of()), POLICY.decide(unknown), unknown::toString);
    }

    @Test
    void shippedPacksHoldTheirOwnClaims() {
        var report = PolicyCheck.check(PACKS, POLICY);
        assertTrue(report.passes(), report::toString);
        assertEquals(6, report.statements().size());
        assertTrue(
                report.requests() > 200_000
                        && report.examples() >= 2 * POLICY.rules().size(),
                report::toString);
    }

    /// Each kind of request, with all real names the same to the table, and three of them asked of
    /// Cedar under their real names: the first, the last, one between.
    @Test
    void tableSaysOfEveryKindOfRequestWhatCedarSays() {
        var kinds = new HashMap<List<Object>, List<DecisionRequest>>();
        POLICY.everyRequest(request -> kinds.computeIfAbsent(kind(request), unseen -> new ArrayList<>())
                .add(request));
        Seeded.forAll(1, random -> {
            for (var requests : kinds.values()) {
                var decision = POLICY.decide(requests.getFirst());
                for (var request : requests) assertSame(decision, POLICY.decide(request), request::toString);
                for (int index : new int[] {0, requests.size() - 1, random.nextInt(requests.size())}) {
                    var request = requests.get(index);
                    assertEquals(POLICY.decideDirectly(request), decision, request::toString);
                }
            }
        });
        int all = kinds.values().stream().mapToInt(List::size).sum();
        assertTrue(POLICY.size() < 1_000 && all > 200_000, POLICY.size() + " cells stand for " + all);
    }

    /// Every single request, under its real name: about a minute, so only with `-Dpolicy.all`.
    @Test
    void tableSaysOfEveryRequestWhatCedarSays() {
        Assumptions.assumeTrue(Boolean.getBoolean("policy.all"), "skipped: run with -Dpolicy.all=true, takes a minute");
        long[] asked = {0};
        POLICY.everyRequest(request -> {
            asked[0]++;
            assertEquals(POLICY.decideDirectly(request), POLICY.decide(request), request::toString);
        });
        System.out.println(asked[0] + " requests: Cedar and table agree on each");
    }

    @Test
    void rulesCountOnlyWhileInForce() throws PackException {
        var before = Policy.of(PACKS, LocalDate.of(2018, 5, 24));
        assertTrue(before.rules().isEmpty());
        var between = Policy.of(PACKS, LocalDate.of(2018, 5, 25));
        assertTrue(between.rules().stream().allMatch(rule -> rule.id().startsWith("eu-")));
        assertFalse(between.rules().isEmpty());
        assertEquals(new Decision.Deny(List.of()), between.decide(request(DataClass.PUBLIC, false, false, "sa", "sa")));
    }

    @Test
    void digestNamesTheTextOfThePolicies() throws PackException {
        assertEquals(64, POLICY.digest().length());
        assertEquals(POLICY.digest(), Policy.of(Packs.shipped()).digest());
        assertNotEquals(POLICY.digest(), Policy.of(PACKS.subList(0, 1)).digest());
    }

    @Test
    void everyRuleExplainsItselfInTheLanguageOfItsLaw() {
        var languages = Map.of("sa", "ar", "eu", "de");
        var ids = new HashSet<String>();
        for (var rule : POLICY.rules()) {
            assertTrue(ids.add(rule.id()));
            String pack = rule.id().substring(0, 2);
            assertTrue(rule.explanations().containsKey(languages.get(pack)), rule.id());
        }
    }

    /// What a rule can see of a request, worked out here from the packs alone.
    private static List<Object> kind(DecisionRequest request) {
        return List.of(
                SEEN.computeIfAbsent(request.origin(), PolicyTest::seen),
                SEEN.computeIfAbsent(request.destination(), PolicyTest::seen),
                request.origin().equals(request.destination()),
                request.dataClass(),
                request.personal(),
                request.sensitive(),
                request.purpose());
    }

    private static List<String> seen(Jurisdiction place) {
        var seen = new ArrayList<String>();
        for (var pack : PACKS) {
            if (pack.jurisdiction().equals(place)) seen.add("is " + pack.jurisdiction());
            if (pack.members().contains(place)) seen.add("in " + pack.jurisdiction());
            pack.lists().forEach((list, members) -> {
                if (members.contains(place)) seen.add("on " + list);
            });
        }
        return seen;
    }

    private static Decision decide(DataClass dataClass, boolean personal, boolean sensitive, String from, String to) {
        return POLICY.decide(request(dataClass, personal, sensitive, from, to));
    }

    private static DecisionRequest request(
            DataClass dataClass, boolean personal, boolean sensitive, String from, String to) {
        return new DecisionRequest(dataClass, personal, sensitive, place(from), place(to), DecisionRequest.CHAT);
    }

    private static Jurisdiction place(String code) {
        return new Jurisdiction(code);
    }

    private static List<String> ids(Decision decision) {
        return decision.rules().stream().map(Rule::id).toList();
    }
}
