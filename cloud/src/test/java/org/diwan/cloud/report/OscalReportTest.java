package org.diwan.cloud.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.BreachEntry.Step;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.report.Control.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reports are valid against NIST's schema of OSCAL 1.1.3 for assessment results, as the library
/// `liboscal-java` carries it, and say what the assessment says.
class OscalReportTest {
    private static final String SCHEMA = "/schema/json/oscal-ar_schema.json";
    private static final String HOSTILE = "<script>alert(1)</script>\n\u202E \"&'\t";

    @TempDir
    static Path folder;

    private static Schema schema;
    private static WrittenLog log;

    @BeforeAll
    static void write() throws IOException {
        try (var in = OscalReportTest.class.getResourceAsStream(SCHEMA)) {
            assertTrue(in != null, "liboscal-java is a test dependency");
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(text.contains("oscal-ar-1.1.3-schema.json"), "the version that we write");
            // It has a stray keyword "id" (below external-ids), which draft 7 ignores and this library does not.
            var dialect = Dialect.builder(Dialects.getDraft7())
                    .keyword(new NonValidationKeyword("id"))
                    .build();
            schema = SchemaRegistry.withDialect(dialect).getSchema(text, InputFormat.JSON);
        }
        log = new WrittenLog(folder);
        var home = log.decided("internal", true, "sa");
        log.answered(home);
        log.decided("secret", true, "us");
        var wrong = log.decided("secret", false, "us", "allow", List.of(HOSTILE), List.of("human_approval", HOSTILE));
        log.answered(wrong, new Maker.Upstream(HOSTILE, "big", "de", Map.of()));
        log.opened("b-1" + HOSTILE, true, HOSTILE);
        log.opened("b-2", true, null);
        log.followed("b-2", Step.NOTIFIED);
        log.append(HOSTILE.getBytes(StandardCharsets.UTF_8));
        log.pass(80);
    }

    @AfterAll
    static void close() throws IOException {
        log.close();
    }

    private static List<com.networknt.schema.Error> errors(JsonNode document) {
        return schema.validate(
                new String(Json.bytes(document), StandardCharsets.UTF_8),
                InputFormat.JSON,
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    private static Assessment assessment() throws Exception {
        var facts = log.facts();
        var audit =
                new AuditResult(facts.checkpoint().origin(), facts.checkpoint().size(), "", 2, 1, "a seed", true);
        return Assessment.of(facts, Optional.of(audit));
    }

    @Test
    void aReportIsValid() throws Exception {
        assertEquals(List.of(), errors(OscalReport.of(assessment())));
    }

    @Test
    void theReportOfAnEmptyLogIsValidAndClaimsNothing(@TempDir Path empty) throws Exception {
        try (var none = new WrittenLog(empty)) {
            var document = OscalReport.of(Assessment.of(none.facts(), Optional.empty()));
            assertEquals(List.of(), errors(document));
            assertFalse(
                    document.path("assessment-results").path("results").path(0).has("findings"));
        }
    }

    /// The judge judges: what OSCAL does not allow is found.
    @Test
    void whatIsNotValidIsFound() throws Exception {
        List<Consumer<ObjectNode>> damages = List.of(
                results -> results.remove("metadata"),
                results -> results.put("uuid", "not-a-uuid"),
                results -> results.put("more", 1),
                results -> results.withArray("results").removeAll());
        for (var damage : damages) {
            var document = OscalReport.of(assessment());
            damage.accept((ObjectNode) document.path("assessment-results"));
            assertFalse(errors(document).isEmpty());
        }
    }

    @Test
    void itSaysWhatTheAssessmentSays() throws Exception {
        var assessment = assessment();
        var result = OscalReport.of(assessment)
                .path("assessment-results")
                .path("results")
                .path(0);
        var root = Digest.hex(assessment.facts().checkpoint().root());
        assertTrue(result.path("props").findValuesAsText("value").contains(root));
        var reviewed = result.path("reviewed-controls").findValuesAsText("control-id");
        assertEquals(assessment.controls().stream().map(Control::id).toList(), reviewed);
        assertEquals(reviewed.size(), result.path("observations").size());

        var observations = new HashSet<>(result.path("observations").findValuesAsText("uuid"));
        int judged = 0;
        for (var finding : result.path("findings")) {
            var control =
                    assessment.control(finding.path("target").path("target-id").asText());
            assertEquals(
                    control.outcome() == Outcome.SATISFIED ? "satisfied" : "not-satisfied",
                    finding.path("target").path("status").path("state").asText());
            assertTrue(observations.contains(finding.path("related-observations")
                    .path(0)
                    .path("observation-uuid")
                    .asText()));
            judged++;
        }
        assertEquals(
                assessment.controls().stream()
                        .filter(control -> control.outcome() != Outcome.UNTESTED)
                        .count(),
                judged);
        for (String failed : List.of("sa-secret-4", "sa-breach", "diwan-elsewhere", "diwan-unapproved"))
            assertEquals(Outcome.NOT_SATISFIED, assessment.control(failed).outcome(), failed);
    }

    @Test
    void theSameLogGivesTheSameBytesAndAnotherLogOtherNames(@TempDir Path other) throws Exception {
        var first = OscalReport.of(assessment());
        assertEquals(first, OscalReport.of(assessment()));
        var names = first.findValuesAsText("uuid");
        assertEquals(names.size(), new HashSet<>(names).size(), "each name once");
        try (var another = new WrittenLog(other)) {
            another.decided("public", false, "sa");
            var document = OscalReport.of(Assessment.of(another.facts(), Optional.empty()));
            assertNotEquals(
                    first.path("assessment-results").path("uuid"),
                    document.path("assessment-results").path("uuid"));
            for (String name : document.findValuesAsText("uuid")) assertFalse(names.contains(name));
        }
    }
}
