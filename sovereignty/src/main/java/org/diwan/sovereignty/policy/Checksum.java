package org.diwan.sovereignty.policy;

import java.util.Locale;

/// The arithmetic that tells most mistyped numbers from real ones. A pack picks one by its label.
public enum Checksum {
    /// No check digit: the shape alone says little, and only a context word makes it a find.
    NONE,
    /// ISO/IEC 7812-1 annex B: from the right, every second digit doubled, cross sums, mod 10.
    LUHN,
    /// ISO 13616 with ISO/IEC 7064 MOD 97-10: the first four characters go to the end, letters
    /// count 10 to 35, and the number leaves 1 when divided by 97.
    MOD97;

    /// True if `characters`, digits and letters without separators, satisfy it.
    public boolean valid(CharSequence characters) {
        return switch (this) {
            case NONE -> true;
            case LUHN -> luhn(characters);
            case MOD97 -> mod97(characters);
        };
    }

    static Checksum of(String label) {
        for (var checksum : values())
            if (checksum.name().toLowerCase(Locale.ROOT).equals(label)) return checksum;
        throw new IllegalArgumentException("checksum '" + label + "' must be one of none, luhn, mod97");
    }

    private static boolean luhn(CharSequence digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Shape.value(digits.charAt(digits.length() - 1 - i));
            if (i % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    private static boolean mod97(CharSequence characters) {
        int rest = 0;
        for (int i = 0; i < characters.length(); i++) {
            int value = Shape.value(characters.charAt((i + 4) % characters.length()));
            rest = (value < 10 ? rest * 10 + value : rest * 100 + value) % 97;
        }
        return rest == 1;
    }
}
