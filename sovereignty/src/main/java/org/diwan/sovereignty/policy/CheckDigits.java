package org.diwan.sovereignty.policy;

/// Check digits, each as its issuer defines it. All take digits and letters without separators, and
/// letters of either case; they ask for no length, because the shape has settled it.
final class CheckDigits {
    private CheckDigits() {}

    /// From the right every second digit doubled, cross sums, a multiple of ten.
    static boolean luhn(CharSequence digits) {
        return luhnSum(digits) % 10 == 0;
    }

    static int luhnSum(CharSequence digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = at(digits, digits.length() - 1 - i);
            sum += i % 2 == 1 ? crossSum(2 * digit) : digit;
        }
        return sum;
    }

    /// The first four characters go to the end, letters count 10 to 35, and the number leaves 1 when
    /// divided by 97.
    static boolean iban(CharSequence characters) {
        int rest = 0;
        for (int i = 0; i < characters.length(); i++) {
            int value = at(characters, (i + 4) % characters.length());
            rest = (value < 10 ? rest * 10 + value : rest * 100 + value) % 97;
        }
        return rest == 1;
    }

    /// Visa 4; Mastercard 51–55, 2221–2720; American Express 34, 37; Diners 30, 36, 38, 39; Discover
    /// 6011, 644–649, 65; JCB 3528–3589; UnionPay 62. With the lengths these have.
    static boolean isIssuer(CharSequence digits) {
        int length = digits.length();
        int four = number(digits, 0, 4);
        int two = four / 100;
        boolean sixteen = length == 16;
        return (two / 10 == 4 && (length == 13 || sixteen || length == 19))
                || (sixteen && ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)))
                || (length == 15 && (two == 34 || two == 37))
                || (length == 14 && (two == 30 || two == 36 || two == 38 || two == 39))
                || (sixteen && (four == 6011 || (four >= 6440 && four <= 6499) || two == 65))
                || (sixteen && four >= 3528 && four <= 3589)
                || (length >= 16 && length <= 19 && two == 62);
    }

    /// Weights 7, 3, 1 from the left over all but the last, which is the sum mod 10. Letters count 10
    /// to 35.
    static boolean document(CharSequence characters) {
        int sum = 0;
        int last = characters.length() - 1;
        for (int i = 0; i < last; i++) sum += at(characters, i) * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
        return sum % 10 == at(characters, last);
    }

    /// § 139b AO: of the first ten digits exactly one occurs two or three times, and the eleventh is
    /// ISO/IEC 7064 MOD 11,10.
    static boolean steuerId(CharSequence digits) {
        var times = new int[10];
        for (int i = 0; i < 10; i++) times[at(digits, i)]++;
        int repeated = 0;
        for (int n : times) {
            if (n > 3) return false;
            if (n > 1) repeated++;
        }
        return repeated == 1 && mod11and10(digits);
    }

    /// ISO/IEC 7064 MOD 11,10.
    static boolean mod11and10(CharSequence digits) {
        int product = 10;
        for (int i = 0; i < digits.length() - 1; i++) {
            int sum = (product + at(digits, i)) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (product + at(digits, digits.length() - 1)) % 10 == 1;
    }

    /// § 2 VKVV: area, birthday `ddmmyy` (a day from 50 on where the numbers ran out), letter as two
    /// digits, serial; weights 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1 with cross sums, mod 10.
    static boolean rvnr(CharSequence characters) {
        int[] weights = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
        int day = number(characters, 2, 4) % 50;
        int month = number(characters, 4, 6);
        if (day < 1 || day > 31 || month < 1 || month > 12) return false;
        int letter = at(characters, 8) - 9;
        int sum = 0;
        for (int i = 0; i < 12; i++) {
            int digit = i < 8 ? at(characters, i) : i == 8 ? letter / 10 : i == 9 ? letter % 10 : at(characters, i - 1);
            sum += crossSum(weights[i] * digit);
        }
        return sum % 10 == at(characters, 11);
    }

    /// § 290 SGB V: the letter as two digits, then eight; weights 1, 2 in turn with cross sums, mod 10.
    static boolean kvnr(CharSequence characters) {
        int letter = at(characters, 0) - 9;
        int sum = letter / 10 + crossSum(2 * (letter % 10));
        for (int i = 1; i < 9; i++) sum += crossSum((i % 2 == 1 ? 1 : 2) * at(characters, i));
        return sum % 10 == at(characters, 9);
    }

    /// True if the first six digits are a `yymmdd` that can be.
    static boolean isBirthday(CharSequence digits) {
        int month = number(digits, 2, 4);
        int day = number(digits, 4, 6);
        int longest = month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
        return month >= 1 && month <= 12 && day >= 1 && day <= longest;
    }

    /// Weights 2 to 9, 2 to 5; the last digit is `(constant − sum mod 11) mod 10`.
    static boolean resident(CharSequence digits, int constant) {
        int sum = weighted(digits, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5);
        return (constant - sum % 11) % 10 == at(digits, 12);
    }

    /// Weights 1, 3, 7, 1, 3, 7, 1, 3, 5 and the tens of the last product; the sum and the last digit
    /// make a multiple of ten.
    static boolean business(CharSequence digits) {
        int sum = weighted(digits, 1, 3, 7, 1, 3, 7, 1, 3, 5) + 5 * at(digits, 8) / 10;
        return (sum + at(digits, 9)) % 10 == 0;
    }

    /// Weights 9 to 2, mod 11, is the ninth digit.
    static boolean tin(CharSequence digits) {
        return weighted(digits, 9, 8, 7, 6, 5, 4, 3, 2) % 11 == at(digits, 8);
    }

    /// The sum of the first digits, each times its weight.
    static int weighted(CharSequence digits, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) sum += weights[i] * at(digits, i);
        return sum;
    }

    /// The digits of `[from, to)` as a number, at most nine.
    static int number(CharSequence digits, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) number = 10 * number + at(digits, i);
        return number;
    }

    static int at(CharSequence characters, int index) {
        return Shape.value(characters.charAt(index));
    }

    private static int crossSum(int product) {
        return product / 10 + product % 10;
    }
}
