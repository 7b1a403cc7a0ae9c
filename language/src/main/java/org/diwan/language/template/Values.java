package org.diwan.language.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How values behave: as Python's. A value is a [Text], `Long`, `Double`, `Boolean`, [None],
/// [Undefined], `List<Object>`, `Map<Object, Object>` in insertion order, [Namespace] or
/// [Callable]; nothing of these can be changed but a namespace.
final class Values {
    private Values() {}

    /// A value of the JDK's types as a template sees it; strings in it are as trusted as `trusted`.
    ///
    /// @throws IllegalArgumentException for a type that JSON does not have, or nesting deeper than
    ///     [Limits#MAX_DEPTH]
    static Object of(@Nullable Object value, boolean trusted) {
        return of(value, trusted, 0);
    }

    private static Object of(@Nullable Object value, boolean trusted, int depth) {
        if (depth > Limits.MAX_DEPTH)
            throw new IllegalArgumentException("template input nested deeper than " + Limits.MAX_DEPTH);
        return switch (value) {
            case null -> None.NONE;
            case Text text -> text;
            case String string -> trusted ? Text.trusted(string) : Text.untrusted(string);
            case Boolean flag -> flag;
            case Integer number -> (long) number;
            case Long number -> number;
            case Float number -> (double) number;
            case Double number -> number;
            case Callable function -> function;
            case List<?> list -> {
                var items = new ArrayList<Object>(list.size());
                for (Object item : list) items.add(of(item, trusted, depth + 1));
                yield items;
            }
            case Map<?, ?> map -> {
                var members = new LinkedHashMap<Object, Object>();
                map.forEach(
                        (key, member) -> members.put(key(of(key, trusted, depth + 1)), of(member, trusted, depth + 1)));
                yield members;
            }
            default ->
                throw new IllegalArgumentException(
                        "template input holds a " + value.getClass().getName());
        };
    }

    /// Python's name for the type, for messages.
    static String type(Object value) {
        return switch (value) {
            case Text t -> "a string";
            case Boolean b -> "a boolean";
            case Long n -> "an integer";
            case Double n -> "a float";
            case None n -> "none";
            case Undefined u -> "undefined";
            case List<?> l -> "a list";
            case Map<?, ?> m -> "a dictionary";
            case Namespace n -> "a namespace";
            default -> "a function";
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case Text text -> text.length() > 0;
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case None none -> false;
            case Undefined undefined -> false;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /// Python's `str(value)`. The text of anything but a string is untrusted: its digits and braces
    /// may come from the input.
    static Text string(Object value) {
        return switch (value) {
            case Text text -> text;
            case Undefined undefined -> Text.EMPTY;
            default -> Text.untrusted(repr(value));
        };
    }

    /// Python's `repr(value)`.
    static String repr(Object value) {
        var out = new StringBuilder();
        repr(value, out, new Walk());
        return out.toString();
    }

    private static void repr(Object value, StringBuilder out, Walk walk) {
        walk.enter();
        walk.written(out);
        switch (value) {
            case Text text -> out.append(quoted(text.value()));
            case Boolean flag -> out.append(flag ? "True" : "False");
            case Long number -> out.append(number.longValue());
            case Double number -> out.append(decimal(number));
            case None none -> out.append("None");
            case Undefined undefined -> out.append("Undefined");
            case List<?> list -> {
                out.append('[');
                String separator = "";
                for (Object item : list) {
                    repr(item, out.append(separator), walk);
                    separator = ", ";
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "";
                for (var entry : map.entrySet()) {
                    repr(entry.getKey(), out.append(separator), walk);
                    repr(entry.getValue(), out.append(": "), walk);
                    separator = ", ";
                }
                out.append('}');
            }
            default -> out.append('<').append(type(value)).append('>');
        }
        walk.leave();
    }

    /// Single quotes, or double ones where only single ones occur inside.
    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        var out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') out.append('\\').appendCodePoint(c);
            else if (c == '\n') out.append("\\n");
            else if (c == '\r') out.append("\\r");
            else if (c == '\t') out.append("\\t");
            else if (c < 0x20 || (c >= 0x7F && c < 0xA1) || c == 0xAD) out.append("\\x%02x".formatted(c));
            else out.appendCodePoint(c);
        });
        return out.append(quote).toString();
    }

