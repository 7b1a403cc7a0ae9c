package org.diwan.cloud.receipt;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The ledger entries of a breach: that it became known, that the authority was told, that it is over.
/// The first starts the clock that the law gives. Canonical JSON:
///
/// ```
/// {"breach":"b-…","origin":"sa","personal":true,"says":null,"time":"2026-01-01T00:00:00Z",
///  "type":"breach-opened","what":"5c…"}
/// {"breach":"b-…","time":"2026-01-02T00:00:00Z","type":"breach-notified"}
/// {"breach":"b-…","time":"2026-01-09T00:00:00Z","type":"breach-closed"}
/// ```
///
/// What happened may itself be personal or help an attacker, and the ledger is public and for ever. So
/// it holds a commitment to the operator's words, and in clear only what the operator chose to say.
public sealed interface BreachEntry {
    /// Longest public wording, in characters.
    int MAX_SAYS = 500;

    /// What the breach is called: `b-` and 22 digits in base 62.
    String breach();

    /// When, ISO 8601 in UTC.
    String time();

    Map<String, @Nullable Object> json();

    /// The entry as the ledger keeps it.
    default byte[] bytes() {
        return CanonicalJson.bytes(json());
    }

    /// A breach became known.
    ///
    /// @param origin jurisdiction whose law it is under
    /// @param personal whether data about people is concerned, which starts the clock
    /// @param what commitment ([Opening]) to the operator's words
    /// @param says what the operator says in public, or null
    record Opened(
            String breach,
            String time,
            String origin,
            boolean personal,
            String what,
            @Nullable String says) implements BreachEntry {
        private static final Set<String> MEMBERS =
                Set.of("type", "breach", "time", "origin", "personal", "what", "says");

        public Opened {
            new Jurisdiction(origin); // throws when it is none
            if (says != null && says.length() > MAX_SAYS)
                throw new IllegalArgumentException(
                        "the public words have " + says.length() + " characters; the limit is " + MAX_SAYS);
        }

        @Override
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> map = new HashMap<>();
            map.put("type", "breach-opened");
            map.put("breach", breach);
            map.put("time", time);
            map.put("origin", origin);
            map.put("personal", personal);
            map.put("what", what);
            map.put("says", says);
            return map;
        }
    }

    /// What can follow.
    enum Step {
        /// The authority was told.
        NOTIFIED("breach-notified"),
        /// Nothing more is to be done.
        CLOSED("breach-closed");

        private final String type;

        Step(String type) {
            this.type = type;
        }
    }

    /// Something was done about a breach.
    record Followed(Step step, String breach, String time) implements BreachEntry {
        private static final Set<String> MEMBERS = Set.of("type", "breach", "time");

        @Override
        public Map<String, @Nullable Object> json() {
            return Map.of("type", step.type, "breach", breach, "time", time);
        }
    }

    /// The entry in `bytes`; empty if it speaks of no breach.
    ///
    /// @throws VerificationException when it is no entry of this platform
    static Optional<BreachEntry> read(byte[] bytes) throws VerificationException {
        try {
            var json = Json.plain(Json.parse(bytes));
            return json instanceof Map<?, ?> map && map.get("type") instanceof String type
                    ? parse(type, json, "entry")
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new VerificationException("entry: " + e.getMessage());
        }
    }

    private static Optional<BreachEntry> parse(String type, Object json, String path) throws VerificationException {
        if (type.equals("breach-opened")) {
            var fields = new EntryFields(json, path, Opened.MEMBERS);
            return Optional.of(new Opened(
                    fields.text("breach"),
                    fields.text("time"),
                    fields.text("origin"),
                    fields.flag("personal"),
                    fields.hash("what"),
                    fields.value("says") == null ? null : fields.text("says")));
        }
        for (var step : Step.values())
            if (step.type.equals(type)) {
                var fields = new EntryFields(json, path, Followed.MEMBERS);
                return Optional.of(new Followed(step, fields.text("breach"), fields.text("time")));
            }
        return Optional.empty();
    }
}
