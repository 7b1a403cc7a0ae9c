package org.diwan.sovereignty.policy;

import static org.diwan.sovereignty.policy.CheckDigits.at;
import static org.diwan.sovereignty.policy.CheckDigits.number;
import static org.diwan.sovereignty.policy.CheckDigits.weighted;

/// The check digits of VAT numbers in the Union, by the two letters in front (Greece writes EL). The
/// Commission publishes the forms (https://ec.europa.eu/taxation_customs/vies, FAQ 11), each state its
/// arithmetic; python-stdnum is what the tests hold this against.
final class VatNumbers {
    enum Result {
        RIGHT,
        WRONG,
        /// A kind of number whose arithmetic is not here.
        UNKNOWN
    }

    private static final String IRISH = "WABCDEFGHIJKLMNOPQRSTUV";
    private static final String SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";

    private VatNumbers() {}

    /// @param vat the country code and the number, of a shape that the state uses
    static Result check(CharSequence vat) {
        String country = vat.subSequence(0, 2).toString().toUpperCase(java.util.Locale.ROOT);
        var n = vat.subSequence(2, vat.length());
        int length = n.length();
        return switch (country) {
            case "AT" -> result((CheckDigits.luhnSum(n.subSequence(1, 8)) + at(n, 8)) % 10 == 6);
            case "BE" -> result((number(n, 0, 8) + number(n, 8, 10)) % 97 == 0);
            case "BG" -> length == 9 ? result(bulgarian(n)) : Result.UNKNOWN;
            case "CZ" ->
                length == 8 ? result(mod11(-weighted(n, 8, 7, 6, 5, 4, 3, 2), 0, 1) == at(n, 7)) : Result.UNKNOWN;
            case "CY" -> result(cypriot(n) == at(n, 8) - 10);
            case "DE", "HR" -> result(CheckDigits.mod11and10(n));
            case "DK" -> result(weighted(n, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0);
            case "EE" -> result(weighted(n, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0);
            case "EL" -> result(weighted(n, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 == at(n, 8));
            case "ES" -> spanish(n);
            case "FI" -> result(weighted(n, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0);
            case "FR" -> french(n);
            case "HU" -> result(weighted(n, 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0);
            case "IE" -> irish(n);
            case "IT" -> result(italianOffice(number(n, 7, 10)) && CheckDigits.luhn(n));
            case "LT" -> result(lithuanian(n));
            case "LU" -> result(number(n, 0, 6) % 89 == number(n, 6, 8));
            case "LV" ->
                at(n, 0) > 3 ? result(weighted(n, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3) : Result.UNKNOWN;
            case "MT" -> result(weighted(n, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0);
            case "NL" -> result(mod11(weighted(n, 9, 8, 7, 6, 5, 4, 3, 2), -1, -1) == at(n, 8) || dutchPerson(vat));
            case "PL" -> result(weighted(n, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == at(n, 9));
            case "PT" -> result(mod11(-weighted(n, 9, 8, 7, 6, 5, 4, 3, 2), 0, 0) == at(n, 8));
            case "RO" -> result(romanian(n));
            case "SE" -> result(CheckDigits.luhn(n.subSequence(0, 10)));
            case "SI" -> result(slovenian(n));
            case "SK" -> result(Long.parseLong(n.toString()) % 11 == 0);
            default -> Result.UNKNOWN;
        };
    }

    private static Result result(boolean right) {
        return right ? Result.RIGHT : Result.WRONG;
    }

    /// `sum` mod 11 from 0, with other values where a digit cannot hold it or may not be 0.
    private static int mod11(int sum, int ten, int zero) {
        int rest = Math.floorMod(sum, 11);
        return rest == 10 ? ten : rest == 0 && zero > 0 ? zero : rest;
    }

    private static boolean bulgarian(CharSequence n) {
        int rest = weighted(n, 1, 2, 3, 4, 5, 6, 7, 8) % 11;
        if (rest == 10) rest = weighted(n, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10;
        return rest == at(n, 8);
    }

    /// The place in the alphabet of the letter at the end.
    private static int cypriot(CharSequence n) {
        int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
        int sum = 0;
        for (int i = 0; i < 8; i++) sum += i % 2 == 0 ? odd[at(n, i)] : at(n, i);
        return sum % 26;
    }

    /// A citizen's DNI, a foreigner's NIE, or a company's, of which only the form is known here.
    private static Result spanish(CharSequence n) {
        char first = Character.toUpperCase(n.charAt(0));
        int lead = "XYZ".indexOf(first);
        if (at(n, 0) > 9 && lead < 0) return Result.UNKNOWN;
        int number = (lead < 0 ? at(n, 0) : lead) * 10_000_000 + number(n, 1, 8);
        return result(SPANISH.charAt(number % 23) == Character.toUpperCase(n.charAt(8)));
    }

    /// A SIREN (Luhn) behind a key that is computed from it, or one with letters, which is not here.
    private static Result french(CharSequence n) {
        if (at(n, 0) > 9 || at(n, 1) > 9) return Result.UNKNOWN;
        var siren = n.subSequence(2, 11);
        boolean keyed = Long.parseLong(siren + "12") % 97 == number(n, 0, 2);
        return result(keyed && (number(n, 2, 5) == 0 || CheckDigits.luhn(siren)));
    }

    private static Result irish(CharSequence n) {
        if (at(n, 1) > 9) return Result.UNKNOWN;
        int second = n.length() == 9 ? IRISH.indexOf(Character.toUpperCase(n.charAt(8))) : 0;
        if (second < 0) return Result.WRONG;
        int sum = weighted(n, 8, 7, 6, 5, 4, 3, 2) + 9 * second;
        return result(IRISH.charAt(sum % 23) == Character.toUpperCase(n.charAt(7)));
    }

    private static boolean italianOffice(int office) {
        return (office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999;
    }

    private static boolean lithuanian(CharSequence n) {
        int last = n.length() - 1;
        if (at(n, last - 1) != 1) return false;
        int first = 0;
        int second = 0;
        for (int i = 0; i < last; i++) {
            first += (1 + i % 9) * at(n, i);
            second += (1 + (i + 2) % 9) * at(n, i);
        }
        return (first % 11 == 10 ? second % 11 % 10 : first % 11) == at(n, last);
    }

    /// Persons in business since 2020: the whole number is MOD 97-10, letters counting 10 to 35.
    private static boolean dutchPerson(CharSequence vat) {
        int rest = 0;
        for (int i = 0; i < vat.length(); i++) rest = (at(vat, i) < 10 ? rest * 10 : rest * 100) % 97 + at(vat, i);
        return rest % 97 == 1;
    }

    /// Weights 7, 5, 3, 2, 1, 7, 5, 3, 2 against the end, ten times the sum mod 11.
    private static boolean romanian(CharSequence n) {
        int[] weights = {2, 3, 5, 7, 1, 2, 3, 5, 7};
        int sum = 0;
        for (int i = 0; i < n.length() - 1; i++) sum += weights[i] * at(n, n.length() - 2 - i);
        return 10 * sum % 11 % 10 == at(n, n.length() - 1);
    }

    private static boolean slovenian(CharSequence n) {
        int check = 11 - weighted(n, 8, 7, 6, 5, 4, 3, 2) % 11;
        return (check == 10 ? 0 : check) == at(n, 7);
    }
}
