package org.diwan.sovereignty.classify;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneNumberDesc;
import com.google.i18n.phonenumbers.metadata.DefaultMetadataDependenciesProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The numbering plan of one region: which digits are a telephone number there, and of what kind.
///
/// The plans are libphonenumber's. Its own `parse` reads whatever people write, extensions and letters
/// too, with a dozen regular expressions, in some 6 µs for each number and plan; [PhoneFinder] has
/// isolated the digits already, so what is left is to take the prefixes off and to match the plan. The
/// steps are those of `PhoneNumberUtil.parse`, `isValidNumberForRegion` and `getNumberType` in 9.0, and
/// the tests hold every answer against these.
final class PhonePlan {
    /// Digits behind the country code (ITU-T E.164 allows 15; libphonenumber knows longer German ones).
    private static final int MAX_NATIONAL = 17;

    private static final int MIN_NATIONAL = 2;
    private static final int MAX_COUNTRY_CODE = 3;

    private static final PhoneNumberUtil REGIONS = PhoneNumberUtil.getInstance();
    private static final Map<String, PhonePlan> PLANS = new ConcurrentHashMap<>();

    /// Regions of each country code, the main one first; as many codes as ITU-T E.164 has.
    private static final Map<Integer, List<String>> BY_CODE = new ConcurrentHashMap<>();

    /// Numbers of one kind.
    ///
    /// @param lengths a bit for each number of digits
    private record Numbers(PhoneNumberType type, long lengths, Pattern pattern) {
        static Numbers of(PhoneNumberType type, PhoneNumberDesc described) {
            long lengths = described.getPossibleLengthCount() == 0 ? -1 : bits(described.getPossibleLengthList());
            return new Numbers(type, lengths, Pattern.compile(described.getNationalNumberPattern()));
        }

        boolean has(String national) {
            return (lengths >> national.length() & 1) != 0 && fits(national);
        }

        boolean fits(String national) {
            return pattern.matcher(national).matches();
        }
    }

    private final int code;
    private final Numbers all;
    private final Numbers fixed;
    private final Numbers mobile;

    /// What is neither, in the order in which libphonenumber asks.
    private final List<Numbers> others;

    private final boolean alike;
    private final long localLengths;
    private final @Nullable Pattern leading;
    private final @Nullable Pattern abroad;
    private final @Nullable Pattern prefix;
    private final String transform;

    private PhonePlan(PhoneMetadata plan) {
        code = plan.getCountryCode();
        all = Numbers.of(PhoneNumberType.UNKNOWN, plan.getGeneralDesc());
        fixed = Numbers.of(PhoneNumberType.FIXED_LINE, plan.getFixedLine());
        mobile = Numbers.of(PhoneNumberType.MOBILE, plan.getMobile());
        others = List.of(
                Numbers.of(PhoneNumberType.PREMIUM_RATE, plan.getPremiumRate()),
                Numbers.of(PhoneNumberType.TOLL_FREE, plan.getTollFree()),
                Numbers.of(PhoneNumberType.SHARED_COST, plan.getSharedCost()),
                Numbers.of(PhoneNumberType.VOIP, plan.getVoip()),
                Numbers.of(PhoneNumberType.PERSONAL_NUMBER, plan.getPersonalNumber()),
                Numbers.of(PhoneNumberType.PAGER, plan.getPager()),
                Numbers.of(PhoneNumberType.UAN, plan.getUan()),
                Numbers.of(PhoneNumberType.VOICEMAIL, plan.getVoicemail()));
        alike = plan.getSameMobileAndFixedLinePattern();
        localLengths = bits(plan.getGeneralDesc().getPossibleLengthLocalOnlyList());
        leading = plan.hasLeadingDigits() ? Pattern.compile(plan.getLeadingDigits()) : null;
        abroad = pattern(plan.getInternationalPrefix());
        prefix = pattern(plan.getNationalPrefixForParsing());
        transform = plan.getNationalPrefixTransformRule();
    }

    private static @Nullable Pattern pattern(String expression) {
        return expression.isEmpty() ? null : Pattern.compile(expression);
    }

    /// −1 stands for a kind that the region does not have.
    private static long bits(List<Integer> lengths) {
        long bits = 0;
        for (int length : lengths) if (length >= 0) bits |= 1L << length;
        return bits;
    }

    /// The plan of `region`, ISO 3166-1 in upper case.
    static PhonePlan of(String region) {
        return PLANS.computeIfAbsent(
                region,
                name -> new PhonePlan(DefaultMetadataDependenciesProvider.getInstance()
                        .getPhoneNumberMetadataSource()
                        .getMetadataForRegion(name)));
    }

    private static PhonePlan of(int code, String region) {
        if (!region.equals(PhoneNumberUtil.REGION_CODE_FOR_NON_GEO_ENTITY)) return of(region);
        return PLANS.computeIfAbsent(
                region + code,
                name -> new PhonePlan(DefaultMetadataDependenciesProvider.getInstance()
                        .getPhoneNumberMetadataSource()
                        .getMetadataForNonGeographicalRegion(code)));
    }

