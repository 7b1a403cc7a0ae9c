package org.diwan.cloud.receipt;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The record of one answer, for whoever asked: two ledger entries, the proofs that the log holds
/// them, and the openings of what the entries only commit to. Canonical JSON (RFC 8785), one optional
/// newline at the end:
///
/// ```
/// {"answered":{"entry":{…},"proof":"c2sp.org/tlog-proof@v1\n…"},
///  "decided":{"entry":{…},"proof":"…"},
///  "format":"diwan-receipt/v1",
///  "id":"r-…",
///  "openings":{"answer":{"salt":"…","value":{"text":"…","tokens":[…]}},
///              "request":{"salt":"…","value":{"logitBias":{},"messages":[…],"stop":[]}}}}
/// ```
///
/// `answered` and `openings.answer` are null for a denial; `openings.answer` is null where the
/// request failed after the decision. Both proofs stand under one checkpoint. Every byte is bound:
/// the entries by the proofs, the proofs by the log's signatures, the openings by commitments in the
/// entries, the form by being canonical.
///
/// @param answered null for a denial
public record Receipt(
        String id,
        Proved<DecidedEntry> decided,
        @Nullable Proved<Outcome> answered,
        Opening request,
        @Nullable Opening answer) {
    /// Largest receipt in bytes: a request body, its answer, and proofs of a few kilobytes each.
    public static final int MAX_SIZE = 8 << 20;

    /// The value of the member `format`.
    public static final String FORMAT = "diwan-receipt/v1";

    /// A ledger entry and the tlog-proof that the log holds it.
    public record Proved<E>(E entry, String proof) {}

    /// The receipt made of ledger entries and openings as they were kept.
    ///
    /// @throws VerificationException when the entries are not what this class writes
    public static Receipt assemble(
            String id,
            byte[] decided,
            String decidedProof,
            byte @Nullable [] answered,
            @Nullable String answeredProof,
            Opening request,
            @Nullable Opening answer)
            throws VerificationException {
        Proved<Outcome> outcome = answered == null || answeredProof == null
                ? null
                : new Proved<>(Outcome.parse(json(answered), "answered.entry"), answeredProof);
        return new Receipt(
                id,
                new Proved<>(DecidedEntry.parse(json(decided), "decided.entry"), decidedProof),
                outcome,
                request,
                answer);
    }

    /// The receipt that `bytes` spell. Its form is right and nothing is verified yet.
    ///
    /// @throws VerificationException naming the member that is not what it must be
    public static Receipt parse(byte[] bytes) throws VerificationException {
        if (bytes.length > MAX_SIZE)
            throw new VerificationException("receipt: " + bytes.length + " bytes, limit " + MAX_SIZE);
        byte[] body =
                bytes.length > 0 && bytes[bytes.length - 1] == '\n' ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
        try {
            var receipt = parse(Json.plain(Json.parse(body)));
            // A member may read as the same value and still be spelled otherwise: 0.7 and 0.70000000001.
            int difference = Arrays.mismatch(body, receipt.bytes());
            if (difference < 0) return receipt;
            throw new VerificationException("receipt: not the canonical form at byte " + difference);
        } catch (IOException | IllegalArgumentException e) {
            throw new VerificationException("receipt: " + e.getMessage());
        }
    }

    private static Receipt parse(@Nullable Object json) throws VerificationException {
        var fields = new EntryFields(json, "receipt", Set.of("format", "id", "decided", "answered", "openings"));
        if (!fields.text("format").equals(FORMAT))
            throw new VerificationException("receipt.format is not " + FORMAT + "; this program knows no other");
        var openings = new EntryFields(fields.value("openings"), "openings", Set.of("request", "answer"));
        var decided = new EntryFields(fields.value("decided"), "decided", Set.of("entry", "proof"));
        Proved<Outcome> answered = null;
        if (fields.value("answered") != null) {
            var inner = new EntryFields(fields.value("answered"), "answered", Set.of("entry", "proof"));
            answered = new Proved<>(Outcome.parse(inner.value("entry"), "answered.entry"), inner.text("proof"));
        }
        return new Receipt(
                fields.text("id"),
                new Proved<>(DecidedEntry.parse(decided.value("entry"), "decided.entry"), decided.text("proof")),
                answered,
                Opening.parse(openings.value("request"), "openings.request"),
                openings.value("answer") == null ? null : Opening.parse(openings.value("answer"), "openings.answer"));
    }

    private static @Nullable Object json(byte[] body) throws VerificationException {
        try {
            return Json.plain(Json.parse(body));
        } catch (IOException | IllegalArgumentException e) {
            throw new VerificationException("receipt: " + e.getMessage());
        }
    }

    /// Whether two tlog-proofs end with the same checkpoint.
    public static boolean sameCheckpoint(String proof, String other) {
        return checkpoint(proof).equals(checkpoint(other));
    }

    private static String checkpoint(String proof) {
        return proof.substring(Math.max(0, proof.indexOf("\n\n")));
    }

    /// What was asked.
    public Asked asked() throws VerificationException {
        return Asked.parse(request.value(), "openings.request.value");
    }

    /// What was answered, or null where nothing was.
    public @Nullable Said said() throws VerificationException {
        return answer == null ? null : Said.parse(answer.value(), "openings.answer.value");
    }

    /// The file, without the newline that may end it.
    public byte[] bytes() {
        Map<String, @Nullable Object> openings = new HashMap<>();
        openings.put("request", request.json());
        openings.put("answer", answer == null ? null : answer.json());
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put("format", FORMAT);
        map.put("id", id);
        map.put("decided", Map.of("entry", decided.entry().json(), "proof", decided.proof()));
        map.put(
                "answered",
                answered == null ? null : Map.of("entry", answered.entry().json(), "proof", answered.proof()));
        map.put("openings", openings);
        return CanonicalJson.bytes(map);
    }
}
