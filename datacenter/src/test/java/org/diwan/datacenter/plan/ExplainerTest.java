package org.diwan.datacenter.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.plan.Planner.Outcome.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Oracles: the article of the law by which a place was refused, numbers worked out by hand, and a place
/// known to be free. That a place is refused at all is compared with two other counts in `PlannerTest`.
class ExplainerTest {
    private final Explainer explainer = new Explainer(
            CertificateCheckerTest.INVENTORY, CertificateCheckerTest.DEMAND, Worlds.LAW, CertificateCheckerTest.SOUND);

    private String why(String replica, String place, String language) {
        return String.join("\n", explainer.why(replica, place).lines(language));
    }

    /// The pack's own words, in each language: Saudi secrets in Frankfurt.
    @Test
    void theLawSpeaksForItself() {
        var answer = explainer.why("ministry#0", "frankfurt");
        assertFalse(answer.here());
        assertEquals(0, answer.possible());
        assertEquals(
                Constraint.RESIDENCY,
                answer.reasons().getFirst().closest().claim().constraint());
        assertEquals(4, answer.reasons().getFirst().servers());
        for (var rule : answer.reasons().getFirst().closest().rules()) {
            assertTrue(why("ministry#0", "frankfurt", "en").contains(rule.explanation()));
            assertTrue(why("ministry#0", "frankfurt", "ar")
                    .contains(rule.explanations().get("ar")));
            assertTrue(why("ministry#0", "frankfurt", "ar").contains(rule.article()));
        }
    }

    /// s2 of rack k2 is a CPU box: 0 GPUs where 4 are needed. 100 W idle and 2800 are too much for 700.
    @Test
    void numbersAreGiven() {
        String why = why("ministry#0", "jeddah/h1/r1/k2/s2", "en");
        assertTrue(why.contains("needs 4 GPUs of its models; there are 0"), why);
        assertTrue(why.contains("would draw 2900 W; at most 700 W"), why);
    }

    @Test
    void hereIsHereAndElsewhereIsPossible() {
        String at = CertificateCheckerTest.SOUND
                .plan()
                .assignments()
                .getFirst()
                .parts()
                .getFirst()
                .server();
        assertEquals(
                List.of("ministry#0 is at " + at + "."),
                explainer.why("ministry", at).lines("en"));
        assertTrue(explainer.why("index#0", "jeddah").possible() > 0);
        assertTrue(why("index#0", "jeddah", "ko").contains("jeddah의 서버 4대 중"));
    }

    @Test
    void whatThereIsNotIsNamed() {
        var replica = assertThrows(IllegalArgumentException.class, () -> explainer.why("ministry#2", "riyadh"));
        assertTrue(String.valueOf(replica.getMessage()).contains("no replica 'ministry#2'"));
        var place = assertThrows(IllegalArgumentException.class, () -> explainer.why("ministry#0", "riya"));
        assertTrue(String.valueOf(place.getMessage()).contains("no server at 'riya'"));
    }

    /// Every language has every sentence, with the same gaps to fill; all constraints have one.
    @ParameterizedTest
    @ValueSource(strings = {"ar", "ko", "de", "fil"})
    void everyLanguageSaysTheSame(String tag) {
        var english = Words.in("en").sentences();
        var other = Words.in(tag).sentences();
        assertEquals(english.keySet(), other.keySet());
        for (String key : english.keySet())
            assertEquals(gaps(Recount.known(english, key)), gaps(Recount.known(other, key)), tag + " " + key);
        assertFalse(english.equals(other));
        for (var constraint : Constraint.values()) assertTrue(english.containsKey(constraint.label()));
    }

    private static Set<String> gaps(String sentence) {
        var gaps = new TreeSet<String>();
        var gap = Pattern.compile("\\{[a-z]+}").matcher(sentence);
        while (gap.find()) gaps.add(gap.group());
        return gaps;
    }

    @Test
    void anUnknownLanguageIsAnsweredInEnglish() {
        assertEquals(why("ministry#0", "frankfurt", "en"), why("ministry#0", "frankfurt", "../en"));
        assertEquals(why("ministry#0", "frankfurt", "en"), why("ministry#0", "frankfurt", "xx"));
    }

    /// A demand that nobody can host is refused with the constraint that binds.
    @ParameterizedTest(name = "{0} → {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            gpusPerPart: 4      | gpusPerPart: 5         | gpu-model
            gpusPerPart: 4      | gpusPerPart: 64        | gpu-model
            gpuMemoryMib: 70000 | gpuMemoryMib: 90000    | gpu-memory
            cpuMilli: 32000     | cpuMilli: 64001        | cpu
            memoryMib: 262144   | memoryMib: 600000      | memory
            watts: 2800         | watts: 4501            | server-power
            gpuModels: [H100]   | gpuModels: [B200]      | gpu-model
            origins: [sa]       | origins: [ph]          | residency
            purpose: chat       | purpose: warfare       | residency
            parts: 1            | parts: 4               | fabric
            replicas: 2         | replicas: 3            | spread-site
            """)
    void whatNobodyCanHostNamesWhatBinds(String sound, String changed, String constraint) {
        int at = Samples.DEMAND.indexOf(sound);
        String text = Samples.DEMAND.substring(0, at) + changed + Samples.DEMAND.substring(at + sound.length());
        var demand = DemandFile.parse(text, false);
        var refused =
                assertInstanceOf(Refused.class, Planner.plan(CertificateCheckerTest.INVENTORY, demand, Worlds.LAW, 1));
        var refusal = refused.refusals().getFirst();
        assertEquals(constraint, refusal.obstacle().claim().constraint().label(), refusal.text("en"));
        assertTrue(refusal.replica().startsWith("ministry#"), refusal.text("en"));
    }

    @Test
    void anInventoryBeyondItsOwnLimitsIsRefused() {
        var text = Samples.INVENTORY.replace(
                "coolingZones: [{name: c1, capacityWatts: 30000}]", "coolingZones: [{name: c1, capacityWatts: 1000}]");
        var refused = assertInstanceOf(
                Refused.class,
                Planner.plan(InventoryFile.parse(text, false), CertificateCheckerTest.DEMAND, Worlds.LAW, 1));
        var refusal = refused.refusals().getFirst();
        assertEquals(Constraint.COOLING, refusal.obstacle().claim().constraint());
        assertTrue(refusal.text("de").startsWith("Das Inventar bricht"), refusal.text("de"));
    }

    @Test
    void gravityToNowhereIsRefused() {
        var demand = DemandFile.parse(Samples.DEMAND.replace("site: frankfurt", "site: bonn"), false);
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> Planner.plan(CertificateCheckerTest.INVENTORY, demand, Worlds.LAW, 1));
        assertTrue(String.valueOf(refused.getMessage()).contains("gravity names the site 'bonn'"));
    }
}
