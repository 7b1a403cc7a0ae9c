package org.diwan.cloud.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.Digest;
import org.diwan.base.Seeded;
import org.diwan.cloud.receipt.BreachEntry.Step;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.report.Contradiction.Kind;
import org.diwan.cloud.report.Control.Outcome;
import org.diwan.cloud.report.WrittenLog.Decided;
import org.diwan.sovereignty.ledger.VerificationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A small log whose entries are known: what a report says of it is counted by hand.
@SuppressWarnings("NullAway.Init") // set before each test
class AssessmentTest {
    @TempDir
    Path folder;

    private WrittenLog log;

    @BeforeEach
    void open() throws Exception {
        log = new WrittenLog(folder);
    }

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    private Assessment assessment() throws Exception {
        return Assessment.of(log.facts(), Optional.empty());
    }

    private static List<Long> indexes(Control control) {
        return control.evidence().stream().map(Control.Evidence::index).toList();
    }

    @Test
    void anHonestLogIsCountedAndSatisfiesWhatItSpeaksOf() throws Exception {
        var home = log.decided("internal", true, "sa"); // 0
        log.answered(home); // 1
        log.decided("internal", true, "us"); // 2: denied by PDPL 29(2)(b)
        log.decided("secret", false, "us"); // 3: denied
        var open = log.decided("public", false, "us"); // 4
        log.failed(open); // 5
        log.decided("public", false, "sa"); // 6: allowed, no outcome
        log.append("{\"type\":\"rotated\",\"time\":\"2026-11-02T00:00:00Z\"}".getBytes(StandardCharsets.UTF_8));
        var assessment = assessment();
        var facts = assessment.facts();

        assertTrue(assessment.passes());
        assertEquals(Map.of("decided", 5L, "answered", 1L, "failed", 1L, "rotated", 1L), facts.types());
        assertEquals(5, facts.decisions());
        assertEquals(1, facts.answers());
        assertEquals(1, facts.unfinished());
        assertEquals(Map.of("overloaded", 1L), facts.failures());
        assertEquals(0, facts.otherLaw());
        assertEquals(List.of(), facts.unknownRules());
        assertEquals(WrittenLog.START, facts.first());

        var transfer = assessment.control("sa-pdpl-29-2-b");
        assertEquals(Outcome.SATISFIED, transfer.outcome());
        assertEquals(Map.of("allowed", "0", "denied", "1", "contradicted", "0"), transfer.counts());
        assertEquals(List.of(2L), indexes(transfer));
        assertEquals(List.of(3L), indexes(assessment.control("sa-secret-4")));
        assertEquals(
                List.of(4L),
                indexes(assessment.control("sa-abroad-open")).stream()
                        .filter(i -> i == 4)
                        .toList());
        var atHome = assessment.control("sa-home");
        assertEquals("2", atHome.counts().get("allowed"));
        assertEquals(List.of(6L, 0L), indexes(atHome), "newest first");
        assertEquals(Outcome.UNTESTED, assessment.control("eu-breach").outcome());
        assertEquals(Outcome.UNTESTED, assessment.control("kr-24-2").outcome());

        assertEquals(new LogFacts.Owed(1, 1, 0), facts.obligations().get("in_country"));
        assertEquals(new LogFacts.Owed(1, 0, 0), facts.obligations().get("label"), "the log shows no header");
        assertEquals(new LogFacts.Owed(1, 1, 0), facts.rule("sa-home-stays").owed("in_country"));
        assertEquals(new LogFacts.Owed(0, 0, 0), facts.rule("sa-secret-4").owed("in_country"));
    }

    @Test
    void whatTheLawDeniesAndTheLogAllowsIsHeldAgainstTheRule() throws Exception {
        var against = log.decided("secret", true, "us", "allow", List.of("sa-abroad-open"), List.of("label")); // 0
        log.answered(against);
        var assessment = assessment();
        assertFalse(assessment.passes());
        for (String rule : List.of("sa-secret-4", "sa-pdpl-29-2-b", "diwan-allowed-against-law")) {
            assertEquals(Outcome.NOT_SATISFIED, assessment.control(rule).outcome(), rule);
            assertEquals(List.of(0L), indexes(assessment.control(rule)), rule);
        }
        assertEquals(Outcome.SATISFIED, assessment.control("sa-abroad-open").outcome());
        assertEquals(Outcome.SATISFIED, assessment.control("diwan-undecided").outcome());
    }

