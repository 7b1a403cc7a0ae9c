package org.diwan.sovereignty.classify;

import java.math.BigInteger;
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
