package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.OneOf;
import org.diwan.language.grammar.Expression.Repeat;
import org.diwan.language.grammar.Expression.Sequence;

/// Reads regular expressions: the regular part of ECMA-262 (2025, §22.2.1) with the flag `u`, which
/// is what JSON Schema asks for (draft 2020-12 core, §6.4) and close to RE2.
///
/// Characters, `.`, classes with ranges, `\d \w \s` and their complements, `\t \n \v \f \r \0`, `\cX`,
/// hexadecimal escapes in all forms, general categories `\p{Lu}`, groups of any kind, alternatives,
/// `* + ?` and `{m,n}`, also lazy (which matches the same texts), `^` and `$` at the ends of the expression or
/// of its outermost alternatives. Refused by name: back-references and look-around, which are not
/// regular, `\b`, and anchors inside.
final class RegexReader {
    /// Largest number in `{m,n}`.
    static final int MAX_REPEAT = 1 << 20;

    private static final CharSet DIGIT = CharSet.range('0', '9');
    private static final CharSet WORD =
            CharSet.range('a', 'z').or(CharSet.range('A', 'Z')).or(DIGIT).or(CharSet.of('_'));
    /// WhiteSpace and LineTerminator (ECMA-262, §12.2 and §12.3).
    private static final CharSet SPACE = CharSet.range(9, 13)
            .or(CharSet.of(0x20, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF))
            .or(CharSet.range(0x2000, 0x200A));
    private static final CharSet LINE_END = CharSet.of('\n', '\r', 0x2028, 0x2029);
    private static final Expression ANYTHING = Expression.any(new OneOf(CharSet.ALL));

    /// Stands for `^` and `$` until their place has been checked.
    private static final Expression BEGIN = new Expression.Call("^");

    private static final Expression END = new Expression.Call("$");

    private final String pattern;
    private int at;
    private int depth;

    private RegexReader(String pattern) {
        if (pattern.length() > Grammar.MAX_SOURCE)
            throw new GrammarException(
                    "regular expression of " + pattern.length() + " characters; the limit is " + Grammar.MAX_SOURCE);
        this.pattern = pattern;
    }

    /// The texts that match from beginning to end, with or without `^` and `$`.
    static Expression whole(String pattern) {
        return new RegexReader(pattern).read(false);
    }

    /// The texts in which a match is found somewhere.
    static Expression anywhere(String pattern) {
        return new RegexReader(pattern).read(true);
    }

    private Expression read(boolean anywhere) {
        Expression all = alternatives();
        if (at < pattern.length()) throw problem("')' closes nothing");
        var branches = new ArrayList<Expression>();
        for (Expression branch : all instanceof Choice choice ? choice.branches() : List.of(all))
            branches.add(anchored(branch, anywhere));
        return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
    }

    private Expression anchored(Expression branch, boolean anywhere) {
        var parts = new ArrayList<>(branch instanceof Sequence(List<Expression> all) ? all : List.of(branch));
        boolean begins = !parts.isEmpty() && parts.getFirst().equals(BEGIN);
        if (begins) parts.removeFirst();
        boolean ends = !parts.isEmpty() && parts.getLast().equals(END);
        if (ends) parts.removeLast();
        for (Expression part : parts)
            if (part.equals(BEGIN) || part.equals(END)) throw new GrammarException(misplaced(part));
        if (anywhere && !begins) parts.addFirst(ANYTHING);
        if (anywhere && !ends) parts.addLast(ANYTHING);
        return new Sequence(parts);
    }

    private static String misplaced(Expression anchor) {
        return "regular expression: '" + ((Expression.Call) anchor).rule()
                + "' is supported only at the ends of the expression and of its outermost alternatives";
    }

    private Expression alternatives() {
        var branches = new ArrayList<Expression>();
        branches.add(sequence());
        while (take('|')) branches.add(sequence());
        return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
    }

    private Expression sequence() {
        var parts = new ArrayList<Expression>();
        while (at < pattern.length() && peek() != '|' && peek() != ')') parts.add(repeated(atom()));
        return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
    }

    private Expression repeated(Expression body) {
        if (at == pattern.length()) return body;
        int before = at;
        int least;
        int most = Expression.UNBOUNDED;
        switch (peek()) {
            case '*' -> {
                at++;
                least = 0;
            }
            case '+' -> {
                at++;
                least = 1;
            }
            case '?' -> {
                at++;
                least = 0;
                most = 1;
            }
            case '{' -> {
                at++;
                least = number();
                if (!take(',')) most = least;
                else if (at < pattern.length() && peek() != '}') most = number();
                expect('}');
                if (most < least) throw problem("'{" + least + "," + most + "}' counts backwards");
            }
            default -> {
                return body;
            }
        }
        if (body.equals(BEGIN) || body.equals(END)) {
            at = before;
            throw problem("an anchor cannot be repeated");
        }
        take('?'); // Lazy or not, the same texts match.
        if (at < pattern.length() && "*+?{".indexOf(peek()) >= 0) throw problem("nothing to repeat");
        return new Repeat(body, least, most);
    }

