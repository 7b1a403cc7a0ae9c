package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.Finding;
import org.junit.jupiter.api.Test;

/// A stream is redacted as the whole text is: [Classifier#redact] of everything at once is the oracle.
class RedactorTest {
    private static final Classifier CLASSIFIER = ClassifierTest.CLASSIFIER;

    /// Words of five languages between which identifiers are put, some of them context, for and against.
    private static final List<String> WORDS = List.of(
            "the",
            "museum",
            "opens",
            "at",
            "nine.",
            "My",
            "national",
            "id",
            "is",
            "order",
            "number",
            "Das",
            "Konto",
            "Steuer-ID",
            "lautet",
            "يفتح",
            "المتحف",
            "هويتي",
            "الوطنية",
            "رقم",
            "الطلب",
            "جوالي",
            "박물관은",
            "문을",
            "엽니다.",
            "주민등록번호",
            "전화",
            "Bukas",
            "ang",
            "telepono",
            "in",
            "2026,",
            "12.50",
            "a",
            "–",
            "(see",
            "below)",
            "password:",
            "king",
            "Frau",
            "Mr.",
            "phone",
            "call",
            "\n",
            "\n\n",
            "؟",
            "123-456",
            "42",
            "1/2",
            "e.g.");

    private static final List<String> PEOPLE = List.of(
            "Anna Schmidt",
            "محمد العتيبي",
            "김민수 씨",
            "Maria Santos",
            "anna@example.de",
            "me.too@post.example.org",
            "+966501234567",
            "0501234567",
            "010-1234-5678",
            "+49 30 901820",
            "24.71360, 46.67530",
            "24°42'49\"N 46°40'31\"E",
            "ghp_0123456789abcdefghijABCDEFGHIJ012345",
            "Xk9!mm2#pQ77z");

    @Test
    void everyChunkingOfLettersTellsTheRedactionOfTheWhole() {
        Seeded.forAll(80, random -> {
            var text = new StringBuilder();
            for (int i = 1 + random.nextInt(4); i > 0; i--)
                text.append(Letters.random(Letters.LANGUAGES.get(random.nextInt(5)), random)
                                .text())
                        .append(random.nextBoolean() ? " " : "\n");
            holds(text.toString(), random);
        });
    }

