package org.diwan.cloud.receipt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// A value that the public ledger holds only a commitment to:
///
/// ```
/// commitment = SHA-256("diwan-commitment/v1\n" ‖ salt, 32 random bytes ‖ canonical JSON of the value)
/// ```
///
/// Whoever has no salt cannot even try guesses at the value; whoever publishes it cannot open the
/// commitment to another value. Deleting the opening makes the entry say nothing, for ever.
public final class Opening {
    private static final byte[] LABEL = "diwan-commitment/v1\n".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] salt;
    private final Map<String, ?> value;

    private Opening(byte[] salt, Map<String, ?> value) {
        this.salt = salt;
        this.value = value;
    }

    /// An opening of `request` with a fresh salt.
    public static Opening of(Asked request) {
        return salted(request.json());
    }

    /// An opening of `answer` with a fresh salt.
    public static Opening of(Said answer) {
        return salted(answer.json());
    }

    /// An opening of words that are no part of a conversation, `{"text": …}`, with a fresh salt.
    public static Opening of(String text) {
        return salted(Map.of("text", text));
    }

    private static Opening salted(Map<String, ?> value) {
        byte[] salt = new byte[Digest.SIZE];
        RANDOM.nextBytes(salt);
        return new Opening(salt, value);
    }

    /// The opening that [#bytes] wrote.
    public static Opening parse(byte[] bytes) throws VerificationException {
        try {
            return parse(Json.plain(Json.parse(bytes)), "opening");
        } catch (IOException e) {
            throw new VerificationException("opening: " + e.getMessage());
        }
    }

    @SuppressWarnings("unchecked") // every object of a parsed JSON text has strings as keys
    static Opening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("salt", "value"));
        if (!(fields.value("value") instanceof Map<?, ?> value))
            throw new VerificationException(fields.path("value") + " is not a JSON object");
        return new Opening(fields.bytes("salt"), (Map<String, ?>) value);
    }

    /// What the ledger says in place of the value, in hexadecimal.
    public String commitment() {
        return Digest.hex(Digest.sha256(LABEL, salt, CanonicalJson.bytes(value)));
    }

    Map<String, ?> value() {
        return value;
    }

    /// Salt and value, to be sealed and kept.
    public byte[] bytes() {
        return CanonicalJson.bytes(json());
    }

    Map<String, Object> json() {
        return Map.of("salt", Digest.hex(salt), "value", value);
    }
}
