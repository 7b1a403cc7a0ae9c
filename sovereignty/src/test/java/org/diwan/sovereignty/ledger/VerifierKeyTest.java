package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class VerifierKeyTest {
    /// The example of C2SP signed-note, "Verifier keys".
    private static final String EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    @Test
    void theExampleOfTheSpecificationIsReadWrittenAndVerifies() throws Exception {
        var key = VerifierKey.parse(EXAMPLE);
        assertEquals("example.com/foo", key.name());
        assertEquals(EXAMPLE, key.toString());
        // Its note is no checkpoint, so the signature is checked with the JDK and the key found here.
        byte[] signed = StrictBase64.decode(
                "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=");
        assertEquals("530d903a", HexFormat.of().formatHex(signed, 0, 4));
        byte[] raw = Arrays.copyOfRange(StrictBase64.decode(EXAMPLE.substring(25)), 1, 33);
        byte[] spki = StrictBase64.concatenate(HexFormat.of().parseHex("302a300506032b6570032100"), raw);
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
        verifier.update("This is an example message.\n".getBytes(StandardCharsets.UTF_8));
        Assertions.assertTrue(verifier.verify(signed, 4, 64));
    }

    @Test
    void everyChangedCharacterOfAKeyIsNoticed() {
        for (var key : Logs.KEYS) {
            String text = key.toString();
            for (int i = 0; i < text.length(); i++) {
                String changed = text.substring(0, i) + (char) (text.charAt(i) ^ 1) + text.substring(i + 1);
                assertThrows(IllegalArgumentException.class, () -> VerifierKey.parse(changed), changed);
            }
        }
    }

    @Test
    void keysOfOtherKindsAreRefusedByName() {
        // The same Ed25519 key as if it signed heads of RFC 6962, type 0x05.
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> VerifierKey.parse("example.com/foo+530d903a+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
        Logs.assertSays("signature type 0x05 is not supported", refused);
        for (String text : List.of(
                "",
                "a",
                "a+b",
                "a+530d903a+",
                "a+530d903a+AQ==",
                "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"))
            assertThrows(IllegalArgumentException.class, () -> VerifierKey.parse(text), text);
    }

    @Test
    void theMlDsaMessageIsTheStructOfTheSpecification() {
        // tlog-cosignature, "ML-DSA-44 signed message", written out by hand for name and origin "a/b",
        // time 1, size 2.
        var body = new Checkpoint.Body("a/b", 2, new byte[32]);
        String expected = "737562747265652f76310a00" // "subtree/v1\n\0"
                + "03612f62" // cosigner name
                + "0000000000000001" // timestamp
                + "03612f62" // log origin
                + "0000000000000000" // start
                + "0000000000000002" // end
                + "00".repeat(32); // root
        assertEquals(expected, HexFormat.of().formatHex(VerifierKey.cosignedMessage("a/b", 1, body)));
    }
}
