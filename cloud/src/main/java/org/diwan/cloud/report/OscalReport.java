package org.diwan.cloud.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.report.Control.Outcome;

/// An [Assessment] as NIST OSCAL assessment results 1.1.3 (<https://pages.nist.gov/OSCAL>), for programs.
///
/// One result. Every control is reviewed and has an observation, with the entries that show it; it has a
/// finding unless it is untested. The same log, law and time give the same bytes: each UUID is of version
/// 5 (RFC 9562 §5.5) in the namespace of the first 16 bytes of the log's root.
public final class OscalReport {
    private static final String OSCAL_VERSION = "1.1.3";
    private static final String NAMESPACE = "https://diwan.example/ns/oscal";

    /// OSCAL's strings are one line without white space at either end.
    private static final int MAX_TEXT = 2_000;

    private final Assessment assessment;
    private final LogFacts facts;

    private OscalReport(Assessment assessment) {
        this.assessment = assessment;
        this.facts = assessment.facts();
    }

    /// The document `{"assessment-results": …}`.
    public static ObjectNode of(Assessment assessment) {
        return new OscalReport(assessment).document();
    }

    private ObjectNode document() {
        var document = Json.object();
        var results = document.putObject("assessment-results");
        results.put("uuid", uuid("document " + facts.policy().digest() + " " + facts.now()));
        results.putObject("metadata")
                .put("title", "What the transparency log shows about the law")
                .put("last-modified", facts.now().toString())
                .put("version", facts.checkpoint().size() + "." + facts.policy().day())
                .put("oscal-version", OSCAL_VERSION);
        results.putObject("import-ap").put("href", "#" + uuid("plan"));
        result(results.putArray("results").addObject());
        var resources = results.putObject("back-matter").putArray("resources");
        resources
                .addObject()
                .put("uuid", uuid("plan"))
                .put("title", "Assessment plan")
                .put(
                        "description",
                        "Read every entry up to the signed root; count each decision under the rules that it names;"
                                + " decide it again under the law of this report; hold every answer against its"
                                + " decision and every breach against the time that the law gives.");
        resources
                .addObject()
                .put("uuid", uuid("log"))
                .put("title", line("The log " + facts.checkpoint().origin()))
                .put(
                        "description",
                        "Tiles and signed checkpoint after C2SP tlog-tiles; an entry is named by its index.");
        return document;
    }

    private void result(ObjectNode result) {
        var first = facts.first();
        var last = facts.last();
        result.put("uuid", uuid("result"))
                .put("title", line("The log " + facts.checkpoint().origin()))
                .put(
                        "description",
                        facts.checkpoint().size() + " entries up to the signed root, " + facts.decisions()
                                + " decisions and " + facts.answers() + " answers among them.")
                .put("start", (first == null ? facts.now() : first).toString())
                .put("end", (last == null ? facts.now() : last).toString());
        var props = result.putArray("props");
        prop(props, "log-origin", facts.checkpoint().origin());
        prop(props, "log-size", "" + facts.checkpoint().size());
        prop(props, "log-root", Digest.hex(facts.checkpoint().root()));
        prop(props, "policy", facts.policy().digest());
        prop(props, "policy-day", facts.policy().day().toString());
        prop(props, "decisions-under-another-law", "" + facts.otherLaw());
        prop(props, "unfinished", "" + facts.unfinished());
        facts.failures()
                .forEach((reason, count) -> prop(props, "failed", reason).put("remarks", count + " allowed requests"));
        facts.obligations().forEach((label, owed) -> {
            var note = prop(props, "obligation", label);
            note.put(
                    "remarks",
                    "owed by " + owed.owed() + " answers; the log shows " + owed.met() + " met and " + owed.broken()
                            + " broken");
        });
        for (String rule : facts.unknownRules()) prop(props, "rule-of-no-pack", rule);
        var selected = result.putObject("reviewed-controls")
                .putArray("control-selections")
                .addObject()
                .putArray("include-controls");
        var observations = result.putArray("observations");
        var findings = Json.array();
        for (var control : assessment.controls()) {
            selected.addObject().put("control-id", control.id());
            observe(observations.addObject(), control);
            if (control.outcome() != Outcome.UNTESTED) find(findings.addObject(), control);
        }
        if (!findings.isEmpty()) result.set("findings", findings);
    }

    private void observe(ObjectNode observation, Control control) {
        observation
                .put("uuid", uuid("observation " + control.id()))
                .put("title", line(control.title()))
                .put("description", line(control.observed()));
        var props = observation.putArray("props");
        prop(props, "control", control.id());
        control.counts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(count -> prop(props, count.getKey(), count.getValue()));
        observation.putArray("methods").add(control.id().equals("diwan-audit") ? "TEST" : "EXAMINE");
        observation.putArray("types").add("control-objective");
        if (!control.evidence().isEmpty()) {
            var evidence = observation.putArray("relevant-evidence");
            for (var one : control.evidence()) {
                var entry = evidence.addObject().put("href", "#" + uuid("log"));
                entry.put("description", line("entry " + one.index() + ": " + one.what()));
                prop(entry.putArray("props"), "entry", "" + one.index());
            }
        }
        observation.put("collected", facts.now().toString());
    }

    private void find(ObjectNode finding, Control control) {
        finding.put("uuid", uuid("finding " + control.id()))
                .put("title", line(control.title()))
                .put("description", line(control.demands()));
        boolean satisfied = control.outcome() == Outcome.SATISFIED;
        finding.putObject("target")
                .put("type", "objective-id")
                .put("target-id", control.id())
                .putObject("status")
                .put("state", satisfied ? "satisfied" : "not-satisfied")
                .put("reason", satisfied ? "pass" : "fail");
        finding.putArray("related-observations")
                .addObject()
                .put("observation-uuid", uuid("observation " + control.id()));
    }

    private static ObjectNode prop(ArrayNode props, String name, String value) {
        return props.addObject().put("name", name).put("ns", NAMESPACE).put("value", line(value));
    }

    /// `text` as OSCAL's strings want it; "-" in place of nothing.
    static String line(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        if (line.isEmpty()) return "-";
        return line.length() <= MAX_TEXT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, line.codePointCount(0, MAX_TEXT) - 1))
                                .strip() + "…";
    }

    private String uuid(String name) {
        try {
            var sha = MessageDigest.getInstance("SHA-1"); // what version 5 is made of
            sha.update(Arrays.copyOf(facts.checkpoint().root(), 16));
            var bytes = ByteBuffer.wrap(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = (bytes.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L;
            long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
            return new UUID(high, low).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