    private static List<String> regions(int code) {
        return BY_CODE.computeIfAbsent(code, REGIONS::getRegionCodesForCountryCode);
    }

    /// The kind of the number that one dials as `digits` inside this region, or null if the region has
    /// no such number.
    @Nullable
    PhoneNumberType dialled(String digits) {
        int exit = exitPrefix(digits);
        String national = exit > 0 ? withoutCode(digits.substring(exit), code) : atHome(digits);
        if (national == null || type(national) == null) return null;
        var type = international(code, national);
        return type == null ? PhoneNumberType.UNKNOWN : type; // a neighbour's by its first digits
    }

    /// The kind of the number with country code, without `+`; null if there is none.
    static @Nullable PhoneNumberType international(String digits) {
        int code = countryCode(digits);
        String national = code == 0 ? null : withoutCode(digits, code);
        return national == null ? null : international(code, national);
    }

    /// By the plan of the region, among those that share the country code, which has the number.
    private static @Nullable PhoneNumberType international(int code, String national) {
        var regions = regions(code);
        if (regions.size() == 1) return of(code, regions.getFirst()).type(national);
        for (String region : regions) {
            var plan = of(code, region);
            if (plan.leading == null) {
                var type = plan.type(national);
                if (type != null) return type;
            } else if (plan.leading.matcher(national).lookingAt()) {
                return plan.type(national);
            }
        }
        return null;
    }

    /// One past the digits that lead abroad, such as `00`, or 0 if there are none.
    private int exitPrefix(String digits) {
        if (abroad == null) return 0;
        var matcher = abroad.matcher(digits);
        if (!matcher.lookingAt()) return 0;
        int end = matcher.end();
        return end < digits.length() && digits.charAt(end) == '0' ? 0 : end;
    }

    /// What stands behind the country code if that is `code`, without national prefix.
    private static @Nullable String withoutCode(String digits, int code) {
        if (digits.length() <= MIN_NATIONAL || countryCode(digits) != code) return null;
        String national = digits.substring(String.valueOf(code).length());
        return of(code, regions(code).getFirst()).significant(national);
    }

    /// The country code at the front, 0 if there is none; no code is the beginning of another.
    private static int countryCode(String digits) {
        if (digits.startsWith("0")) return 0;
        for (int length = 1; length <= MAX_COUNTRY_CODE && length <= digits.length(); length++) {
            int code = Integer.parseInt(digits, 0, length, 10);
            if (!regions(code).isEmpty()) return code;
        }
        return 0;
    }

    /// The national number, whether or not its country code is written without `+`.
    private @Nullable String atHome(String digits) {
        String own = String.valueOf(code);
        if (digits.startsWith(own)) {
            String rest = withoutPrefix(digits.substring(own.length()));
            if ((!all.fits(digits) && all.fits(rest)) || tooLong(digits))
                return of(code, regions(code).getFirst()).significant(rest);
        }
        return significant(digits);
    }

    private @Nullable String significant(String national) {
        if (national.length() < MIN_NATIONAL) return null;
        String rest = withoutPrefix(national);
        String number = possible(rest.length()) || tooLong(rest) ? rest : national;
        return number.length() < MIN_NATIONAL || number.length() > MAX_NATIONAL ? null : number;
    }

    private boolean possible(int length) {
        return (localLengths >> length & 1) == 0 && (all.lengths >> length & 1) != 0;
    }

    private boolean tooLong(String digits) {
        return digits.length() > Long.SIZE - 1 - Long.numberOfLeadingZeros(all.lengths)
                && (localLengths >> digits.length() & 1) == 0;
    }

    /// Takes off the prefix for calls inside the region, unless what is left is worse.
    private String withoutPrefix(String number) {
        if (prefix == null) return number;
        var matcher = prefix.matcher(number);
        if (number.isEmpty() || !matcher.lookingAt()) return number;
        String rest = transforms(matcher) ? matcher.replaceFirst(transform) : number.substring(matcher.end());
        return all.fits(number) && !all.fits(rest) ? number : rest;
    }

    private boolean transforms(Matcher matcher) {
        return !transform.isEmpty() && matcher.group(matcher.groupCount()) != null;
    }

    /// The kind of a national number without prefix, null if there is none such.
    private @Nullable PhoneNumberType type(String national) {
        if (!all.has(national)) return null;
        for (var numbers : others) if (numbers.has(national)) return numbers.type;
        boolean isFixed = fixed.has(national);
        boolean isMobile = alike ? isFixed : mobile.has(national);
        if (isFixed && isMobile) return PhoneNumberType.FIXED_LINE_OR_MOBILE;
        return isFixed ? PhoneNumberType.FIXED_LINE : isMobile ? PhoneNumberType.MOBILE : null;
    }
}
