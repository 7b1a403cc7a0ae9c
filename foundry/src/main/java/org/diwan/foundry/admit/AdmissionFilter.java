package org.diwan.foundry.admit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.diwan.base.LineReader;
import org.diwan.foundry.corpus.Document;
import org.jspecify.annotations.Nullable;

/// A child process that says of each document whether it may be learnt from. JSON lines, in step: the
/// child first says what it decides by, then answers every document before it is given the next.
///
/// ```
/// child:  {"protocol":"diwan-admit/1","law":"9f…","classifier":"classify/1"}
/// here:   {"id":"7","text":"…","licence":"CC0-1.0","source":"books"}
/// child:  {"id":"7","verdict":"redact","text":"…","reasons":["sa-training-27"],"found":{"IBAN":1},
///          "redacted":{"IBAN":1},"obligations":["redact"]}
/// ```
///
/// In step, there is no queue to limit, no order to lose and nothing to wait for but one answer. It costs
/// some ten microseconds a document and the use of a second core.
///
/// What the child says on its standard error is shown as it is. For one thread.
public final class AdmissionFilter implements AutoCloseable {
    private static final String PROTOCOL = "diwan-admit/1";

    /// Longest answer in bytes: the longest document, redacted, and what JSON adds.
    private static final int MAX_LINE = 1 << 26;

    /// The longest document takes some seconds; a child that is silent for longer is stuck.
    private static final Duration MAX_SILENCE = Duration.ofMinutes(3);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final OutputStream questions;
    private final LineReader answers;
    private final Duration maxSilence;
    private final Map<String, Object> law = new LinkedHashMap<>();
    private long judged;

    /// `System.nanoTime()` of the question that is open; 0 if none is.
    private volatile long askedAt;

    private volatile boolean tooSilent;

    /// Starts `command` and hears what it decides by.
    ///
    /// @throws IOException when it cannot be started or is no such filter
    public static AdmissionFilter start(List<String> command) throws IOException {
        return start(command, MAX_SILENCE);
    }

    static AdmissionFilter start(List<String> command, Duration maxSilence) throws IOException {
        var filter = new AdmissionFilter(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start(),
                maxSilence);
        try {
            filter.greet();
            return filter;
        } catch (IOException e) {
            filter.close();
            throw e;
        }
    }

    private AdmissionFilter(Process process, Duration maxSilence) {
        this.process = process;
        this.maxSilence = maxSilence;
        this.questions = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
        this.answers = new LineReader(process.getInputStream(), MAX_LINE);
        Thread.ofVirtual().start(this::watch);
    }

    private void greet() throws IOException {
        JsonNode greeting = answer("what it decides by");
        if (!greeting.path("protocol").asText().equals(PROTOCOL))
            throw failed("speaks '" + greeting.path("protocol").asText() + "', not " + PROTOCOL, null);
        greeting.properties().forEach(member -> {
            if (member.getValue().isTextual())
                law.put(member.getKey(), member.getValue().asText());
        });
    }

    /// What the verdicts hang on, as the filter named it; another law is another value.
    public Map<String, Object> law() {
        return law;
    }

    /// The verdict on `document`.
    ///
    /// @param licence under which it may be used
    /// @throws IOException naming the document when the filter ended, answered about another one, in no
    ///     form that is known, or not at all
    public Verdict judge(Document document, String licence) throws IOException {
        var question = JSON.createObjectNode()
                .put("id", document.id())
                .put("text", document.text())
                .put("licence", licence)
                .put("source", document.source());
        if (!document.jurisdiction().isEmpty()) question.put("jurisdiction", document.jurisdiction());
        String about = "document " + document.id() + " of " + document.source();
        try {
            askedAt = System.nanoTime();
            questions.write((question + "\n").getBytes(StandardCharsets.UTF_8));
            questions.flush();
        } catch (IOException e) {
            throw ended(about, e);
        }
        JsonNode answer = answer(about);
        if (!answer.path("id").asText().equals(document.id()))
            throw failed(
                    "was asked about " + about + " and answered about '"
                            + answer.path("id").asText() + "'",
                    null);
        try {
            var verdict = Verdict.of(answer);
            judged++;
            return verdict;
        } catch (IllegalArgumentException e) {
            throw failed("answered about " + about + ": " + e.getMessage(), e);
        }
    }

    /// Tells the filter that this was all.
    ///
    /// @throws IOException if it does not end well
    public void finish() throws IOException {
        try {
            questions.close();
            if (!process.waitFor(maxSilence.toMillis(), TimeUnit.MILLISECONDS))
                throw failed("does not end though it was told all", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was not waited for", e);
        }
        if (process.exitValue() != 0) throw failed("ended with status " + process.exitValue(), null);
    }

    /// Ends the process, whatever it does.
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private JsonNode answer(String about) throws IOException {
        askedAt = System.nanoTime();
        String line;
        try {
            line = answers.next();
        } catch (IOException e) {
            throw failed("answered about " + about + ": " + e.getMessage(), e);
        } finally {
            askedAt = 0;
        }
        if (line == null) throw ended(about, null);
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw failed("answered about " + about + " in no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private IOException ended(String about, @Nullable Throwable cause) {
        if (tooSilent) return failed("said nothing about " + about + " for " + maxSilence.toSeconds() + " s", cause);
        try {
            boolean over = process.waitFor(1, TimeUnit.SECONDS);
            String how = over ? "ended with status " + process.exitValue() : "closed its ends";
            return failed(how + " before it answered about " + about, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("ended", e);
        }
    }

    private IOException failed(String what, @Nullable Throwable cause) {
        return new IOException(
                "the admission filter " + what + " (" + judged + " documents judged before); what it said"
                        + " itself is above, and nothing was admitted",
                cause);
    }

    /// Ends a child that leaves a question open for too long.
    private void watch() {
        while (process.isAlive()) {
            long asked = askedAt;
            if (asked != 0 && System.nanoTime() - asked > maxSilence.toNanos()) {
                tooSilent = true;
                process.destroyForcibly();
            }
            try {
                process.waitFor(Math.min(1000, maxSilence.toMillis()), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
