package org.diwan.language.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Python's methods on `str` (Python Library Reference, "String Methods"), those that templates
/// call. Cutting keeps the marks of a [Text]; rewriting follows [Text#rewritten].
final class StringMethods {
    private StringMethods() {}

    static @Nullable Callable find(Text text, String name) {
        return switch (name) {
            case "strip" -> p -> strip(text, characters(p), true, true);
            case "lstrip" -> p -> strip(text, characters(p), true, false);
            case "rstrip" -> p -> strip(text, characters(p), false, true);
            case "split" -> p -> split(text, separator(text, p), p.integer(1, "maxsplit", -1), false);
            case "rsplit" -> p -> split(text, separator(text, p), p.integer(1, "maxsplit", -1), true);
            case "splitlines" -> p -> lines(text, p.flag(0, "keepends", false));
            case "startswith" ->
                p -> any(p.get(0, "prefix"), prefix -> text.value().startsWith(prefix));
            case "endswith" ->
                p -> any(p.get(0, "suffix"), suffix -> text.value().endsWith(suffix));
            case "removeprefix" ->
                p -> {
                    Text prefix = p.text(0, "prefix");
                    return text.value().startsWith(prefix.value()) ? text.cut(prefix.length()) : text;
                };
            case "removesuffix" ->
                p -> {
                    Text suffix = p.text(0, "suffix");
                    return text.value().endsWith(suffix.value()) ? text.cut(0, text.length() - suffix.length()) : text;
                };
            case "replace" -> p -> replace(text, p);
            case "upper" -> p -> upper(text);
            case "lower" -> p -> lower(text);
            case "capitalize" -> p -> capitalize(text);
            case "title" -> p -> title(text);
            case "join" -> p -> join(text, Values.iterate(p.get(0, "iterable")), p);
            case "find" -> p -> index(text, text.value().indexOf(sought(text, p).value()));
            case "rfind" ->
                p -> index(text, text.value().lastIndexOf(sought(text, p).value()));
            case "count" -> p -> count(text, sought(text, p));
            case "isdigit" -> p -> all(text, Character::isDigit);
            case "isalpha" -> p -> all(text, Character::isLetter);
            case "isalnum" -> p -> all(text, Character::isLetterOrDigit);
            case "isspace" -> p -> all(text, c -> c <= 0xFFFF && Values.isSpace((char) c));
            case "isupper" -> p -> text.value().equals(upper(text).value()) && !text.equals(lower(text));
            case "islower" -> p -> text.value().equals(lower(text).value()) && !text.equals(upper(text));
            default -> null;
        };
    }

    private static @Nullable Text characters(Parameters p) {
        return p.find(0, "chars") == null || p.get(0, "chars") instanceof None ? null : p.text(0, "chars");
    }

    private static @Nullable Text separator(Text text, Parameters p) {
        if (p.find(0, "sep") == null || p.get(0, "sep") instanceof None) return null;
        Text separator = p.text(0, "sep");
        p.limits().search(p.line(), text, separator);
        return separator;
    }

    private static Text sought(Text text, Parameters p) {
        Text part = p.text(0, "sub");
        p.limits().search(p.line(), text, part);
        return part;
    }

    /// @param characters what to take away at the ends; null for white space
    static Text strip(Text text, @Nullable Text characters, boolean left, boolean right) {
        String value = text.value();
        int from = 0;
        int to = value.length();
        while (left && from < to && strips(characters, value.codePointAt(from)))
            from += Character.charCount(value.codePointAt(from));
        while (right && to > from && strips(characters, value.codePointBefore(to)))
            to -= Character.charCount(value.codePointBefore(to));
        return text.cut(from, to);
    }

    private static boolean strips(@Nullable Text characters, int c) {
        if (characters == null) return c <= 0xFFFF && Values.isSpace((char) c);
        return characters.value().indexOf(c) >= 0;
    }

    /// @param separator null for runs of white space, where no part is empty
    static List<Object> split(Text text, @Nullable Text separator, long limit, boolean fromRight) {
        if (separator == null) return words(text, limit, fromRight);
        String needle = separator.value();
        if (needle.isEmpty()) throw new Problem("split with an empty separator");
        var parts = new ArrayList<Object>();
        long left = limit < 0 ? Long.MAX_VALUE : limit;
        if (fromRight) {
            int to = text.length();
            for (int i = text.value().lastIndexOf(needle, to - needle.length()); i >= 0 && left-- > 0; ) {
                parts.add(checked(parts, text.cut(i + needle.length(), to)));
                to = i;
                i = to < needle.length() ? -1 : text.value().lastIndexOf(needle, to - needle.length());
            }
            parts.add(text.cut(0, to));
            return parts.reversed();
        }
        int from = 0;
        for (int i = text.value().indexOf(needle);
                i >= 0 && left-- > 0;
                i = text.value().indexOf(needle, from)) {
            parts.add(checked(parts, text.cut(from, i)));
            from = i + needle.length();
        }
        parts.add(text.cut(from));
        return parts;
    }

