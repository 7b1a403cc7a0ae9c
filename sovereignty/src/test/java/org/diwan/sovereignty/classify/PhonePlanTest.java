package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The oracle is libphonenumber itself, with its own parser: on the example of each kind in every
/// region, and on digits at random.
class PhonePlanTest {
    private static final PhoneNumberUtil ORACLE = PhoneNumberUtil.getInstance();
    private static final List<String> REGIONS = List.copyOf(ORACLE.getSupportedRegions());
    private static final List<Integer> CODES = List.copyOf(ORACLE.getSupportedCallingCodes());

    @Test
    void everyExampleHasItsKind() {
        int examples = 0;
        for (String region : REGIONS)
            for (var type : PhoneNumberType.values()) {
                var example = ORACLE.getExampleNumberForType(region, type);
                if (example == null) continue;
                same(digits(ORACLE.format(example, PhoneNumberFormat.NATIONAL)), region);
                sameAbroad(digits(ORACLE.format(example, PhoneNumberFormat.E164)));
                examples++;
            }
        assertTrue(examples > 1_000, "only " + examples + " examples");
    }

    @Test
    void randomDigitsAreJudgedAlike() {
        Seeded.forAll(20_000, random -> {
            String digits = one(List.of("", "", "0", "00", "06", "8", "011"), random)
                    + (random.nextBoolean() ? one(CODES, random) : "")
                    + one(List.of("", "", "0", "1", "15", "549"), random)
                    + Numbers.digits(random.nextInt(15), random);
            same(digits, one(REGIONS, random));
            sameAbroad(digits);
        });
    }

    /// Near a number that there is: a digit more, less or another.
    @Test
    void neighboursOfExamplesAreJudgedAlike() {
        Seeded.forAll(20_000, random -> {
            String region = one(REGIONS, random);
            var example = ORACLE.getExampleNumberForType(region, one(List.of(PhoneNumberType.values()), random));
            if (example == null) return;
            var format = random.nextBoolean() ? PhoneNumberFormat.NATIONAL : PhoneNumberFormat.E164;
            var digits = new StringBuilder(digits(ORACLE.format(example, format)));
            int place = random.nextInt(digits.length());
            switch (random.nextInt(3)) {
                case 0 -> digits.deleteCharAt(place);
                case 1 -> digits.insert(place, random.nextInt(10));
                default -> digits.setCharAt(place, (char) ('0' + random.nextInt(10)));
            }
            same(digits.toString(), region);
            sameAbroad(digits.toString());
        });
    }

    private static void same(String digits, String region) {
        assertEquals(dialled(digits, region), PhonePlan.of(region).dialled(digits), digits + " in " + region);
    }

    private static void sameAbroad(String digits) {
        assertEquals(abroad(digits), PhonePlan.international(digits), "+" + digits);
    }

    private static @Nullable PhoneNumberType dialled(String digits, String region) {
        try {
            var number = ORACLE.parse(digits, region);
            return ORACLE.isValidNumberForRegion(number, region) ? ORACLE.getNumberType(number) : null;
        } catch (NumberParseException e) {
            return null;
        }
    }

    private static @Nullable PhoneNumberType abroad(String digits) {
        try {
            var number = ORACLE.parse("+" + digits, "ZZ");
            return ORACLE.isValidNumber(number) ? ORACLE.getNumberType(number) : null;
        } catch (NumberParseException e) {
            return null;
        }
    }

    private static String digits(String written) {
        return written.replaceAll("[^0-9]", "");
    }

    private static <T> T one(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
