package org.diwan.sovereignty.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The arithmetic that tells most mistyped numbers from real ones. A pack picks one by its label,
/// such as `steuer-id`. How each is computed is told in [CheckDigits].
public enum Checksum {
    /// No check digit: the shape alone says little, and only a context word makes it a find.
    NONE,
    /// ISO/IEC 7812-1 annex B.
    LUHN,
    /// ISO 13616 with ISO/IEC 7064 MOD 97-10: an IBAN.
    MOD97,
    /// [#LUHN], and the first digits are an issuer's (ISO/IEC 7812-1).
    CARD,
    /// Weights 7, 3, 1 as in ICAO Doc 9303-3 section 4.9: the serial numbers of travel documents.
    DOCUMENT,
    /// German tax number of a person: ISO/IEC 7064 MOD 11,10 and at most one digit that repeats.
    STEUER_ID,
    /// German pension insurance number: birthday and cross sums.
    RVNR,
    /// German health insurance number: Luhn over the letter's two digits.
    KVNR,
    /// Korean resident registration number. Those issued since October 2020 have no check digit, so
    /// a wrong one only makes it less sure; a birthday that no calendar has rejects it.
    RRN,
    /// Korean registration number of a foreigner; as [#RRN] with another constant.
    ARN,
    /// Korean business registration number.
    BRN,
    /// Philippine taxpayer number. The arithmetic is not official, so a wrong digit only makes it
    /// less sure.
    TIN,
    /// VAT number of a Member State, by the country code in front. Where a state has kinds of
    /// numbers whose arithmetic is not here, those are only less sure.
    EU_VAT;

    /// How sure the form alone makes that `characters`, digits and letters without separators, are
    /// such a number, in [0, 1): 0 if they are none. It follows from how many random numbers pass:
    /// one in ten 0.6, one in a hundred 0.8 to 0.9, all of them 0.3.
    public double certainty(CharSequence characters) {
        return switch (this) {
            case NONE -> 0.3;
            case LUHN -> CheckDigits.luhn(characters) ? 0.6 : 0;
            case MOD97 -> CheckDigits.iban(characters) ? 0.9 : 0;
            case CARD -> CheckDigits.luhn(characters) && CheckDigits.isIssuer(characters) ? 0.7 : 0;
            case DOCUMENT -> CheckDigits.document(characters) ? 0.6 : 0;
            case STEUER_ID -> CheckDigits.steuerId(characters) ? 0.8 : 0;
            case RVNR -> CheckDigits.rvnr(characters) ? 0.8 : 0;
            case KVNR -> CheckDigits.kvnr(characters) ? 0.6 : 0;
            case RRN -> CheckDigits.isBirthday(characters) ? CheckDigits.resident(characters, 11) ? 0.8 : 0.5 : 0;
            case ARN -> CheckDigits.isBirthday(characters) ? CheckDigits.resident(characters, 13) ? 0.8 : 0.5 : 0;
            case BRN -> CheckDigits.business(characters) ? 0.6 : 0;
            case TIN -> CheckDigits.tin(characters) ? 0.6 : 0.3;
            case EU_VAT ->
                switch (VatNumbers.check(characters)) {
                    case RIGHT -> 0.7;
                    case WRONG -> 0;
                    case UNKNOWN -> 0.3;
                };
        };
    }

    /// True if some characters of the right shape are no such number.
    public boolean rejects() {
        return this != NONE && this != TIN;
    }

    /// The name as packs write it.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Checksum of(String label) {
        for (var checksum : values()) if (checksum.label().equals(label)) return checksum;
        throw new IllegalArgumentException("checksum '" + label + "' must be one of "
                + Arrays.stream(values()).map(Checksum::label).collect(Collectors.joining(", ")));
    }
}
