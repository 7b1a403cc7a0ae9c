package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Numbers that the issuers print in their examples, and python-stdnum (Debian's python3-stdnum) on
/// random ones, right and wrong.
class ChecksumTest {
    /// Of the interpreter that Debian's packages belong to.
    private static final String PYTHON = "/usr/bin/python3";

    private static final String ORACLE = """
            import sys
            from stdnum import iban, luhn
            from stdnum.kr import rrn
            from stdnum.de import idnr
            from stdnum.eu import vat
            judges = {'iban': iban, 'luhn': luhn, 'rrn': rrn, 'idnr': idnr, 'vat': vat}
            for line in open(sys.argv[1]):
                judge, number = line.split()
                print(1 if judges[judge].is_valid(number) else 0)
            """;

    /// What the states' numbers look like behind their two letters; `#` a digit, `@` a letter.
    private static final List<String> VAT = List.of(
            "ATU########",
            "BE0#########",
            "BG#########",
            "CY########@",
            "CZ1#######",
            "DE1########",
            "DK2#######",
            "EE#########",
            "EL#########",
            "ES########@",
            "ESX#######@",
            "FI########",
            "FR###########",
            "HR###########",
            "HU########",
            "IE#######@",
            "IE#######@@",
            "IT########01#",
            "LT#######1#",
            "LU########",
            "LV4##########",
            "MT1#######",
            "NL#########B01",
            "PL##########",
            "PT5########",
            "RO1#######",
            "RO1#########",
            "SE##########01",
            "SI5#######",
            "SK202#######");

    @TempDir
    private Path folder;

    private record Asked(String judge, Checksum checksum, String number) {}

    @Test
    void printedExamplesHold() {
        holds(Checksum.LUHN, "1058529940", "1001244019", "79927398713");
        holds(Checksum.MOD97, "GB29NWBK60161331926819", "SA0380000000608010167519", "DE89370400440532013000");
        holds(
                Checksum.CARD,
                "4111111111111111",
                "5555555555554444",
                "378282246310005",
                "6011111111111117",
                "3530111333300000",
                "30569309025904",
                "2223003122003222");
        holds(Checksum.DOCUMENT, "T220001293", "C01X00T478", "L898902C36", "7408122", "1204159");
        holds(Checksum.STEUER_ID, "86095742719", "47036892816", "65929970489");
        holds(Checksum.RVNR, "65170839J003");
        holds(Checksum.KVNR, "A123456780");
        holds(Checksum.RRN, "9710139019902");
        holds(Checksum.BRN, "1168200276", "1208147521", "1248100998");
        holds(
                Checksum.EU_VAT,
                "DE136695976",
                "ATU13585627",
                "BE0403019261",
                "NL004495445B01",
                "ESX5253868R",
                "RO18547290");
        for (var checksum : Checksum.values()) assertEquals(checksum, Checksum.of(checksum.label()));
    }

    private static void holds(Checksum checksum, String... numbers) {
        for (String number : numbers) {
            double sure = checksum.certainty(number);
            assertTrue(sure >= 0.6, () -> checksum + " " + number);
            // Every check digit here tells every other last digit; the last letter of a VAT number too.
            char last = number.charAt(number.length() - 1);
            for (char other = '0'; other <= '9'; other++) {
                if (other == last || checksum == Checksum.EU_VAT) continue;
                String wrong = number.substring(0, number.length() - 1) + other;
                assertTrue(checksum.certainty(wrong) < sure, () -> checksum + " " + wrong);
            }
        }
    }

    @Test
    void aWrongDigitNeverRejectsWhatHasNone() {
        assertTrue(Checksum.RRN.certainty("2101013000000") >= 0.5, "issued since October 2020");
        assertEquals(0, Checksum.RRN.certainty("2113013000000"), "no such month");
        assertEquals(0, Checksum.RRN.certainty("2102303000000"), "no such day");
        assertTrue(Checksum.TIN.certainty("123456789") > 0);
    }

    @Test
    void stdnumAgreesOnRandomNumbers() throws IOException, InterruptedException {
        Assumptions.assumeTrue(stdnumIsThere(), "skipped: needs apt-get install python3-stdnum");
        var random = new SplittableRandom(7);
        var asked = new ArrayList<Asked>();
        for (int i = 0; i < 3_000; i++) {
            asked.add(new Asked("luhn", Checksum.LUHN, filled("1#########", random)));
            asked.add(new Asked("idnr", Checksum.STEUER_ID, almostDistinct(random)));
            asked.add(new Asked(
                    "iban",
                    Checksum.MOD97,
                    "SA" + filled("##80000000608010167519", random).substring(0, 22)));
        }
        for (String form : VAT)
            for (int i = 0; i < 1_000; i++) asked.add(new Asked("vat", Checksum.EU_VAT, filled(form, random)));
        var verdicts = stdnum(asked);
        int right = 0;
        for (int i = 0; i < asked.size(); i++) {
            var question = asked.get(i);
            boolean theirs = verdicts.get(i).equals("1");
            if (question.number.startsWith("CY12")) continue; // a range that was never given out
            if (theirs) right++;
            assertEquals(theirs, question.checksum.certainty(question.number) >= 0.6, question.toString());
        }
        assertTrue(right > 1_500, "only " + right + " of the random numbers are right: the test is blind");
    }

    /// stdnum knows the numbers of citizens only, and places of birth up to 96.
    @Test
    void stdnumAgreesOnResidentNumbers() throws IOException, InterruptedException {
        Assumptions.assumeTrue(stdnumIsThere(), "skipped: needs apt-get install python3-stdnum");
        var random = new SplittableRandom(8);
        var asked = new ArrayList<Asked>();
        for (int i = 0; i < 5_000; i++)
            asked.add(new Asked(
                    "rrn",
                    Checksum.RRN,
                    String.format("%02d%02d%02d", random.nextInt(99), 1 + random.nextInt(13), 1 + random.nextInt(28))
                            + (1 + random.nextInt(2))
                            + String.format("%02d", random.nextInt(97))
                            + filled("####", random)));
        var verdicts = stdnum(asked);
        for (int i = 0; i < asked.size(); i++)
            assertEquals(
                    verdicts.get(i).equals("1"),
                    Checksum.RRN.certainty(asked.get(i).number) > 0.5,
                    asked.get(i).toString());
        assertFalse(verdicts.stream().noneMatch("1"::equals));
    }

    private List<String> stdnum(List<Asked> asked) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("oracle.py"), ORACLE);
        Path numbers = folder.resolve("numbers");
        Files.write(
                numbers,
                asked.stream()
                        .map(question -> question.judge + " " + question.number)
                        .toList());
        var process = new ProcessBuilder(PYTHON, script.toString(), numbers.toString())
                .redirectErrorStream(true)
                .start();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        assertEquals(asked.size(), lines.size());
        return lines;
    }

    private static boolean stdnumIsThere() throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import stdnum").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String filled(String form, SplittableRandom random) {
        var number = new StringBuilder();
        for (char c : form.toCharArray())
            number.append(
                    c == '#' ? (char) ('0' + random.nextInt(10)) : c == '@' ? (char) ('A' + random.nextInt(26)) : c);
        return number.toString();
    }

    /// Eleven digits of which the first ten have mostly one repeated, as random ones seldom do.
    private static String almostDistinct(SplittableRandom random) {
        var digits = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        java.util.Collections.shuffle(digits, new java.util.Random(random.nextLong()));
        for (int i = random.nextInt(3); i > 0; i--) digits.set(random.nextInt(10), digits.get(random.nextInt(10)));
        if (digits.getFirst() == 0) digits.set(0, 1 + random.nextInt(9));
        digits.add(random.nextInt(10));
        var number = new StringBuilder();
        digits.forEach(number::append);
        return number.toString();
    }
}