    @Test
    void anAnswerNeedsADecisionThatAllowsItOnce() throws Exception {
        var denied = log.decided("secret", false, "us");
        var allowed = log.decided("public", false, "sa");
        log.answered(denied); // 2: nothing allowed it
        log.answered(allowed); // 3: fine
        log.answered(allowed); // 4: used up
        var forged = new Decided(1, denied.entry());
        log.answered(forged); // 5: not the entry that stands there
        var failed = log.decided("public", false, "sa"); // 6
        log.failed(failed); // 7
        log.answered(failed); // 8: it came to nothing
        var control = assessment().control("diwan-undecided");
        assertEquals(List.of(2L, 4L, 5L, 8L), indexes(control));
        assertEquals(Map.of("looked-at", "5", "contradicted", "4"), control.counts());
        assertEquals(Outcome.NOT_SATISFIED, control.outcome());
    }

    @Test
    void aDecisionComesToNothingOnce() throws Exception {
        var failed = log.decided("public", false, "sa"); // 0
        log.failed(failed); // 1
        log.failed(failed); // 2: again
        var answered = log.decided("public", false, "sa"); // 3
        log.answered(answered); // 4
        log.failed(answered); // 5: it was answered
        var control = assessment().control("diwan-unreadable");
        assertEquals(List.of(2L, 5L), indexes(control));
        assertEquals(Outcome.NOT_SATISFIED, control.outcome());
    }

    @Test
    void anAnswerFromElsewhereBreaksWhatKeepsDataInTheCountry() throws Exception {
        var home = log.decided("confidential", true, "sa");
        log.answered(home, new Maker.Upstream("partner", "big", "us", Map.of())); // 1
        var abroad = log.decided("public", false, "us");
        log.answered(abroad, new Maker.Upstream("partner", "big", "de", Map.of())); // 3
        var assessment = assessment();
        assertEquals(List.of(1L, 3L), indexes(assessment.control("diwan-elsewhere")));
        assertEquals(Outcome.NOT_SATISFIED, assessment.control("sa-home-stays").outcome());
        assertEquals(
                new LogFacts.Owed(1, 0, 1), assessment.facts().obligations().get("in_country"));
    }

    @Test
    void anApprovalThatIsNotOnRecordIsMissed() throws Exception {
        var decided =
                log.decided("public", false, "sa", "allow", List.of("sa-home"), List.of("human_approval", "label"));
        log.answered(decided); // 1
        var assessment = assessment();
        assertEquals(List.of(1L), indexes(assessment.control("diwan-unapproved")));
        assertEquals(Outcome.NOT_SATISFIED, assessment.control("sa-home").outcome());
    }

    @Test
    void whatCannotBeReadIsSaid() throws Exception {
        log.append("no JSON".getBytes(StandardCharsets.UTF_8));
        log.append("{\"type\":\"decided\"}".getBytes(StandardCharsets.UTF_8));
        log.followed("b-1", Step.NOTIFIED);
        log.opened("b-2", true, "lost");
        log.opened("b-2", true, "again");
        assertEquals(List.of(0L, 1L, 2L, 4L), indexes(assessment().control("diwan-unreadable")));
    }

    /// Five years and a day after a decision about personal data, its record was kept long enough.
    @Test
    void retentionRunsFromTheDecision() throws Exception {
        log.decided("internal", true, "sa");
        log.decided("internal", true, "sa");
        int days = 1827;
        log.pass(24L * days - 2);
        var tally = assessment().facts().rule("sa-records-33");
        assertEquals(1, tally.pastRetention(), "to the second");
        assertEquals(1, tally.retained());
        assertEquals(WrittenLog.START.plus(Duration.ofHours(1 + 24L * days)), tally.nextEnd());
        log.pass(1);
        assertEquals(2, assessment().facts().rule("sa-records-33").pastRetention());
    }

