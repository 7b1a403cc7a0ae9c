package org.diwan.base;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// JSON with exactly one spelling for each value (RFC 8785, JSON Canonicalization Scheme), so that
/// a digest of the text is a digest of the value.
///
/// Values are the JDK's own: `Map<String, ?>`, `List<?>`, `String`, `Boolean`, `Integer`, `Long`,
/// `Double`, `Float` and null. A `Long` beyond ±2^53 is refused, because a JavaScript verifier
/// would silently round it: write it as a string. A `Float` is written as the shortest decimal that
/// reads back as that float (`0.7`, not `0.699999988079071`).
///
/// ```
/// {"b": 1.0, "a": "€\n"}   becomes   {"a":"€\n","b":1}
/// ```
public final class CanonicalJson {
    /// Deepest nesting that is written; deeper input is a mistake or an attack.
    public static final int MAX_DEPTH = 64;

    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    private CanonicalJson() {}

    /// The canonical text of `value` in UTF-8.
    ///
    /// @throws IllegalArgumentException naming the value: a type not listed above, NaN, an infinity,
    ///     a lone surrogate, an integer beyond ±(2^53 − 1), or nesting deeper than [#MAX_DEPTH]
    public static byte[] bytes(@Nullable Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /// The canonical text of `value`; see [#bytes(Object)].
    public static String text(@Nullable Object value) {
        var out = new StringBuilder();
        write(value, out, 0);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out, int depth) {
        if (depth > MAX_DEPTH) throw new IllegalArgumentException("JSON nested deeper than " + MAX_DEPTH);
        switch (value) {
            case null -> out.append("null");
            case Boolean b -> out.append(b.booleanValue());
            case String s -> string(s, out);
            case Integer i -> out.append(i.intValue());
            case Long l -> out.append(safe(l));
            case Float f -> number(decimal(f), out);
            case Double d -> number(decimal(d), out);
            case Map<?, ?> map -> object(map, out, depth);
            case List<?> list -> array(list, out, depth);
            default ->
                throw new IllegalArgumentException(
                        "not a JSON value: " + value.getClass().getName());
        }
    }

    /// Keys in the order of their UTF-16 code units (RFC 8785 §3.2.3): the order of `String`.
    private static void object(Map<?, ?> map, StringBuilder out, int depth) {
        var sorted = new TreeMap<String, @Nullable Object>();
        map.forEach((key, member) -> sorted.put((String) key, member));
        out.append('{');
        String separator = "";
        for (var entry : sorted.entrySet()) {
            out.append(separator);
            string(entry.getKey(), out);
            out.append(':');
            write(entry.getValue(), out, depth + 1);
            separator = ",";
        }
        out.append('}');
    }

    private static void array(List<?> list, StringBuilder out, int depth) {
        out.append('[');
        String separator = "";
        for (Object element : list) {
            out.append(separator);
            write(element, out, depth + 1);
            separator = ",";
        }
        out.append(']');
    }

    private static long safe(long value) {
        if (Math.abs(value) > MAX_SAFE_INTEGER)
            throw new IllegalArgumentException("integer " + value + " is beyond ±(2^53 − 1); write it as a string");
        return value;
    }

    /// The shortest decimal that reads back as the number. `toString` (since JDK 19) gives that, but
    /// never fewer than two digits: 4.9E-324, where ECMAScript says 5e-324.
    private static BigDecimal decimal(Number number) {
        if (!Double.isFinite(number.doubleValue())) throw new IllegalArgumentException("not a JSON number: " + number);
        var shortest = new BigDecimal(number.toString()).stripTrailingZeros();
        if (shortest.precision() != 2) return shortest;
        var oneDigit = shortest.round(new MathContext(1));
        boolean same =
                number instanceof Float f ? oneDigit.floatValue() == f : oneDigit.doubleValue() == number.doubleValue();
        return same ? oneDigit : shortest;
    }

    /// ECMAScript's `Number::toString` (ECMA-262 §6.1.6.1.20), which RFC 8785 §3.2.2.3 prescribes:
    /// with k digits and the decimal point after the n-th, plain for −6 < n ≤ 21, else scientific.
    private static void number(BigDecimal decimal, StringBuilder out) {
        if (decimal.signum() == 0) {
            out.append('0');
            return;
        }
        if (decimal.signum() < 0) out.append('-');
        String digits = decimal.unscaledValue().abs().toString();
        int k = digits.length();
        int n = k - decimal.scale();
        if (n > 21 || n <= -6) {
            out.append(digits.charAt(0));
            if (k > 1) out.append('.').append(digits, 1, k);
            out.append('e').append(n > 0 ? "+" : "").append(n - 1);
        } else if (n >= k) {
            out.append(digits).append("0".repeat(n - k));
        } else if (n > 0) {
            out.append(digits, 0, n).append('.').append(digits, n, k);
        } else {
            out.append("0.").append("0".repeat(-n)).append(digits);
        }
    }

    /// The escapes of RFC 8785 §3.2.2.2 and no others.
    private static void string(String s, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) out.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
                    else if (Character.isHighSurrogate(c)
                            && i + 1 < s.length()
                            && Character.isLowSurrogate(s.charAt(i + 1)))
                        out.append(c).append(s.charAt(++i));
                    else if (Character.isSurrogate(c))
                        throw new IllegalArgumentException("lone surrogate at index " + i + "; not valid Unicode");
                    else out.append(c);
                }
            }
        }
        out.append('"');
    }
}
