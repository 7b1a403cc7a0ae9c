package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.Finding;
import org.junit.jupiter.api.Test;

/// What looks the same in every country: travel documents, places, keys.
class FormTest {
    private static final Classifier CLASSIFIER = ClassifierTest.CLASSIFIER;

    /// The examples of ICAO Doc 9303 parts 4, 5 and 6.
    private static final String TD3 =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    private static final String TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";
    private static final String TD1 =
            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";

    @Test
    void travelDocumentsAreFoundWhole() {
        for (String zone : List.of(TD1, TD2, TD3, TD3.replace("\n", "\r\n"))) {
            String text = "Scan:\n" + zone + "\nend";
            var found = CLASSIFIER.find(text);
            assertEquals(List.of("MRZ"), types(text), text);
            assertEquals(
                    zone,
                    text.substring(found.getFirst().start(), found.getFirst().end()));
        }
    }

    /// Each check digit counts, the composite too; a letter in the name does not.
    @Test
    void anyWrongCheckDigitIsNoTravelDocument() {
        for (String zone : List.of(TD1, TD2, TD3)) {
            int checked = zone.length() == 92 ? 0 : zone.indexOf('\n');
            for (int i = checked; i < zone.length(); i++) {
                if (!Character.isDigit(zone.charAt(i))) continue;
                String wrong =
                        zone.substring(0, i) + (char) ('0' + (zone.charAt(i) - '0' + 1) % 10) + zone.substring(i + 1);
                assertTrue(!types(wrong).contains("MRZ"), wrong);
            }
        }
    }

    @Test
    void placesAreFoundToTheDoor() {
        assertEquals(List.of("COORDINATES"), types("GPS: 24.71360, 46.67530"));
        assertEquals(List.of("COORDINATES"), types("إحداثيات منزله ٢٤٫٧١٣٦ ، ٤٦٫٦٧٥٣"));
        assertEquals(List.of("COORDINATES"), types("24°42'49\"N 46°40'31\"E"));
        assertEquals(List.of("COORDINATES"), types("48° 51′ 29.6″ N, 2° 17′ 40.2″ E"));
        var found = CLASSIFIER.find("at 24°42'49\"N 46°40'31\"E.");
        assertEquals(3, found.getFirst().start());
        assertEquals(24, found.getFirst().end());
        for (String text : List.of(
                "24.7136, 46.6753", // no word beside them: any two numbers
                "GPS 24.7, 46.6", // ten kilometres
                "location 124.71360, 46.67530",
                "24°42'N 46°40'E",
                "version 1.2.3456, 7.8.9012 at home",
                "90°")) assertEquals(List.of(), types(text), text);
    }

    /// The keys are random, as issuers make them.
    @Test
    void keysAreFoundByTheirForm() {
        Seeded.forAll(200, random -> {
            for (var form : List.of(
                    List.of("AKIA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "16"),
                    List.of("ghp_", Random.WORDS, "36"),
                    List.of("sk-proj-", Random.WORDS, "48"),
                    List.of("glpat-", Random.WORDS, "20"),
                    List.of("AIza", Random.WORDS, "35"),
                    List.of("xoxb-", "0123456789", "30"),
                    List.of("hf_", Random.WORDS, "34"),
                    List.of("eyJ", Random.WORDS, "80"))) {
                String key = form.get(0) + Random.text(form.get(1), Integer.parseInt(form.get(2)), random) + "7";
                String text = "export KEY=" + key + "\n";
                var found = CLASSIFIER.find(text);
                assertTrue(
                        found.stream()
                                .anyMatch(finding -> finding.type().equals("SECRET")
                                        && text.substring(finding.start(), finding.end())
                                                .equals(key)),
                        text);
            }
        });
    }

    @Test
    void whatLooksRandomBehindAWordIsASecret() {
        assertEquals(List.of("SECRET"), types("password: hX7#pQ2!vLm9"));
        assertEquals(List.of("SECRET"), types("كلمة المرور: hX7#pQ2!vLm9"));
        assertEquals(List.of("SECRET"), types("비밀번호: hX7#pQ2!vLm9"));
        assertEquals(List.of("SECRET"), types("client_secret=\"9fK2mQ7xPz81LwTn\""));
        for (String text : List.of(
                "password: required",
                "The password is changed every 90 days.",
                "token 1234567890",
                "secret: see section 12",
                "Das Passwort: bitte ändern")) assertEquals(List.of(), types(text), text);
    }

    @Test
    void privateKeysAreFoundWholeAndPublicOnesAreNot() {
        String key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIvTf4\nAwEHoUQD\n-----END EC PRIVATE KEY-----";
        String text = "my key:\n" + key + "\nthanks";
        var found = CLASSIFIER.find(text);
        assertEquals(List.of("PRIVATE_KEY"), types(text));
        assertEquals(
                key, text.substring(found.getFirst().start(), found.getFirst().end()));
        assertEquals(List.of(), types(key.replace("PRIVATE", "PUBLIC")));
        assertEquals("my key:\n[PRIVATE_KEY]\nthanks", Classifier.redact(text, found));
    }

    private static List<String> types(String text) {
        return CLASSIFIER.find(text).stream().map(Finding::type).toList();
    }

    private static final class Random {
        static final String WORDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

        static String text(String alphabet, int length, java.util.SplittableRandom random) {
            var text = new StringBuilder();
            while (text.length() < length) text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            return text.toString();
        }
    }
}