    @Test
    void aBreachHasSeventyTwoHours() throws Exception {
        log.opened("b-told", true, null); // 0, at hour 0
        log.opened("b-late", true, "A laptop was stolen."); // 1, at hour 1
        log.opened("b-thing", false, null); // 2
        log.opened("b-closed", true, null); // 3, at hour 3
        log.followed("b-closed", Step.CLOSED); // 4
        log.opened("b-open", true, null); // 5, at hour 5
        log.pass(66);
        log.followed("b-told", Step.NOTIFIED); // 6, at hour 72: on time to the second
        assertEquals(List.of("notified in time", "running", "no duty", "closed without notice", "running"), states());
        assertEquals(0.0, clock("b-late").hoursLeft(), "at hour 73 it is due");
        assertEquals(4.0, clock("b-open").hoursLeft());
        assertEquals(Outcome.SATISFIED, assessment().control("sa-breach").outcome());

        log.pass(1);
        assertEquals("overdue", clock("b-late").state().label());
        assertEquals(-1.0, clock("b-late").hoursLeft());
        var control = assessment().control("sa-breach");
        assertEquals(Outcome.NOT_SATISFIED, control.outcome());
        assertEquals(Map.of("breaches", "4", "missed", "1", "running", "2"), control.counts());
        assertEquals(1L, indexes(control).getFirst(), "the missed one first");
        assertFalse(assessment().passes());

        log.followed("b-late", Step.NOTIFIED);
        assertEquals("notified too late", clock("b-late").state().label());
        assertEquals(Outcome.NOT_SATISFIED, assessment().control("sa-breach").outcome(), "late stays late");
        assertEquals(Outcome.UNTESTED, assessment().control("eu-breach").outcome(), "another country's law");
    }

    private List<String> states() throws Exception {
        return assessment().clocks().stream()
                .map(clock -> clock.state().label())
                .toList();
    }

    private BreachClock clock(String id) throws Exception {
        return assessment().clocks().stream()
                .filter(clock -> clock.breach().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAuditOfAnotherLogIsRefused() throws Exception {
        log.answered(log.decided("public", false, "sa"));
        var checkpoint = log.facts().checkpoint();
        String json = "{\"log\":\"%s\",\"size\":%d,\"root\":\"%s\","
                + "\"answers\":1,\"seed\":\"s\",\"passes\":%s,\"drawn\":[{}]}";
        String root = Digest.hex(checkpoint.root());
        String origin = checkpoint.origin();
        var passed = AuditResult.read(bytes(json.formatted(origin, 2, root, true)), checkpoint);
        assertEquals(
                Outcome.SATISFIED,
                Assessment.of(log.facts(), Optional.of(passed))
                        .control("diwan-audit")
                        .outcome());
        var failed = AuditResult.read(bytes(json.formatted(origin, 2, root, false)), checkpoint);
        assertFalse(Assessment.of(log.facts(), Optional.of(failed)).passes());
        for (String other : List.of(
                json.formatted("another", 2, root, true),
                json.formatted(origin, 3, root, true),
                json.formatted(origin, 2, "00", true),
                "{}",
                "no JSON"))
            assertThrows(VerificationException.class, () -> AuditResult.read(bytes(other), checkpoint), other);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Random requests under the law, with their answers: each number is what a plain count says, and an
    /// honest log contradicts nothing.
    @Test
    void everyRuleIsCountedAsOneWouldCountByHand() {
        Seeded.forAll(3, random -> {
            try (var written = new WrittenLog(Files.createTempDirectory(folder, "log"))) {
                var allowed = new HashMap<String, Long>();
                var denied = new HashMap<String, Long>();
                var all = new ArrayList<Decided>();
                for (int i = random.nextInt(400); i >= 0; i--) {
                    var classes = List.of("public", "internal", "confidential", "secret");
                    var one = written.decided(
                            classes.get(random.nextInt(4)),
                            random.nextBoolean(),
                            List.of("sa", "us", "de").get(random.nextInt(3)));
                    all.add(one);
                    for (String rule : one.entry().rules())
                        (one.entry().allowed() ? allowed : denied).merge(rule, 1L, Long::sum);
                    if (one.entry().allowed() && random.nextBoolean()) written.answered(one);
                }
                var assessment = Assessment.of(written.facts(), Optional.empty());
                assertTrue(assessment.passes());
                assertEquals(all.size(), assessment.facts().decisions());
                for (var rule : WrittenLog.POLICY.rules()) {
                    var tally = assessment.facts().rule(rule.id());
                    assertEquals(allowed.getOrDefault(rule.id(), 0L), tally.allowed(), rule.id());
                    assertEquals(denied.getOrDefault(rule.id(), 0L), tally.denied(), rule.id());
                    var newest = all.reversed().stream()
                            .filter(one -> one.entry().rules().contains(rule.id()))
                            .limit(Tally.MAX_KEPT)
                            .map(Decided::index)
                            .toList();
                    assertEquals(
                            newest,
                            tally.newest().stream().map(Tally.Seen::index).toList());
                }
                for (var kind : Kind.values())
                    assertEquals(0, assessment.facts().contradictions(kind).contradicted());
            }
        });
    }
}