    /// Python's `repr(float)`: the shortest decimal that reads back, plain for exponents in
    /// `[-4, 16)`.
    static String decimal(double number) {
        if (Double.isNaN(number)) return "nan";
        if (Double.isInfinite(number)) return number > 0 ? "inf" : "-inf";
        if (number == 0) return 1 / number < 0 ? "-0.0" : "0.0";
        var shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = shortest.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return "%s%c%s%s%02d"
                .formatted(
                        number < 0 ? "-" : "",
                        digits.charAt(0),
                        fraction + "e",
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    /// Python's `==`: numbers by value (and `True` is 1), all else by type and content.
    static boolean equal(Object a, Object b) {
        return equal(a, b, new Walk());
    }

    private static boolean equal(Object a, Object b, Walk walk) {
        walk.enter();
        boolean same;
        if (isNumber(a) && isNumber(b)) same = compareNumbers(a, b) == 0;
        else if (a instanceof List<?> x && b instanceof List<?> y) same = equalLists(x, y, walk);
        else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) same = equalMaps(x, y, walk);
        else if (a instanceof Text x && b instanceof Text y) same = x.equals(y);
        else same = a == b || (a instanceof Undefined && b instanceof Undefined);
        walk.leave();
        return same;
    }

    private static boolean equalLists(List<?> a, List<?> b, Walk walk) {
        if (a.size() != b.size()) return false;
        for (int i = 0; i < a.size(); i++) if (!equal(a.get(i), b.get(i), walk)) return false;
        return true;
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b, Walk walk) {
        if (a.size() != b.size()) return false;
        for (var entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, walk)) return false;
        }
        return true;
    }

    /// `key` if a dictionary may have it as a key: nothing that contains other values.
    static Object key(Object key) {
        return switch (key) {
            case Text text -> text;
            case Long number -> number;
            case Double number -> number;
            case Boolean flag -> flag;
            case None none -> none;
            default -> throw new Problem(type(key) + " cannot be the key of a dictionary");
        };
    }

    /// Python's ordering, which only numbers and strings have here.
    static int compare(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
        if (a instanceof Text x && b instanceof Text y) return compareCodePoints(x.value(), y.value());
        if (a instanceof Undefined undefined) throw undefined.problem();
        if (b instanceof Undefined undefined) throw undefined.problem();
        throw new Problem("cannot order " + type(a) + " and " + type(b));
    }

    private static int compareNumbers(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            double x = real(a);
            double y = real(b);
            return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
        }
        return Long.compare(integer(a), integer(b));
    }

    private static int compareCodePoints(String a, String b) {
        int[] x = a.codePoints().toArray();
        int[] y = b.codePoints().toArray();
        return Arrays.compare(x, y);
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static long integer(Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean flag -> flag ? 1 : 0;
            case Undefined undefined -> throw undefined.problem();
            default -> throw new Problem("an integer is needed, not " + type(value));
        };
    }

    static double real(Object value) {
        return value instanceof Double number ? number : (double) integer(value);
    }

    /// The elements of a list, the keys of a dictionary, the characters of a string.
    static List<?> iterate(Object value) {
        return switch (value) {
            case List<?> list -> list;
            case Map<?, ?> map -> List.copyOf(map.keySet());
            case Undefined undefined -> List.of();
            case Text text -> characters(text);
            default -> throw new Problem(type(value) + " cannot be walked through");
        };
    }

    private static List<Text> characters(Text text) {
        if (length(text) > Limits.MAX_ELEMENTS)
            throw new Problem("a string of more than " + Limits.MAX_ELEMENTS + " characters cannot be walked through");
        var characters = new ArrayList<Text>(text.length());
        for (int i = 0; i < text.length(); ) {
            int end = text.value().offsetByCodePoints(i, 1);
            characters.add(text.cut(i, end));
            i = end;
        }
        return characters;
    }

    /// Number of elements; of characters (code points) for a string.
    static long length(Object value) {
        return switch (value) {
            case Text text -> text.value().codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined undefined -> 0;
            default -> throw new Problem(type(value) + " has no length");
        };
    }

    /// Python's `needle in haystack`.
    static boolean contains(Object haystack, Object needle) {
        return switch (haystack) {
            case Text text when needle instanceof Text part -> text.value().contains(part.value());
            case Text text when needle instanceof Undefined undefined -> throw undefined.problem();
            case Text text -> throw new Problem("'in' a string needs a string, not " + type(needle));
            case Map<?, ?> map -> map.containsKey(key(needle));
            default -> {
                for (Object item : iterate(haystack)) if (equal(item, needle)) yield true;
                yield false;
            }
        };
    }

    /// Python's `value[from:to:step]`; null means left out.
    static Object slice(Object value, @Nullable Long from, @Nullable Long to, @Nullable Long step) {
        long by = step == null ? 1 : step;
        if (by == 0) throw new Problem("slice with step 0");
        if (value instanceof Undefined undefined) throw undefined.problem();
        if (!(value instanceof List<?>) && !(value instanceof Text))
            throw new Problem(type(value) + " cannot be sliced");
        int size = (int) length(value);
        long begin = from == null ? (by > 0 ? 0 : size - 1) : bound(from, size, by);
        long end = to == null ? (by > 0 ? size : -1) : bound(to, size, by);
        if (value instanceof Text text && by == 1) return between(text, (int) begin, (int) Math.max(begin, end));
        List<?> items = iterate(value);
        var picked = new ArrayList<Object>();
        for (long i = begin; by > 0 ? i < end : i > end; i += by) picked.add(items.get((int) i));
        if (!(value instanceof Text)) return picked;
        var text = new TextBuilder();
        for (Object character : picked) text.append((Text) character);
        return text.text();
    }

    /// The characters (code points) `[from, to)` of `text`.
    static Text between(Text text, int from, int to) {
        int begin = text.value().offsetByCodePoints(0, from);
        return text.cut(begin, text.value().offsetByCodePoints(begin, to - from));
    }

    private static long bound(long index, int size, long step) {
        long absolute = index < 0 ? index + size : index;
        return step > 0 ? Math.clamp(absolute, 0, size) : Math.clamp(absolute, -1, size - 1);
    }

    /// Python's `str.isspace` for one character: White_Space and the four separators 1C to 1F.
    static boolean isSpace(char c) {
        return Character.isSpaceChar(c) || Character.isWhitespace(c) || c == 0x85;
    }
}