    /// `part`, once it is sure that `parts` has room for it.
    private static Text checked(List<Object> parts, Text part) {
        if (parts.size() >= Limits.MAX_ELEMENTS)
            throw new Problem("a string split into more than " + Limits.MAX_ELEMENTS + " parts");
        return part;
    }

    private static List<Object> words(Text text, long limit, boolean fromRight) {
        if (limit >= 0 && fromRight) throw new Problem("rsplit by white space with a limit is not supported");
        var words = new ArrayList<Object>();
        Text all = strip(text, null, true, true);
        int from = 0;
        while (from < all.length()) {
            int end = from;
            while (end < all.length() && !Values.isSpace(all.value().charAt(end))) end++;
            if (limit >= 0 && words.size() >= limit) end = all.length();
            words.add(checked(words, all.cut(from, end)));
            from = end;
            while (from < all.length() && Values.isSpace(all.value().charAt(from))) from++;
        }
        return words;
    }

    static List<Object> lines(Text text, boolean keepEnds) {
        var lines = new ArrayList<Object>();
        String value = text.value();
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\n' && c != '\r') continue;
            int end = c == '\r' && i + 1 < value.length() && value.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            lines.add(checked(lines, text.cut(from, keepEnds ? end : i)));
            from = end;
            i = end - 1;
        }
        if (from < value.length()) lines.add(text.cut(from));
        return lines;
    }

    private interface Matcher {
        boolean matches(String part);
    }

    private static boolean any(Object parts, Matcher matcher) {
        if (parts instanceof Text part) return matcher.matches(part.value());
        for (Object part : Values.iterate(parts)) if (any(part, matcher)) return true;
        return false;
    }

    static Text replace(Text text, Parameters p) {
        Text old = p.text(0, "old");
        Text with = p.text(1, "new");
        long count = p.integer(2, "count", -1);
        p.limits().search(p.line(), text, old);
        if (old.length() == 0) throw new Problem("replace of an empty string is not supported");
        var out = new TextBuilder();
        int from = 0;
        int made = 0;
        long length = text.length();
        for (int i = text.value().indexOf(old.value()); i >= 0 && made != count; ) {
            length += with.length() - old.length();
            if (length > Limits.MAX_TEXT)
                throw new Problem("replace gives more than " + Limits.MAX_TEXT + " characters");
            out.append(text.cut(from, i)).append(with);
            from = i + old.length();
            i = text.value().indexOf(old.value(), from);
            made++;
        }
        // Taking something out can bring the halves of a control token together.
        String replaced = out.append(text.cut(from)).text().value();
        return made == 0 ? text : text.plus(with).rewritten(replaced);
    }

    static Text join(Text separator, List<?> items, Parameters p) {
        var out = new TextBuilder();
        boolean first = true;
        for (Object item : items) {
            if (!first) out.append(separator, p.limits(), p.line());
            out.append(Values.string(item), p.limits(), p.line());
            first = false;
        }
        return out.text();
    }

    static Text upper(Text text) {
        return text.rewritten(text.value().toUpperCase(Locale.ROOT));
    }

    static Text lower(Text text) {
        return text.rewritten(text.value().toLowerCase(Locale.ROOT));
    }

    static Text capitalize(Text text) {
        if (text.length() == 0) return text;
        int first = text.value().offsetByCodePoints(0, 1);
        String head = text.value().substring(0, first).toUpperCase(Locale.ROOT);
        return text.rewritten(head + text.value().substring(first).toLowerCase(Locale.ROOT));
    }

    static Text title(Text text) {
        var out = new StringBuilder();
        boolean inWord = false;
        for (int c : text.value().codePoints().toArray()) {
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return text.rewritten(out.toString());
    }

    private static long index(Text text, int unit) {
        return unit < 0 ? -1 : text.value().codePointCount(0, unit);
    }

    private static long count(Text text, Text part) {
        return part.length() == 0
                ? Values.length(text) + 1
                : split(text, part, -1, false).size() - 1L;
    }

    private static boolean all(Text text, IntPredicate predicate) {
        return text.length() > 0 && text.value().codePoints().allMatch(predicate);
    }
}
