package org.diwan.language.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.diwan.language.template.Expression.Operator;

/// Python's operators on template values. Integers have 64 bits here: what would overflow is
/// refused, never wrapped.
final class Arithmetic {
    private Arithmetic() {}

    static Object negate(Object value) {
        if (value instanceof Double number) return -number;
        return exactly(() -> Math.negateExact(Values.integer(value)));
    }

    static Object compute(Operator operator, Object left, Object right) {
        if (operator == Operator.CONCATENATE) return Values.string(left).plus(Values.string(right));
        if (left instanceof Undefined undefined) throw undefined.problem();
        if (right instanceof Undefined undefined) throw undefined.problem();
        if (operator == Operator.ADD && left instanceof Text a && right instanceof Text b) return a.plus(b);
        if (operator == Operator.ADD && left instanceof List<?> a && right instanceof List<?> b) {
            if (a.size() + b.size() > Limits.MAX_ELEMENTS)
                throw new Problem("list of more than " + Limits.MAX_ELEMENTS + " elements");
            var both = new ArrayList<Object>(a);
            both.addAll(b);
            return both;
        }
        if (operator == Operator.MULTIPLY && left instanceof Text text && right instanceof Long count)
            return repeat(text, count);
        if (!Values.isNumber(left) || !Values.isNumber(right))
            throw new Problem("cannot compute " + operator.name().toLowerCase(Locale.ROOT) + " of " + Values.type(left)
                    + " and " + Values.type(right));
        boolean real = left instanceof Double || right instanceof Double || operator == Operator.DIVIDE;
        return real
                ? real(operator, Values.real(left), Values.real(right))
                : integer(operator, Values.integer(left), Values.integer(right));
    }

    private static Text repeat(Text text, long count) {
        long times = Math.max(0, count);
        if (text.length() != 0 && times > Limits.MAX_TEXT / text.length())
            throw new Problem("a string repeated " + count + " times is longer than " + Limits.MAX_TEXT);
        int exact = text.length() == 0 ? 0 : (int) times;
        return new Text(text.value().repeat(exact), text.marks().repeat(exact));
    }

    private static Object integer(Operator operator, long a, long b) {
        boolean divides = operator == Operator.FLOOR_DIVIDE || operator == Operator.MODULO;
        if (divides && b == 0) throw new Problem("division by zero");
        return exactly(() -> switch (operator) {
            case ADD -> Math.addExact(a, b);
            case SUBTRACT -> Math.subtractExact(a, b);
            case MULTIPLY -> Math.multiplyExact(a, b);
            case FLOOR_DIVIDE -> Math.floorDivExact(a, b);
            case MODULO -> Math.floorMod(a, b);
            case POWER -> power(a, b);
            case DIVIDE, CONCATENATE -> throw new AssertionError("handled by the caller");
        });
    }

    private static Object power(long a, long b) {
        if (b < 0) return StrictMath.pow((double) a, (double) b);
        long result = 1;
        // At most 63 rounds change a base beyond ±1 before it overflows and ends this.
        if (a == 0 || a == 1) return b == 0 ? 1L : a;
        if (a == -1) return b % 2 == 0 ? 1L : -1L;
        for (long i = 0; i < b; i++) result = Math.multiplyExact(result, a);
        return result;
    }

    private static Object real(Operator operator, double a, double b) {
        boolean divides =
                operator == Operator.DIVIDE || operator == Operator.FLOOR_DIVIDE || operator == Operator.MODULO;
        if (divides && b == 0) throw new Problem("division by zero");
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case FLOOR_DIVIDE -> Math.floor(a / b);
            case MODULO -> a - b * Math.floor(a / b);
            case POWER -> StrictMath.pow(a, b);
            case CONCATENATE -> throw new AssertionError("handled by the caller");
        };
    }

    private interface Computation {
        Object run();
    }

    private static Object exactly(Computation computation) {
        try {
            return computation.run();
        } catch (ArithmeticException e) {
            throw new Problem("integer result has more than 64 bits");
        }
    }
}
