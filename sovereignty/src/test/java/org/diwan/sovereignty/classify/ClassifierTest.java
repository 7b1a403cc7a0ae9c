package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.policy.Pack;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The shipped packs on real and generated texts. The numbers are made by [Numbers], which shares no
/// code with the finders.
class ClassifierTest {
    static final Classifier CLASSIFIER = Classifier.of(packs());

    private static List<Pack> packs() {
        var folder = Path.of(System.getProperty("diwan.home", ".."), "packs");
        try {
            var packs = new ArrayList<Pack>();
            for (var name : List.of("de", "eu", "kr", "ph", "sa")) packs.add(Pack.load(folder.resolve(name)));
            return packs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void publishedVectorsAreTold() throws IOException {
        String data = System.getenv("DIWAN_DATA");
        Assumptions.assumeTrue(data != null, "skipped: DIWAN_DATA is not set, no published identifier vectors");
        var lines = Files.readAllLines(Path.of(data, "pii", "saudi_id_vectors.tsv"));
        for (var line : lines.subList(1, lines.size())) {
            var cells = line.split("\t", -1);
            assertEquals(cells[1].equals("1"), types("رقم الهوية " + cells[0]).contains("SAUDI_ID"), line);
        }
    }

    @Test
    void idIsFoundWithAndWithoutContext() {
        var inContext = CLASSIFIER.find("هويتي الوطنية 1058529940");
        assertEquals(List.of("SAUDI_ID"), types("هويتي الوطنية 1058529940"));
        assertEquals(0.92, inContext.getFirst().confidence(), 1e-9);
        var alone = CLASSIFIER.find("1058529940");
        assertEquals(0.6, alone.getFirst().confidence(), 1e-9);
        assertTrue(alone.getFirst().personal());
    }

    @Test
    void contextWordsCarryClitics() {
        for (var word : List.of("وهويتي", "بالهوية", "وبهويته", "للهوية", "الهُوِيَّة", "هـــويتي"))
            assertEquals(0.92, CLASSIFIER.find(word + " 1058529940").getFirst().confidence(), 1e-9, word);
    }

    @Test
    void everyScriptAndControlIsSeenThroughWithExactOffsets() {
        Seeded.forAll(2_000, random -> {
            String number = Numbers.saudiId(random);
            String written = Numbers.disguise(number, random);
            String before = List.of("هويتي ", "my id is ", "身份 ", "😀 ", "").get(random.nextInt(5));
            String after = List.of("", " شكرا", ".", "، متى؟", "\n2").get(random.nextInt(5));
            var found = CLASSIFIER.find(before + written + after);
            assertEquals(1, found.size(), () -> before + written + after + " " + found);
            assertEquals(
                    number.startsWith("1") ? "SAUDI_ID" : "IQAMA",
                    found.getFirst().type());
            assertEquals(before.length(), found.getFirst().start(), "start");
            assertEquals(before.length() + written.length(), found.getFirst().end(), "end");
        });
    }

    @Test
    void wrongCheckDigitIsNoId() {
        Seeded.forAll(2_000, random -> {
            String number = Numbers.saudiId(random);
            int place = 1 + random.nextInt(9);
            char other = (char) ('0' + (number.charAt(place) - '0' + 1 + random.nextInt(9)) % 10);
            String wrong = number.substring(0, place) + other + number.substring(place + 1);
            assertEquals(List.of(), types("رقم الهوية " + wrong), wrong);
        });
    }

    @Test
    void idInsideSomethingLongerIsNoId() {
        for (var text : List.of(
                "11058529940",
                "10585299401",
                "x1058529940",
                "1058529940x",
                "_1058529940",
                "4111 1058529940.50",
                "12345678901234567890123456789012345678901",
                "1058529940-1058529940",
                "1058529940/2",
                "3.1058529940")) assertEquals(List.of(), types(text), text);
    }

    @Test
    void datesTimesAndAmountsAreNothing() {
        for (var text : List.of(
                "2024-11-23 12:30:59",
                "23/11/2024",
                "١٤٤٥/٠٩/٠١",
                "1,058,529,940",
                "SAR 1058529.940",
                "10:58:52",
                "0.0.0.0",
                "192.168.100.200",
                "2001:db8::1058:5299",
                "ISBN 978-3-16-148410-0",
                "§ 29 (2)(b)",
                "٣٫١٤١٥٩٢٦٥٣٥٨")) assertEquals(List.of(), types(text), text);
    }

    @Test
    void aWordThatSaysSomethingElseSpeaksAgainst() {
        assertEquals(List.of(), types("order no. 1058529940"));
        assertEquals(List.of(), types("السجل التجاري 1058529940"));
        assertEquals(List.of("SAUDI_ID"), types("order for the national id 1058529940"), "both: as without");
        assertEquals(List.of("KR_RRN"), types("110111-1234567"));
        assertEquals(List.of(), types("법인등록번호 110111-1234567"), "a company of Seoul, no birthday");
    }

    @Test
    void numbersOfEachCountryAreFoundInTheirContext() {
        for (var entry : List.of(
                List.of("EMIRATES_ID", "الهوية الإماراتية 784-1980-1234567-8"),
                List.of("KR_RRN", "주민등록번호는 971013-9019902입니다"),
                List.of("KR_RRN", "주민등록번호 210101-3000000"),
                List.of("KR_BRN", "사업자등록번호: 116-82-00276"),
                List.of("KR_PASSPORT", "여권번호 M123A4567"),
                List.of("DE_STEUER_ID", "Meine Steuer-ID ist 86 095 742 719."),
                List.of("DE_PERSONALAUSWEIS", "Personalausweis T220001293"),
                List.of("DE_PASSPORT", "Reisepass Nr. C01X00T478"),
                List.of("DE_RVNR", "Rentenversicherungsnummer 65 170839 J 003"),
                List.of("DE_KVNR", "Krankenkasse, KVNR A123456780"),
                List.of("EU_VAT", "USt-IdNr. DE136695976"),
                List.of("PH_TIN", "TIN: 123-456-789-000"),
                List.of("PH_SSS", "Ang SSS ko ay 34-1234567-8"),
                List.of("PH_UMID", "UMID CRN 0111-1234567-8"),
                List.of("PH_PCN", "PhilSys PCN 1234-5678-9012-3456"),
                List.of("PH_PASSPORT", "pasaporte P1234567A"),
                List.of("PAYMENT_CARD", "card 4111 1111 1111 1111")))
            assertEquals(List.of(entry.get(0)), types(entry.get(1)), entry.get(1));
    }

    @Test
    void groupedIdNeedsContext() {
        assertEquals(List.of(), types("105852-9940"));
        assertEquals(List.of("SAUDI_ID"), types("national id: 105 852 9940"));
    }

    @Test
    void bankAccountsAreFoundInAnyGrouping() {
        // Examples of the IBAN registry (ISO 13616-2).
        for (var iban : List.of(
                "SA0380000000608010167519",
                "SA03 8000 0000 6080 1016 7519",
                "DE89 3704 0044 0532 0130 00",
                "GB29NWBK60161331926819",
                "fr14 2004 1010 0505 0001 3m02 606",
                "NO93-8601-1117-947")) assertEquals(List.of("IBAN"), types("حسابي " + iban + "."), iban);
        Seeded.forAll(500, random -> {
            String iban = Numbers.iban(random, "SA", 24);
            assertEquals(List.of("IBAN"), types(Numbers.disguise(iban, random)), iban);
            int place = 4 + random.nextInt(20);
            char other = (char) ('0' + (iban.charAt(place) - '0' + 1 + random.nextInt(9)) % 10);
            assertFalse(
                    types(iban.substring(0, place) + other + iban.substring(place + 1))
                            .contains("IBAN"),
                    iban);
        });
    }

    @Test
    void telephonesAreFoundAtHomeAndAbroad() {
        for (var phone : List.of(
                "0501234567",
                "٠٥٠١٢٣٤٥٦٧",
                "+966501234567",
                "+966 50 123 4567",
                "00966 50 123 4567",
                "+49 151 23456789",
                "+82 10-2345-6789",
                "050-123-4567")) assertEquals(List.of("PHONE"), types(phone), phone);
        assertEquals(List.of("PHONE"), types("جوالي 501234567"));
        assertEquals(List.of("PHONE"), types("Telefon: 030 901820"));
        assertEquals(List.of(), types("030 901820"), "a landline of a country that asks for context");
        assertEquals(List.of("PHONE", "SAUDI_ID"), types("+966 50 123 4567 1058529940"));
        assertEquals(List.of("PHONE"), types("Telefon: 030/901820"));
        assertEquals(List.of(), types("Mobilfunk, Vfg. 255/1997, ABl. vom 26.3.1997, S. 22"));
        assertEquals(List.of(), types("800 124 1234 0123"), "free of charge, nobody's");
    }

    @Test
    void mailAddressesAreFoundUpToThePunctuation() {
        String text = "راسلني (Ahmed.Ali+gov@mail.example.gov.sa)، أو x@y, a@b.c, @user, user@, me@مثال.إختبار.";
        var found = CLASSIFIER.find(text);
        assertEquals(
                List.of("Ahmed.Ali+gov@mail.example.gov.sa", "me@مثال.إختبار"),
                found.stream()
                        .map(finding -> text.substring(finding.start(), finding.end()))
                        .toList());
    }

    @Test
    void wordsOfProtectedMattersAreSensitive() {
        assertTrue(CLASSIFIER.find("شُخِّص المريضُ بالسرطان").stream().anyMatch(Finding::sensitive));
        assertTrue(CLASSIFIER.find("Der Patient ist jüdisch").stream().anyMatch(Finding::sensitive));
        assertTrue(CLASSIFIER.find("Der Patient ist ju\u0308disch").size() >= 2, "decomposed umlaut");
        assertEquals(List.of(), CLASSIFIER.find("متى يُفتح المتحف؟ When does the museum open?"));
    }

    @Test
    void overlapKeepsTheSurestAndAllTraits() {
        var found = CLASSIFIER.find("cancer@clinic.example.com");
        assertEquals(1, found.size());
        assertTrue(found.getFirst().personal() && found.getFirst().sensitive());
    }

    @Test
    void redactionLeavesNoIdentifier() {
        assertEquals(
                "هويتي [SAUDI_ID] وجوالي [PHONE] والسرطان",
                redact("هويتي ١٠٥٨٥\u200f٢٩٩٤٠ وجوالي 0501234567 والسرطان"));
        Seeded.forAll(500, random -> {
            var text = new StringBuilder();
            for (int i = 0; i < 5; i++)
                text.append(List.of("نص ", "id: ", "text, ", "😀\u200d ").get(random.nextInt(4)))
                        .append(
                                random.nextBoolean()
                                        ? Numbers.disguise(Numbers.saudiId(random), random)
                                        : "me@example.org")
                        .append(' ');
            String clean = redact(text.toString());
            assertTrue(CLASSIFIER.find(clean).stream().noneMatch(Finding::personal), clean);
        });
        assertThrows(
                IllegalArgumentException.class, () -> Classifier.redact("short", CLASSIFIER.find("id 1058529940")));
    }

    @Test
    void findingsAreInOrderAndApart() {
        Seeded.forAll(500, random -> {
            String text = noise(random, 600);
            int end = 0;
            for (var finding : CLASSIFIER.find(text)) {
                assertTrue(finding.start() >= end && finding.end() <= text.length(), () -> finding + " in " + text);
                end = finding.end();
            }
        });
    }

    @Test
    void hostileTextsTakeLinearTime() {
        var hostile = List.of(
                "1 ", "1-", "+1 ", "0123456 ", "a@", "@", "SA12 ", "\u200f", "(", "جوال 0", "٠٥", "\ufdfa", "وووو ");
        for (var unit : hostile) {
            var text = unit.repeat(Classifier.MAX_LENGTH / 8 / unit.length());
            long start = System.nanoTime();
            CLASSIFIER.find(text);
            double seconds = (System.nanoTime() - start) / 1e9;
            // Quadratic would be 10^10 steps, a minute at least; linear is some 50 ms.
            assertTrue(seconds < 10, () -> "128 KiB of '" + unit + "' took " + seconds + " s");
        }
    }

    @Test
    void textOverTheLimitIsRefused() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> CLASSIFIER.find("x".repeat(Classifier.MAX_LENGTH + 1)));
        assertTrue(error.toString().contains("limit is " + Classifier.MAX_LENGTH), error::toString);
    }