    private int number() {
        int begin = at;
        while (at < pattern.length() && peek() >= '0' && peek() <= '9') at++;
        String digits = pattern.substring(begin, at);
        if (digits.isEmpty()) throw problem("a number is expected");
        if (digits.length() > 7 || Integer.parseInt(digits) > MAX_REPEAT)
            throw problem("repetition " + digits + " is beyond the limit of " + MAX_REPEAT);
        return Integer.parseInt(digits);
    }

    private Expression atom() {
        int c = next();
        return switch (c) {
            case '^' -> BEGIN;
            case '$' -> END;
            case '(' -> group();
            case '[' -> new OneOf(charClass());
            case '.' -> new OneOf(LINE_END.complement());
            case '\\' -> new OneOf(escape());
            case '*', '+', '?', '{' -> {
                at--;
                throw problem("nothing to repeat");
            }
            case ']', '}' -> {
                at--;
                throw problem("a lone '" + (char) c + "'; write '\\" + (char) c + "'");
            }
            default -> new OneOf(CharSet.of(c));
        };
    }

    private Expression group() {
        if (++depth > Grammar.MAX_DEPTH) throw problem("groups are nested deeper than " + Grammar.MAX_DEPTH);
        if (take('?')) {
            if (pattern.startsWith("<=", at) || pattern.startsWith("<!", at))
                throw problem("look-behind is not supported");
            if (take('<')) {
                while (at < pattern.length() && peek() != '>') at++;
                expect('>');
            } else if (at < pattern.length() && (peek() == '=' || peek() == '!')) {
                throw problem("look-ahead is not supported");
            } else if (!take(':')) throw problem("this kind of group is not supported");
        }
        Expression inner = alternatives();
        expect(')');
        depth--;
        refuseAnchors(inner);
        // A group stays one part, so that its anchors are not taken for those of the whole.
        return new Sequence(List.of(inner));
    }

    private void refuseAnchors(Expression expression) {
        switch (expression) {
            case Expression.Call call -> throw new GrammarException(misplaced(call));
            case Sequence(List<Expression> parts) -> parts.forEach(this::refuseAnchors);
            case Choice(List<Expression> branches) -> branches.forEach(this::refuseAnchors);
            case Repeat repeat -> refuseAnchors(repeat.body());
            case OneOf one -> {}
            case Expression.Text text -> {}
            case Expression.Special special -> {}
        }
    }

    private CharSet charClass() {
        boolean negated = take('^');
        var sets = new ArrayList<CharSet>();
        while (at < pattern.length() && peek() != ']') {
            CharSet one = classAtom();
            if (at + 1 < pattern.length() && peek() == '-' && pattern.charAt(at + 1) != ']') {
                at++;
                int first = single(one);
                int last = single(classAtom());
                if (last < first) throw problem("a range that runs backwards");
                one = CharSet.range(first, last);
            }
            sets.add(one);
        }
        expect(']');
        CharSet all = CharSet.union(sets);
        return negated ? all.complement() : all;
    }

    private CharSet classAtom() {
        int c = next();
        if (c != '\\') return CharSet.of(c);
        if (at < pattern.length() && peek() == 'b') {
            at++;
            return CharSet.of('\b');
        }
        if (at < pattern.length() && peek() == '-') {
            at++;
            return CharSet.of('-');
        }
        return escape();
    }

    private int single(CharSet set) {
        var ranges = set.ranges();
        if (ranges.size() != 1 || ranges.getFirst().first() != ranges.getFirst().last())
            throw problem("a class cannot be the end of a range");
        return ranges.getFirst().first();
    }

