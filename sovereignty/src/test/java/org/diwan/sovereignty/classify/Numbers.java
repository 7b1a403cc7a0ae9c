package org.diwan.sovereignty.classify;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/// Valid identifiers and the ways people write them, made without the code under test: check digits
/// by trying all ten, and by big integers.
final class Numbers {
    private static final String[] DIGITS = {"0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९"};
    private static final String[] CONTROLS = {
        "\u200e", "\u200f", "\u202b", "\u202c", "\u2066", "\u2069", "\u200d", "\u200c", "\u061c", "\u00ad", "\0"
    };

    private Numbers() {}

    /// Ten digits, the first 1 or 2, weighed 2,1,2,1… with cross sums to a multiple of ten.
    static String saudiId(SplittableRandom random) {
        String nine = (1 + random.nextInt(2)) + String.format("%08d", random.nextInt(100_000_000));
        for (int check = 0; check < 10; check++) {
            int sum = check;
            for (int i = 0; i < 9; i++) {
                String weighed = String.valueOf((nine.charAt(i) - '0') * (i % 2 == 0 ? 2 : 1));
                for (char digit : weighed.toCharArray()) sum += digit - '0';
            }
            if (sum % 10 == 0) return nine + check;
        }
        throw new AssertionError("one of ten digits fits");
    }

    /// ISO 13616: check digits are 98 minus the remainder of the number with check digits 00.
    static String iban(SplittableRandom random, String country, int length) {
        var account = new StringBuilder();
        while (account.length() < length - 4) account.append(random.nextInt(10));
        var number = new StringBuilder(account);
        for (char letter : (country + "00").toCharArray()) number.append(Character.digit(letter, 36));
        int check = 98
                - new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
        return country + String.format("%02d", check) + account;
    }

    static String emiratesId(SplittableRandom random) {
        return luhn("784" + (1950 + random.nextInt(70)) + digits(7, random));
    }

    static String card(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> luhn("4" + digits(14, random));
            case 1 -> luhn("5" + (1 + random.nextInt(5)) + digits(13, random));
            case 2 -> luhn("37" + digits(12, random));
            case 3 -> luhn("6011" + digits(11, random));
            default -> luhn("35" + (28 + random.nextInt(62)) + digits(11, random));
        };
    }

    /// Birthday, sex, six more; the last by the remainders that a table holds.
    static String rrn(SplittableRandom random) {
        return resident(String.valueOf(1 + random.nextInt(4)), "10987654321", random);
    }

    static String arn(SplittableRandom random) {
        return resident(String.valueOf(5 + random.nextInt(4)), "32109876543", random);
    }

    private static String resident(String sex, String checkOfRemainder, SplittableRandom random) {
        String twelve =
                String.format("%02d%02d%02d", random.nextInt(100), 1 + random.nextInt(12), 1 + random.nextInt(28))
                        + sex
                        + digits(5, random);
        int sum = 0;
        for (int i = 0; i < 12; i++) sum += ("234567892345".charAt(i) - '0') * (twelve.charAt(i) - '0');
        return twelve.substring(0, 6) + "-" + twelve.substring(6) + checkOfRemainder.charAt(sum % 11);
    }

    static String businessNumber(SplittableRandom random) {
        String nine = (1 + random.nextInt(6)) + digits(2, random) + (1 + random.nextInt(9)) + digits(5, random);
        for (int check = 0; check < 10; check++) {
            int sum = check + (nine.charAt(8) - '0') * 5 / 10;
            for (int i = 0; i < 9; i++) sum += (nine.charAt(i) - '0') * ("137137135".charAt(i) - '0');
            if (sum % 10 == 0)
                return nine.substring(0, 3) + "-" + nine.substring(3, 5) + "-" + nine.substring(5) + check;
        }
        throw new AssertionError("one of ten digits fits");
    }

    /// Ten different digits, one of them replaced by another, then the digit that the procedure of
    /// ISO/IEC 7064 brings to 1.
    static String steuerId(SplittableRandom random) {
        var ten = new ArrayList<>(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
        Collections.shuffle(ten, new Random(random.nextLong()));
        int from = random.nextInt(10);
        ten.set((from + 1 + random.nextInt(9)) % 10, ten.get(from));
        String digits = String.join("", ten);
        return digits.startsWith("0") ? steuerId(random) : mod11and10(digits);
    }

    static String vat(SplittableRandom random) {
        return "DE" + mod11and10((1 + random.nextInt(9)) + digits(7, random));
    }

    private static String mod11and10(String digits) {
        for (int check = 0; check < 10; check++) {
            int state = 10;
            for (int i = 0; i < digits.length(); i++) {
                state = (state + digits.charAt(i) - '0') % 10;
                state = (state == 0 ? 10 : state) * 2 % 11;
            }
            if ((state + check) % 10 == 1) return digits + check;
        }
        throw new AssertionError("one of ten digits fits");
    }

    /// A German document's serial number: no vowels, the last a digit of weights 7, 3, 1.
    static String document(String first, SplittableRandom random) {
        String letters = "CFGHJKLMNPRTVWXYZ0123456789";
        var nine = new StringBuilder().append(first.charAt(random.nextInt(first.length())));
        while (nine.length() < 9) nine.append(letters.charAt(random.nextInt(letters.length())));
        int sum = 0;
        for (int i = 0; i < 9; i++) sum += Character.digit(nine.charAt(i), 36) * ("731".charAt(i % 3) - '0');
        return nine.append(sum % 10).toString();
    }

    static String pensionNumber(SplittableRandom random) {
        char letter = (char) ('A' + random.nextInt(26));
        String head = digits(2, random)
                + String.format("%02d%02d%02d", 1 + random.nextInt(28), 1 + random.nextInt(12), random.nextInt(100));
        String serial = digits(2, random);
        return head + letter + serial + crossSums(head + String.format("%02d", letter - '@') + serial, "212571212121");
    }

    static String healthNumber(SplittableRandom random) {
        char letter = (char) ('A' + random.nextInt(26));
        String eight = digits(8, random);
        return letter + eight + crossSums(String.format("%02d", letter - '@') + eight, "1212121212");
    }

    private static int crossSums(String digits, String weights) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            String product = String.valueOf((digits.charAt(i) - '0') * (weights.charAt(i) - '0'));
            for (char digit : product.toCharArray()) sum += digit - '0';
        }
        return sum % 10;
    }

    /// With the digit that Luhn asks for, found by trying.
    private static String luhn(String digits) {
        for (int check = 0; check < 10; check++) {
            String number = new StringBuilder(digits + check).reverse().toString();
            int sum = 0;
            for (int i = 0; i < number.length(); i++) {
                String weighed = String.valueOf((number.charAt(i) - '0') * (1 + i % 2));
                for (char digit : weighed.toCharArray()) sum += digit - '0';
            }
            if (sum % 10 == 0) return digits + check;
        }
        throw new AssertionError("one of ten digits fits");
    }

    static String digits(int count, SplittableRandom random) {
        var digits = new StringBuilder();
        while (digits.length() < count) digits.append(random.nextInt(10));
        return digits.toString();
    }

    /// The same number in the digits of another script, with invisible controls between them.
    static String disguise(String number, SplittableRandom random) {
        String digits = DIGITS[random.nextInt(DIGITS.length)];
        var written = new StringBuilder();
        for (int i = 0; i < number.length(); i++) {
            if (i > 0 && random.nextInt(4) == 0) written.append(CONTROLS[random.nextInt(CONTROLS.length)]);
            char c = number.charAt(i);
            written.append(Character.isDigit(c) ? digits.charAt(c - '0') : c);
        }
        return written.toString();
    }
}
