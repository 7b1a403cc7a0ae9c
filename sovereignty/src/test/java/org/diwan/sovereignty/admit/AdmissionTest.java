package org.diwan.sovereignty.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.admit.Verdict.Outcome;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;
import org.junit.jupiter.api.Test;

/// The shipped packs on documents whose identifiers the test has planted itself.
class AdmissionTest {
    private static final Jurisdiction SA = new Jurisdiction("sa");
    private static final Jurisdiction PH = new Jurisdiction("ph");
    private static final String FREE = "CC0-1.0";
    private static final String ID = "هويتي الوطنية 1058529940";

    private static final List<Pack> PACKS = packs();
    private static final Policy POLICY = policy();
    private static final Classifier CLASSIFIER = Classifier.of(PACKS);

    private static List<Pack> packs() {
        try {
            var packs = new ArrayList<Pack>();
            var folder = Path.of(System.getProperty("diwan.home", ".."), "packs");
            for (String name : List.of("de", "eu", "kr", "ph", "sa")) packs.add(Pack.load(folder.resolve(name)));
            return packs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Policy policy() {
        try {
            return Policy.of(PACKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTextWithoutIdentifiersIsTakenAsItIs() {
        var verdict = at(SA, SA, "training").judge("قال الملك للوزير", FREE, SA);
        assertEquals(Outcome.ADMIT, verdict.outcome());
        assertEquals("قال الملك للوزير", verdict.text());
        assertEquals(List.of("sa-abroad-open", "sa-home"), verdict.reasons());
        assertEquals(Map.of(), verdict.found());
    }

    /// The oracle is the sentence it was made from: each identifier in brackets by its type, and the rest.
    @Test
    void whatIsPlantedIsRedactedAndCounted() {
        Seeded.forAll(300, random -> {
            var text = new StringBuilder();
            var expected = new StringBuilder();
            int ids = 0;
            int mails = 0;
            for (int i = random.nextInt(8); i > 0; i--) {
                String between = List.of("خرج الناس. ", "قال الملك: ", "\n").get(random.nextInt(3));
                text.append(between);
                expected.append(between);
                if (random.nextBoolean()) {
                    text.append(ID).append(".\n");
                    expected.append("هويتي الوطنية [SAUDI_ID].\n");
                    ids++;
                } else {
                    text.append("كتب إلى a").append(random.nextInt(99)).append("@example.sa اليوم.\n");
                    expected.append("كتب إلى [EMAIL] اليوم.\n");
                    mails++;
                }
            }
            var verdict = at(SA, SA, "training").judge(text.toString(), FREE, SA);
            assertEquals(ids + mails > 0 ? Outcome.REDACT : Outcome.ADMIT, verdict.outcome());
            assertEquals(expected.toString(), verdict.text());
            assertEquals(ids, verdict.redacted().getOrDefault("SAUDI_ID", 0));
            assertEquals(mails, verdict.redacted().getOrDefault("EMAIL", 0));
            assertEquals(verdict.redacted(), verdict.found());
        });
    }

    @Test
    void aLicenceThatIsNotAcceptedIsDroppedUnread() {
        var verdict = at(SA, SA, "training").judge(ID, "all rights reserved", SA);
        assertEquals(Outcome.DROP, verdict.outcome());
        assertEquals(List.of(Admission.LICENCE), verdict.reasons());
        assertEquals(Map.of(), verdict.found());
        assertEquals("", verdict.text());
    }

    @Test
    void residencyIsDecidedByTheLawOfTheDocument() {
        var abroad = at(SA, new Jurisdiction("us"), "training");
        assertEquals(Outcome.ADMIT, abroad.judge("قال الملك", FREE, SA).outcome());
        var personal = abroad.judge(ID, FREE, SA);
        assertEquals(Outcome.DROP, personal.outcome());
        assertEquals(List.of("sa-pdpl-29-2-b"), personal.reasons());
        assertEquals(Map.of("SAUDI_ID", 1), personal.found());
        var unknown = at(SA, SA, "training").judge("قال الملك", FREE, new Jurisdiction("us"));
        assertEquals(List.of(Admission.NO_RULE), unknown.reasons(), "a law that no pack holds");
    }

    @Test
    void whatAPersonWouldHaveToApproveIsDropped() {
        var terms = new Terms(
                PH,
                new Jurisdiction("us"),
                DataClass.INTERNAL,
                Sector.GOVERNMENT,
                Set.of(Trait.PERSONAL, Trait.SENSITIVE),
                "vital-interest",
                Set.of(FREE));
        var verdict = new Admission(POLICY, CLASSIFIER, terms).judge("Magandang umaga", FREE, PH);
        assertEquals(List.of(Admission.APPROVAL), verdict.reasons());
        assertEquals(Outcome.DROP, verdict.outcome());
    }

    @Test
    void obligationsAreHandedOver() {
        var verdict = at(SA, SA, "training").judge(ID, FREE, SA);
        assertTrue(verdict.obligations().contains(Obligation.IN_COUNTRY), verdict::toString);
        var chat = at(SA, SA, "chat").judge(ID, FREE, SA);
        assertEquals(Outcome.ADMIT, chat.outcome(), "no rule asks to redact what is answered at home");
        assertEquals(ID, chat.text());
    }

    @Test
    void termsThatCannotBeMeantAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> at(SA, SA, "fun"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Terms(SA, SA, DataClass.PUBLIC, Sector.GENERAL, Set.of(), "training", Set.of()));
    }

    private static Admission at(Jurisdiction origin, Jurisdiction destination, String purpose) {
        return new Admission(
                POLICY,
                CLASSIFIER,
                new Terms(origin, destination, DataClass.PUBLIC, Sector.GENERAL, Set.of(), purpose, Set.of(FREE)));
    }
}