    private CharSet escape() {
        if (at == pattern.length()) throw problem("a '\\' at the end");
        int c = next();
        return switch (c) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> SPACE;
            case 'S' -> SPACE.complement();
            case 'p' -> category();
            case 'P' -> category().complement();
            case 't' -> CharSet.of('\t');
            case 'n' -> CharSet.of('\n');
            case 'v' -> CharSet.of(0x0B);
            case 'f' -> CharSet.of('\f');
            case 'r' -> CharSet.of('\r');
            case '0' -> {
                if (at < pattern.length() && Character.isDigit(peek()))
                    throw problem("octal escapes are not supported");
                yield CharSet.of(0);
            }
            case 'c' -> {
                int letter = at < pattern.length() ? next() : ' ';
                if (!Character.isLetter(letter) || letter > 'z') throw problem("'\\c' needs a letter");
                yield CharSet.of(letter & 0x1F);
            }
            case 'x' -> CharSet.of(hex(2));
            case 'u' -> CharSet.of(unicode());
            case 'b', 'B' -> throw problem("word boundaries ('\\" + (char) c + "') are not supported");
            case 'k' -> throw problem("back-references are not supported");
            default -> {
                if (c >= '1' && c <= '9') throw problem("back-references are not supported");
                if (Character.isLetterOrDigit(c) || c > 127)
                    throw problem("unknown escape '\\" + Character.toString(c) + "'");
                yield CharSet.of(c);
            }
        };
    }

    private int unicode() {
        if (take('{')) {
            int begin = at;
            while (at < pattern.length() && peek() != '}') at++;
            String digits = pattern.substring(begin, at);
            expect('}');
            if (!digits.matches("0*[0-9A-Fa-f]{1,6}")) throw problem("'\\u{" + digits + "}' is no character");
            return scalar(Integer.parseInt(digits, 16));
        }
        int high = hex(4);
        if (Character.isHighSurrogate((char) high) && pattern.startsWith("\\u", at)) {
            at += 2;
            int low = hex(4);
            if (Character.isLowSurrogate((char) low)) return Character.toCodePoint((char) high, (char) low);
            throw problem("half a surrogate pair");
        }
        return scalar(high);
    }

    private int scalar(int c) {
        if (c > Character.MAX_CODE_POINT) throw problem("U+" + Integer.toHexString(c) + " is beyond Unicode");
        if (c >= 0xD800 && c <= 0xDFFF) throw problem("half a surrogate pair");
        return c;
    }

    private int hex(int count) {
        int end = at + count;
        if (end > pattern.length() || !pattern.substring(at, end).matches("[0-9A-Fa-f]+"))
            throw problem(count + " hexadecimal digits are expected");
        int value = Integer.parseInt(pattern.substring(at, end), 16);
        at = end;
        return value;
    }

    /// General categories (Unicode 17, §4.5, table 4-4) by their short names, as the JDK knows them.
    private static final Map<String, List<Integer>> CATEGORIES = Map.ofEntries(
            Map.entry("Lu", List.of(1)),
            Map.entry("Ll", List.of(2)),
            Map.entry("Lt", List.of(3)),
            Map.entry("Lm", List.of(4)),
            Map.entry("Lo", List.of(5)),
            Map.entry("L", List.of(1, 2, 3, 4, 5)),
            Map.entry("Mn", List.of(6)),
            Map.entry("Me", List.of(7)),
            Map.entry("Mc", List.of(8)),
            Map.entry("M", List.of(6, 7, 8)),
            Map.entry("Nd", List.of(9)),
            Map.entry("Nl", List.of(10)),
            Map.entry("No", List.of(11)),
            Map.entry("N", List.of(9, 10, 11)),
            Map.entry("Zs", List.of(12)),
            Map.entry("Zl", List.of(13)),
            Map.entry("Zp", List.of(14)),
            Map.entry("Z", List.of(12, 13, 14)),
            Map.entry("Pd", List.of(20)),
            Map.entry("Ps", List.of(21)),
            Map.entry("Pe", List.of(22)),
            Map.entry("Pc", List.of(23)),
            Map.entry("Po", List.of(24)),
            Map.entry("Pi", List.of(29)),
            Map.entry("Pf", List.of(30)),
            Map.entry("P", List.of(20, 21, 22, 23, 24, 29, 30)),
            Map.entry("Sm", List.of(25)),
            Map.entry("Sc", List.of(26)),
            Map.entry("Sk", List.of(27)),
            Map.entry("So", List.of(28)),
            Map.entry("S", List.of(25, 26, 27, 28)));

    private CharSet category() {
        expect('{');
        int begin = at;
        while (at < pattern.length() && peek() != '}') at++;
        String name = pattern.substring(begin, at);
        expect('}');
        List<Integer> types = CATEGORIES.get(name);
        if (types == null) throw problem("'\\p{" + name + "}' is not supported; general categories such as \\p{L} are");
        return CategorySets.of(types);
    }

    private char peek() {
        return pattern.charAt(at);
    }

    private int next() {
        int c = pattern.codePointAt(at);
        if (Character.isBmpCodePoint(c) && Character.isSurrogate((char) c)) throw problem("half a surrogate pair");
        at += Character.charCount(c);
        return c;
    }

    private boolean take(char c) {
        if (at == pattern.length() || peek() != c) return false;
        at++;
        return true;
    }

    private void expect(char c) {
        if (!take(c)) throw problem("'" + c + "' is expected");
    }

    private GrammarException problem(String what) {
        return new GrammarException("regular expression, at character " + at + ": " + what);
    }
}
