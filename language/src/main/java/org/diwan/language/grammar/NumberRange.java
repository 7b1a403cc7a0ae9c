package org.diwan.language.grammar;

import static org.diwan.language.grammar.Expression.any;
import static org.diwan.language.grammar.Expression.optional;
import static org.diwan.language.grammar.Expression.range;
import static org.diwan.language.grammar.Expression.sequence;
import static org.diwan.language.grammar.Expression.some;
import static org.diwan.language.grammar.Expression.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.Repeat;
import org.jspecify.annotations.Nullable;

/// The decimal numbers within bounds, as expressions, exactly: digit by digit, as long as the digits
/// so far are those of a bound, the next is held by it.
///
/// Integers have no leading zeros and no `-0`. Other numbers are written without exponent, and zero
/// without sign; zeros may follow a fraction.
final class NumberRange {
    /// A bound, whether it is itself allowed or not.
    record Bound(BigDecimal value, boolean inclusive) {}

    private static final Expression DIGIT = range('0', '9');
    private static final Expression ANY_FRACTION = optional(sequence(text("."), some(DIGIT)));
    private static final Bound ZERO = new Bound(BigDecimal.ZERO, true);

    /// Most digits of a bound, before or after the point.
    static final int MAX_DIGITS = 400;

    private NumberRange() {}

    /// Integers from `low` to `high`; null is no bound.
    static Expression integers(@Nullable Bound low, @Nullable Bound high) {
        BigInteger least = low == null ? null : round(low, RoundingMode.CEILING, BigInteger.ONE);
        BigInteger most = high == null ? null : round(high, RoundingMode.FLOOR, BigInteger.ONE.negate());
        var branches = new ArrayList<Expression>();
        BigInteger one = BigInteger.ONE;
        if (least == null || least.signum() < 0) {
            BigInteger from = most == null || most.signum() >= 0 ? one : most.negate();
            branches.add(sequence(text("-"), naturals(from, least == null ? null : least.negate())));
        }
        if (most == null || most.signum() >= 0)
            branches.add(naturals(least == null || least.signum() < 0 ? BigInteger.ZERO : least, most));
        return new Choice(branches);
    }

    private static BigInteger round(Bound bound, RoundingMode mode, BigInteger step) {
        BigInteger whole = bound.value.setScale(0, mode).toBigInteger();
        boolean excluded = !bound.inclusive && new BigDecimal(whole).compareTo(bound.value) == 0;
        return excluded ? whole.add(step) : whole;
    }

    /// Numbers without sign from `low` to `high`, one length after the other.
    private static Expression naturals(BigInteger low, @Nullable BigInteger high) {
        var branches = new ArrayList<Expression>();
        String from = low.toString();
        if (high == null) {
            branches.add(sameLength(from, "9".repeat(from.length()), 0));
            Expression more = new Repeat(DIGIT, from.length(), Expression.UNBOUNDED);
            branches.add(sequence(range('1', '9'), more));
            return new Choice(branches);
        }
        if (low.compareTo(high) > 0) return new Choice(List.of());
        String to = high.toString();
        if (from.length() == to.length()) return sameLength(from, to, 0);
        branches.add(sameLength(from, "9".repeat(from.length()), 0));
        if (from.length() + 1 < to.length())
            branches.add(sequence(range('1', '9'), new Repeat(DIGIT, from.length(), to.length() - 2)));
        branches.add(sameLength("1" + "0".repeat(to.length() - 1), to, 0));
        return new Choice(branches);
    }

    /// Digits from `low` to `high`, which are of one length and alike before `at`.
    private static Expression sameLength(String low, String high, int at) {
        if (at == low.length()) return Expression.EMPTY;
        char first = low.charAt(at);
        char last = high.charAt(at);
        if (first == last) return sequence(range(first, first), sameLength(low, high, at + 1));
        int rest = low.length() - at - 1;
        String zeros = "0".repeat(rest);
        String nines = "9".repeat(rest);
        // A bound that holds nothing after this digit needs no branch of its own: else branches double.
        boolean fromStart = low.endsWith(zeros);
        boolean toEnd = high.endsWith(nines);
        char from = (char) (fromStart ? first : first + 1);
        char to = (char) (toEnd ? last : last - 1);
        var branches = new ArrayList<Expression>();
        if (!fromStart)
            branches.add(sequence(range(first, first), sameLength(low, low.substring(0, at + 1) + nines, at + 1)));
        if (from <= to) branches.add(sequence(range(from, to), new Repeat(DIGIT, rest, rest)));
        if (!toEnd)
            branches.add(sequence(range(last, last), sameLength(high.substring(0, at + 1) + zeros, high, at + 1)));
        return new Choice(branches);
    }