    @Test
    void everyChunkingOfStrayWordsAndIdentifiersTellsTheRedactionOfTheWhole() {
        Seeded.forAll(200, random -> {
            var text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--)
                text.append(random.nextInt(6) == 0 ? identifier(random) : WORDS.get(random.nextInt(WORDS.size())))
                        .append(random.nextInt(12) == 0 ? ". " : " ");
            holds(text.toString(), random);
        });
    }

    private static String identifier(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> Numbers.disguise(Numbers.saudiId(random), random);
            case 1 -> Numbers.iban(random, "SA", 24);
            case 2 -> Numbers.iban(random, "DE", 22).replaceAll("(.{4})", "$1 ").strip();
            case 3 -> Numbers.rrn(random);
            case 4 -> Numbers.card(random);
            case 5 -> Numbers.steuerId(random).replaceFirst("(..)(...)(...)", "$1 $2 $3 ");
            case 6 -> Numbers.digits(6, random) + "-" + Numbers.digits(4, random);
            default -> PEOPLE.get(random.nextInt(PEOPLE.size()));
        };
    }

    /// In random pieces, in one piece, and by the oracle: one and the same text.
    private static void holds(String text, SplittableRandom random) {
        String whole = Classifier.redact(text, CLASSIFIER.find(text));
        assertEquals(whole, whole(text).text);
        assertEquals(whole, inPieces(text, random).text);
    }

    /// What was told of a text, how much was held at most, and what was redacted.
    private record Told(String text, int mostHeld, Map<String, Integer> counts) {}

    private static Told whole(String text) {
        return tell(List.of(text));
    }

    private static Told inPieces(String text, SplittableRandom random) {
        var pieces = new java.util.ArrayList<String>();
        for (int i = 0; i < text.length(); ) {
            int end = Math.min(text.length(), i + random.nextInt(random.nextBoolean() ? 4 : 30));
            pieces.add(text.substring(i, end));
            i = end;
        }
        return tell(pieces);
    }

    private static Told tell(List<String> pieces) {
        var redactor = new Redactor(CLASSIFIER);
        var told = new StringBuilder();
        int most = 0;
        for (String piece : pieces) {
            told.append(redactor.push(piece));
            most = Math.max(most, redactor.held());
        }
        told.append(redactor.finish());
        assertEquals(0, redactor.held());
        return new Told(told.toString(), most, redactor.counts());
    }

    private static Told byCharacter(String text) {
        return tell(text.chars().mapToObj(c -> String.valueOf((char) c)).toList());
    }

    @Test
    void everyFormOfANumberIsRedactedThoughEachCharacterComesAlone() {
        Seeded.forAll(60, random -> {
            String id = Numbers.disguise(Numbers.saudiId(random), random);
            for (String before : List.of("هويتي ", "هـــويـتي الوطنية ", "my id is ", ""))
                for (String after : List.of("", ". ", " شكرا جزيلا", "\n")) {
                    var told = byCharacter(before + id + after);
                    assertTrue(
                            told.text.matches("\\Q" + before + "\\E\\[(SAUDI_ID|IQAMA)]\\Q" + after + "\\E"),
                            told.text);
                    assertEquals(1, told.counts.values().iterator().next());
                }
        });
    }

    /// Grouped by an own hand a number is none, until a word behind it says what it is.
    @Test
    void aWordThatComesLaterIsWaitedFor() {
        assertEquals("[SAUDI_ID] is my national id", byCharacter("105852-9940 is my national id").text);
        assertEquals("105852-9940 is my old guess", byCharacter("105852-9940 is my old guess").text);
        assertEquals("1058529940, the order number.", byCharacter("1058529940, the order number.").text);
    }

    @Test
    void contextThatIsNotToldCounts() {
        var redactor = new Redactor(CLASSIFIER, "national id: ");
        assertEquals("[SAUDI_ID]", redactor.push("105852-9940") + redactor.finish());
        assertEquals(Map.of("SAUDI_ID", 1), redactor.counts());
    }

    @Test
    void aPrivateKeyIsOneFindHoweverItComes() {
        String key = "-----BEGIN EC PRIVATE KEY-----\n"
                + "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoG\n".repeat(60)
                + "-----END EC PRIVATE KEY-----";
        var told = byCharacter("Here it is:\n" + key + "\nKeep it.");
        assertEquals("Here it is:\n[PRIVATE_KEY]\nKeep it.", told.text);
        assertFalse(told.mostHeld > Redactor.MAX_HELD);
    }

    /// Plain prose is told nearly word by word: besides the last, words wait that a form, a street or a name may begin
    /// with: `is` of an Icelandic IBAN, `Lange` of Lange Straße, 이.
    @Test
    void ofPlainWordsFewAreHeld() {
        String prose = "The museum opens early. Das Haus ist heute geschlossen, morgen nicht. يفتح المتحف أبوابه في "
                + "الصباح. 박물관은 아침에 문을 엽니다. Bukas na ang museo ngayon. ";
        var redactor = new Redactor(CLASSIFIER);
        for (int i = 0; i < prose.length(); i++) {
            redactor.push(prose.substring(i, i + 1));
            assertTrue(redactor.held() <= 40, () -> "held " + redactor.held());
        }
    }

    /// Texts made to be held: beginnings of keys, numbers, names without an end.
    @Test
    void neverMoreIsHeldThanTheLongestIdentifier() {
        var units = List.of(
                "-----BEGIN PRIVATE KEY-----\n",
                "a",
                "1",
                "1 ",
                "A ",
                "<",
                "@",
                ".",
                "\u200f",
                "ـ",
                "1-",
                "Anna ",
                "محمد بن ",
                "24.71360, ",
                "字",
                "-",
                "\n",
                "SA03 ",
                "eyJ",
                "password: ",
                "😀",
                "010 ");
        Seeded.forAll(3, random -> {
            var text = new StringBuilder();
            if (random.nextBoolean()) text.append(units.getFirst());
            while (text.length() < 30_000) {
                String unit = units.get(random.nextInt(units.size()));
                text.append(unit.repeat(1
                        + random.nextInt(
                                random.nextBoolean() ? 3 : (unit.equals("010 ") ? 200 : 8_000) / unit.length())));
            }
            var told = inPieces(text.toString(), random);
            assertTrue(told.mostHeld <= Redactor.MAX_HELD, () -> "held " + told.mostHeld);
            assertEquals(whole(text.toString()).text, told.text);
        });
    }

    /// What no blank parts and no key is made of goes on after a look.
    @Test
    void aScriptWithoutBlanksIsNotHeldForLong() {
        var told = byCharacter("博物馆今天早上九点开门下午五点关门".repeat(50));
        assertTrue(told.mostHeld <= 2 * EmailFinder.MAX_LOCAL, () -> "held " + told.mostHeld);
    }

    @Test
    void typesAreCountedAndPersonalOnesOnly() {
        var told = whole("me@example.org, you@example.org: diabetes, IBAN DE89 3704 0044 0532 0130 00.");
        assertEquals("[EMAIL], [EMAIL]: diabetes, IBAN [IBAN].", told.text);
        assertEquals(Map.of("EMAIL", 2, "IBAN", 1), told.counts);
        assertTrue(CLASSIFIER.find("diabetes").stream().noneMatch(Finding::personal));
    }
}
