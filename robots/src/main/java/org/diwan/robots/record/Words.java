package org.diwan.robots.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.diwan.sovereignty.ledger.VerificationException;

/// What was said, of which the ledger holds a commitment only, as of all that people say:
///
/// ```
/// SHA-256("diwan-commitment/v1\n" ‖ salt, 32 random bytes ‖ {"text": what was said})
/// ```
///
/// Without its opening the entry says nothing, for ever; where that lies, [JobFolder] says.
public record Words(String salt, String text) {
    private static final byte[] LABEL = "diwan-commitment/v1\n".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    /// An opening of `text` with a fresh salt.
    public static Words of(String text) {
        byte[] salt = new byte[Digest.SIZE];
        RANDOM.nextBytes(salt);
        return new Words(HexFormat.of().formatHex(salt), text);
    }

    static Words parse(byte[] bytes) throws VerificationException {
        JsonNode node = Warrant.tree(new String(bytes, StandardCharsets.UTF_8), "the words");
        String salt = node.path("salt").asText();
        if (!salt.matches("[0-9a-f]{64}")) throw new VerificationException("the salt of the words is not 32 bytes");
        return new Words(salt, node.path("text").asText());
    }

    /// What the ledger says in place of the words, in hexadecimal.
    public String commitment() {
        return Digest.hex(
                Digest.sha256(LABEL, HexFormat.of().parseHex(salt), CanonicalJson.bytes(Map.of("text", text))));
    }

    byte[] bytes() {
        return CanonicalJson.bytes(Map.of("salt", salt, "text", text));
    }
}