    /// Where one country's landline hid another's mobile, every seventh Saudi number was missed.
    @Test
    void aNumberThatIsALandlineElsewhereIsStillAMobileHere() {
        assertEquals(List.of("PHONE"), types("هاتف 0549329485"));
        assertEquals(List.of("PHONE"), types("0549329485"));
    }

    @Test
    void anOrderNumberThatIsAlsoATelephoneNumberIsNone() {
        assertEquals(List.of(), types("Order number 0573273723."));
        assertEquals(List.of(), types("Artikelnummer 0049394643219"));
        assertEquals(List.of(), types("DE58 2613 4500 0160 6618 74"), "a wrong IBAN's end");
        assertEquals(List.of("PHONE"), types("Call 0917 859 6608 about order number 3."));
        assertEquals(List.of("PHONE"), types("Order number 77, or dial +49 151 23456789."));
        assertEquals(List.of("PHONE", "PHONE"), types("0917 859 6608 0917 859 6609"));
    }

    private static List<String> types(String text) {
        return CLASSIFIER.find(text).stream().map(Finding::type).toList();
    }

    private static String redact(String text) {
        return Classifier.redact(text, CLASSIFIER.find(text));
    }

    private static String noise(SplittableRandom random, int length) {
        var pieces = new ArrayList<String>(List.of(
                " ", "-", "+", "@", ".", "0", "1", "5", "٩", "\u200f", "a", "SA", "هوي", "سرطان", "😀", "\n", "، ",
                "\ud83d", "\0"));
        var text = new StringBuilder();
        while (text.length() < length) text.append(pieces.get(random.nextInt(pieces.size())));
        return text.toString();
    }
}