    /// Numbers, whole or not, from `low` to `high`; null is no bound.
    static Expression numbers(@Nullable Bound low, @Nullable Bound high) {
        var branches = new ArrayList<Expression>();
        Bound aboveZero = new Bound(BigDecimal.ZERO, false);
        if (low == null || low.value.signum() < 0) {
            Bound from = high == null || high.value.signum() >= 0 ? aboveZero : negated(high);
            branches.add(sequence(text("-"), magnitudes(from, low == null ? null : negated(low))));
        }
        if (high == null || high.value.signum() >= 0)
            branches.add(magnitudes(low == null || low.value.signum() < 0 ? ZERO : low, high));
        return new Choice(branches);
    }

    private static Bound negated(Bound bound) {
        return new Bound(bound.value.negate(), bound.inclusive);
    }

    private static Expression magnitudes(Bound low, @Nullable Bound high) {
        BigInteger from = low.value.toBigInteger();
        var branches = new ArrayList<Expression>();
        if (high == null) {
            branches.add(sequence(text(from.toString()), fraction(low, null)));
            branches.add(sequence(naturals(from.add(BigInteger.ONE), null), ANY_FRACTION));
            return new Choice(branches);
        }
        BigInteger to = high.value.toBigInteger();
        int order = from.compareTo(to);
        if (order > 0) return new Choice(List.of());
        if (order == 0) return sequence(text(from.toString()), fraction(low, high));
        branches.add(sequence(text(from.toString()), fraction(low, null)));
        branches.add(sequence(naturals(from.add(BigInteger.ONE), to.subtract(BigInteger.ONE)), ANY_FRACTION));
        branches.add(sequence(text(to.toString()), fraction(null, high)));
        return new Choice(branches);
    }

    /// What may follow the whole part that is that of the bounds given: nothing, or a point and
    /// digits.
    private static Expression fraction(@Nullable Bound low, @Nullable Bound high) {
        var fraction = new Fraction(low, high);
        var branches = new ArrayList<Expression>();
        if (fraction.mayEnd(0, low != null, high != null)) branches.add(Expression.EMPTY);
        branches.add(sequence(text("."), fraction.digits(0, low != null, high != null)));
        return new Choice(branches);
    }

    /// Digits after the point, between those of two bounds.
    private static final class Fraction {
        final @Nullable Bound low;
        final @Nullable Bound high;
        final String lowDigits;
        final String highDigits;

        Fraction(@Nullable Bound low, @Nullable Bound high) {
            this.low = low;
            this.high = high;
            lowDigits = low == null ? "" : fractionDigits(low);
            highDigits = high == null ? "" : fractionDigits(high);
        }

        private static String fractionDigits(Bound bound) {
            String plain = bound.value.abs().stripTrailingZeros().toPlainString();
            int point = plain.indexOf('.');
            return point < 0 ? "" : plain.substring(point + 1);
        }

        private static char digit(String digits, int at) {
            return at < digits.length() ? digits.charAt(at) : '0';
        }

        /// Whether `at` digits are enough.
        ///
        /// @param onLow whether all digits so far are those of the lower bound
        boolean mayEnd(int at, boolean onLow, boolean onHigh) {
            if (onLow && low != null && (at < lowDigits.length() || !low.inclusive)) return false;
            return !onHigh || high == null || at < highDigits.length() || high.inclusive;
        }

        /// The digits from `at` on, at least one if `at` is 0.
        Expression digits(int at, boolean onLow, boolean onHigh) {
            if (!onLow && !onHigh) return at == 0 ? some(DIGIT) : any(DIGIT);
            if (at > 0 && at >= lowDigits.length() && at >= highDigits.length()) return tail(onLow, onHigh);
            char first = onLow ? digit(lowDigits, at) : '0';
            char last = onHigh ? digit(highDigits, at) : '9';
            var branches = new ArrayList<Expression>();
            if (at > 0 && mayEnd(at, onLow, onHigh)) branches.add(Expression.EMPTY);
            if (first == last) branches.add(sequence(range(first, first), digits(at + 1, onLow, onHigh)));
            if (first < last) {
                branches.add(sequence(range(first, first), digits(at + 1, onLow, false)));
                if (first + 1 < last) branches.add(sequence(range(first + 1, last - 1), any(DIGIT)));
                branches.add(sequence(range(last, last), digits(at + 1, false, onHigh)));
            }
            return new Choice(branches);
        }

        /// What may follow when all digits of the bounds have been written.
        private Expression tail(boolean onLow, boolean onHigh) {
            Expression zeros = any(text("0"));
            boolean highEnds = high != null && high.inclusive;
            if (onHigh) return highEnds && (!onLow || (low != null && low.inclusive)) ? zeros : new Choice(List.of());
            return low != null && low.inclusive ? any(DIGIT) : sequence(zeros, range('1', '9'), any(DIGIT));
        }
    }
}
