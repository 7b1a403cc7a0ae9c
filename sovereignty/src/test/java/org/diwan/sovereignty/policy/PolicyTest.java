package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Territories.Route;
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
        assertEquals(Set.of(Obligation.LABEL, Obligation.IN_COUNTRY, Obligation.retain(1827)), allow.obligations());
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
        assertEquals(Set.of(Obligation.LABEL, Obligation.REDACT, Obligation.NOTIFY), allow.obligations());
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
    void shippedPacksKeepTheirPromises() throws PackException {
        var report = PolicyCheck.check(PACKS, PACKS, POLICY.day());
        assertTrue(report.passes(), report::toString);
        assertTrue(report.promises().size() >= PACKS.size(), report::toString);
        assertTrue(report.examples() >= 2 * POLICY.written().size(), report::toString);
        assertEquals(
                (long) POLICY.origins().size()
                        * POLICY.places().size()
                        * POLICY.purposes().size()
                        * KindSet.COUNT,
                report.requests());
    }

    /// Each kind of route, with all real names the same to the table, and random kinds of data on it
    /// asked of Cedar under real names: the first, the last, one between.
    @Test
    void tableSaysOfEveryKindOfRouteWhatCedarSays() {
        var kinds = new HashMap<List<Object>, List<Route>>();
        for (var origin : POLICY.origins())
            for (var destination : POLICY.places()) {
                var route = new Route(origin, destination);
                kinds.computeIfAbsent(kind(route), unseen -> new ArrayList<>()).add(route);
            }
        Seeded.forAll(2, random -> {
            for (var routes : kinds.values())
                for (var purpose : POLICY.purposes()) {
                    int kind = random.nextInt(KindSet.COUNT);
                    var decision = POLICY.decide(KindSet.request(kind, routes.getFirst(), purpose));
                    for (var route : routes)
                        assertSame(decision, POLICY.decide(KindSet.request(kind, route, purpose)), route::toString);
                    for (int index : new int[] {0, routes.size() - 1, random.nextInt(routes.size())}) {
                        var request = KindSet.request(kind, routes.get(index), purpose);
                        assertEquals(POLICY.askCedar(request), decision, request::toString);
                    }
                }
        });
        int all = kinds.values().stream().mapToInt(List::size).sum();
        assertEquals(POLICY.origins().size() * POLICY.places().size(), all);
        assertTrue(kinds.size() < 200, kinds.size() + " kinds stand for " + all);
    }

    @Test
    void randomRequestsAreDecidedAsCedarDecides() {
        var origins = List.copyOf(POLICY.origins());
        var places = List.copyOf(POLICY.places());
        var purposes = List.copyOf(POLICY.purposes());
        Seeded.forAll(10_000, random -> {
            var route =
                    new Route(origins.get(random.nextInt(origins.size())), places.get(random.nextInt(places.size())));
            var request = KindSet.request(
                    random.nextInt(KindSet.COUNT), route, purposes.get(random.nextInt(purposes.size())));
            assertEquals(POLICY.askCedar(request), POLICY.decide(request), request::toString);
        });
    }

    @Test
    void rulesCountOnlyWhileInForce() throws PackException {
        var packs = Packs.load("eu", "sa");
        var before = Policy.of(packs, LocalDate.of(2018, 5, 24));
        assertTrue(before.rules().isEmpty());
        var between = Policy.of(packs, LocalDate.of(2018, 5, 25));
        assertTrue(between.rules().stream().allMatch(rule -> rule.id().startsWith("eu-")));
        assertFalse(between.rules().isEmpty());
        assertEquals(new Decision.Deny(List.of()), between.decide(request(DataClass.PUBLIC, false, false, "sa", "sa")));
    }

    /// The first and the last day count, the days around them do not.
    @Test
    void aRuleDecidesFromItsFirstToItsLastDay() throws IOException {
        var pack = Packs.load("sa").getFirst();
        String text = Objects.requireNonNull(pack.policies().get("4-sectors.cedar"));
        var ended = Packs.with(
                pack,
                "4-sectors.cedar",
                text.replace("@obligations(\"retain", "@validTo(\"2026-11-28\")\n@obligations(\"retain"));
        var request = request(DataClass.INTERNAL, true, false, "sa", "sa");
        for (var day : List.of("2023-09-14", "2026-11-28"))
            assertTrue(ids(Policy.of(List.of(ended), LocalDate.parse(day)).decide(request))
                    .contains("sa-records-33"));
        for (var day : List.of("2023-09-13", "2026-11-29"))
            assertFalse(ids(Policy.of(List.of(ended), LocalDate.parse(day)).decide(request))
                    .contains("sa-records-33"));
    }

    @Test
    void ofSeveralTimesToKeepARecordTheLongestIsOwed() {
        var request = new DecisionRequest(
                DataClass.INTERNAL,
                Sector.GENERAL,
                Set.of(Trait.PERSONAL, Trait.NATIONAL_ID),
                place("kr"),
                place("kr"),
                DecisionRequest.CHAT);
        var allow = assertInstanceOf(Decision.Allow.class, POLICY.decide(request));
        assertTrue(ids(allow).containsAll(List.of("kr-safety-8", "kr-safety-8-long")));
        assertEquals(
                List.of(Obligation.retain(731)),
                allow.obligations().stream()
                        .filter(obligation -> obligation.days() > 0)
                        .toList());
    }

    @Test
    void digestNamesTheTextOfThePolicies() throws PackException {
        assertEquals(64, POLICY.digest().length());
        assertEquals(POLICY.digest(), Policy.of(Packs.shipped()).digest());
        assertNotEquals(POLICY.digest(), Policy.of(Packs.load("eu")).digest());
    }

    /// What a rule can see of a route, worked out here from the packs alone.
    private static List<Object> kind(Route route) {
        return List.of(
                SEEN.computeIfAbsent(route.origin(), PolicyTest::seen),
                SEEN.computeIfAbsent(route.destination(), PolicyTest::seen),
                route.origin().equals(route.destination()));
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
