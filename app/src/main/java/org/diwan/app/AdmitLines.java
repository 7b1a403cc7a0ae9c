package org.diwan.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import org.diwan.base.LineReader;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.admit.Admission;
import org.diwan.sovereignty.admit.Verdict;
import org.diwan.sovereignty.admit.Verdict.Outcome;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.policy.Obligation;
import org.jspecify.annotations.Nullable;

/// Documents and verdicts as JSON lines, one for one and in step: a verdict is out before the next
/// document is read, so that neither side holds more than one document. The lines are told in
/// `./diwan admit filter --help`.
final class AdmitLines {
    static final String PROTOCOL = "diwan-admit/1";

    /// Longest line in bytes: a document of sixteen million characters and what JSON adds.
    private static final int MAX_LINE = 1 << 26;

    private static final ObjectMapper JSON = new ObjectMapper();

    private AdmitLines() {}

    /// Answers every document of `in` on `out`, until `in` ends.
    ///
    /// @param home whose law a document is under that does not say
    /// @param law digest of what the verdicts hang on
    /// @throws IOException naming the line that is no document
    static void filter(Admission admission, Jurisdiction home, String law, InputStream in, PrintWriter out)
            throws IOException {
        out.println(Json.object().put("protocol", PROTOCOL).put("law", law).put("classifier", Classifier.VERSION));
        var lines = new LineReader(in, MAX_LINE);
        long number = 0;
        for (String line = lines.next(); line != null; line = lines.next()) {
            number++;
            try {
                out.println(answer(admission, home, JSON.readTree(line)));
            } catch (JsonProcessingException e) {
                throw new IOException("document " + number + " is not JSON: " + e.getOriginalMessage(), e);
            } catch (IllegalArgumentException e) {
                throw new IOException("document " + number + ": " + e.getMessage(), e);
            }
            if (out.checkError()) throw new IOException("nobody reads the verdicts any more");
        }
    }

    private static ObjectNode answer(Admission admission, Jurisdiction home, JsonNode document) {
        String id = text(document, "id", "");
        String origin = text(document, "jurisdiction", home.code());
        var verdict =
                admission.judge(text(document, "text", null), text(document, "licence", ""), new Jurisdiction(origin));
        return json(id, verdict);
    }

    private static ObjectNode json(String id, Verdict verdict) {
        var line = Json.object();
        line.put("id", id);
        line.put("verdict", verdict.outcome().name().toLowerCase(Locale.ROOT));
        if (verdict.outcome() == Outcome.REDACT) line.put("text", verdict.text());
        var reasons = line.putArray("reasons");
        verdict.reasons().forEach(reasons::add);
        var found = line.putObject("found");
        verdict.found().forEach(found::put);
        var redacted = line.putObject("redacted");
        verdict.redacted().forEach(redacted::put);
        var obligations = line.putArray("obligations");
        verdict.obligations().stream().map(Obligation::label).sorted().forEach(obligations::add);
        return line;
    }

    private static String text(JsonNode document, String member, @Nullable String otherwise) {
        JsonNode value = document.path(member);
        if (value.isTextual()) return value.asText();
        if (value.isMissingNode() && otherwise != null) return otherwise;
        throw new IllegalArgumentException(member + " must be a string");
    }
}
