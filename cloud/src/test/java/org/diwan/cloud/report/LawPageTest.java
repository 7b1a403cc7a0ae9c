package org.diwan.cloud.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.BreachEntry.Step;
import org.diwan.cloud.receipt.Maker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of a law says what the assessment says, and nothing in a log can become markup.
class LawPageTest {
    private static final String HOSTILE = "</bdi><script>alert('1')</script><img src=x onerror=\"x\">&";
    private static final Pattern TAG = Pattern.compile("<(/?[a-z0-9]+|!doctype)");

    @TempDir
    Path folder;

    private static Assessment assessment(WrittenLog log) throws Exception {
        return Assessment.of(log.facts(), Optional.empty());
    }

    @Test
    void everyLawHasAPageAndEveryRuleOfThePackIsOnOne() throws Exception {
        try (var log = new WrittenLog(folder)) {
            log.answered(log.decided("internal", true, "sa"));
            var assessment = assessment(log);
            var names = new HashSet<String>();
            for (var pack : WrittenLog.POLICY.packs()) {
                String whole = LawPage.of(assessment, pack.jurisdiction().code());
                for (var rule : WrittenLog.POLICY.rules())
                    assertEquals(
                            rule.id().startsWith(pack.jurisdiction() + "-"),
                            whole.contains("<bdi class=\"id\">" + rule.id() + "</bdi>"),
                            rule.id());
                for (String law : pack.laws().keySet()) {
                    assertTrue(names.add(law), law + " is the name of two laws");
                    String page = LawPage.of(assessment, law);
                    long rules = WrittenLog.POLICY.rules().stream()
                            .filter(rule -> rule.id().startsWith(pack.jurisdiction() + "-"))
                            .filter(rule -> pack.belongs(rule, law))
                            .peek(rule -> assertTrue(page.contains(LawPage.escape(rule.explanation())), rule.id()))
                            .count();
                    assertTrue(rules > 0, law + " has no rule");
                }
            }
            var unknown = assertThrows(IllegalArgumentException.class, () -> LawPage.of(assessment, "magna-carta"));
            assertTrue(String.valueOf(unknown.getMessage()).contains("gdpr"));
        }
    }

    @Test
    void theArabicPageReadsFromRightToLeftAndHoldsBothLanguages() throws Exception {
        try (var log = new WrittenLog(folder)) {
            log.decided("internal", true, "us");
            log.opened("b-1", true, "A laptop was stolen.");
            log.pass(9);
            String page = LawPage.of(assessment(log), "pdpl");
            assertTrue(page.contains("<html lang=\"ar\" dir=\"rtl\">"));
            assertTrue(page.contains("لا تُنقل البيانات الشخصية إلى خارج المملكة"));
            assertTrue(page.contains("Personal data may leave the Kingdom only"));
            assertTrue(page.contains(
                    "<td>0</td><td><bdi class=\"time\" dir=\"ltr\">2026-11-01T00:00:00Z</bdi></td><td><bdi dir=\"ltr\">"
                            + "internal</bdi></td><td><bdi dir=\"ltr\">us</bdi></td>"));
            assertTrue(page.contains("<b><bdi dir=\"ltr\">62.0</bdi></b>"), "72 hours less 10");
            assertTrue(page.contains("A laptop was stolen."));
            assertFalse(
                    page.contains("http-equiv") || page.contains("src=") || page.contains("href="), "loads nothing");
        }
    }

    /// Whatever an operator or an upstream wrote into the log stands on the page as text.
    @Test
    void nothingInALogBecomesMarkup() throws Exception {
        try (var log = new WrittenLog(folder)) {
            var plain = new HashSet<String>();
            fill(log, "plain");
            for (String law : List.of("sa", "eu")) tags(LawPage.of(assessment(log), law), plain);
            try (var hostile = new WrittenLog(Files.createDirectory(folder.resolve("hostile")))) {
                fill(hostile, HOSTILE);
                var tags = new HashSet<String>();
                for (String law : List.of("sa", "eu")) {
                    String page = LawPage.of(assessment(hostile), law);
                    assertFalse(page.contains("<script") || page.contains("<img"), law);
                    tags(page, tags);
                }
                assertEquals(plain, tags, "the same kinds of tags");
                String page = LawPage.of(assessment(hostile), "sa");
                assertTrue(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"), "and it is shown");
            }
        }
    }

    private static void fill(WrittenLog log, String text) throws Exception {
        var rules = List.of("sa-home", "sa-abroad-open", text);
        var decided = log.decided("secret", false, "us", "allow", rules, List.of("label", text));
        log.answered(decided, new Maker.Upstream(text, text, text, Map.of()));
        log.opened(text, true, text);
        log.followed(text, Step.NOTIFIED);
        log.followed(text, Step.NOTIFIED);
        log.append(Json.bytes(Json.object().put("type", text).put("time", text)));
        log.append(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void tags(String page, Set<String> tags) {
        var matcher = TAG.matcher(page);
        while (matcher.find()) tags.add(matcher.group());
    }

    @Test
    void allLanguagesHaveAllWords() throws Exception {
        try (var in = LawPage.class.getResourceAsStream("labels.json")) {
            assertTrue(in != null);
            var labels = Json.parse(in.readAllBytes());
            var english = new HashSet<String>();
            labels.path("en").fieldNames().forEachRemaining(english::add);
            for (var pack : WrittenLog.POLICY.packs()) {
                var words = new HashSet<String>();
                labels.path(pack.languages().getFirst()).fieldNames().forEachRemaining(words::add);
                assertEquals(english, words, pack.languages().getFirst());
            }
        }
    }
}
