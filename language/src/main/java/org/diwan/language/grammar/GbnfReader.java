package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.OneOf;
import org.diwan.language.grammar.Expression.Repeat;
import org.diwan.language.grammar.Expression.Sequence;

/// Reads GBNF, llama.cpp's notation for grammars (its `grammars/README.md`, 2025):
///
/// ```
/// # one rule a line; the text is `root`
/// root  ::= greeting ("," ws name)? [.!]
/// greeting ::= "hello" | "good " ("morning" | "night")
/// name  ::= [A-Z] [a-z]{1,20}
/// ws    ::= " "*
/// ```
///
/// Literals and classes take the escapes `\n \r \t \" \\ \[ \]` and hexadecimal ones of two (`\x`),
/// four (small u) and eight digits (capital U); `.` is any character; `* + ? {n} {n,} {n,m}` repeat.
/// A rule goes on over line ends inside brackets and after `|`. Names are of letters, digits and `-`.
/// Left recursion is refused when the grammar is compiled.
final class GbnfReader {
    private final String source;
    private final Map<String, Expression> rules = new LinkedHashMap<>();
    private int at;
    private int depth;

    private GbnfReader(String source) {
        if (source.length() > Grammar.MAX_SOURCE)
            throw new GrammarException(
                    "grammar of " + source.length() + " characters; the limit is " + Grammar.MAX_SOURCE);
        this.source = source;
    }

    static Map<String, Expression> read(String source) {
        return new GbnfReader(source).rules();
    }

    private Map<String, Expression> rules() {
        blank(true);
        while (at < source.length()) {
            String name = name();
            blank(false);
            if (!source.startsWith("::=", at)) throw problem("'::=' is expected after the name of a rule");
            at += 3;
            blank(true);
            if (rules.put(name, alternatives()) != null) throw problem("rule '" + name + "' is defined twice");
            if (at < source.length() && !isLineEnd(source.charAt(at))) throw problem("unexpected '" + shown() + "'");
            blank(true);
        }
        if (!rules.containsKey(Grammar.START)) throw new GrammarException("the grammar has no rule 'root'");
        return rules;
    }

    private Expression alternatives() {
        var branches = new ArrayList<Expression>();
        branches.add(sequence());
        while (at < source.length() && source.charAt(at) == '|') {
            at++;
            blank(true);
            branches.add(sequence());
        }
        return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
    }

    private Expression sequence() {
        var parts = new ArrayList<Expression>();
        while (at < source.length()) {
            char c = source.charAt(at);
            Expression atom =
                    switch (c) {
                        case '"' -> literal();
                        case '[' -> charClass();
                        case '.' -> {
                            at++;
                            yield new OneOf(CharSet.ALL);
                        }
                        case '(' -> group();
                        default -> isName(c) ? new Expression.Call(name()) : null;
                    };
            if (atom == null) break;
            blank(depth > 0);
            parts.add(repeated(atom));
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
    }

    private Expression group() {
        if (++depth > Grammar.MAX_DEPTH) throw problem("brackets are nested deeper than " + Grammar.MAX_DEPTH);
        at++;
        blank(true);
        Expression inner = alternatives();
        if (at == source.length() || source.charAt(at) != ')') throw problem("')' is expected");
        at++;
        depth--;
        return inner;
    }

    private Expression repeated(Expression body) {
        Expression all = body;
        for (int times = 0; at < source.length() && "*+?{".indexOf(source.charAt(at)) >= 0; times++) {
            if (times == Grammar.MAX_DEPTH) throw problem("more than " + times + " repetitions of one thing");
            switch (source.charAt(at++)) {
                case '*' -> all = Expression.any(all);
                case '+' -> all = Expression.some(all);
                case '?' -> all = Expression.optional(all);
                default -> all = counted(all);
            }
            blank(depth > 0);
        }
        return all;
    }

    private Expression counted(Expression body) {
        blank(false);
        int least = number();
        int most = least;
        blank(false);
        if (at < source.length() && source.charAt(at) == ',') {
            at++;
            blank(false);
            boolean open = at < source.length() && source.charAt(at) == '}';
            most = open ? Expression.UNBOUNDED : number();
            blank(false);
        }
        if (at == source.length() || source.charAt(at) != '}') throw problem("'}' is expected");
        at++;
        if (most < least) throw problem("'{" + least + "," + most + "}' counts backwards");
        return new Repeat(body, least, most);
    }

    private int number() {
        int begin = at;
        while (at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9') at++;
        String digits = source.substring(begin, at);
        if (digits.isEmpty()) throw problem("a number is expected");
        if (digits.length() > 7 || Integer.parseInt(digits) > RegexReader.MAX_REPEAT)
            throw problem("repetition " + digits + " is beyond the limit of " + RegexReader.MAX_REPEAT);
        return Integer.parseInt(digits);
    }

    private Expression literal() {
        at++;
        var text = new StringBuilder();
        while (true) {
            if (at == source.length() || isLineEnd(source.charAt(at))) throw problem("a '\"' is missing");
            if (source.charAt(at) == '"') break;
            text.appendCodePoint(character());
        }
        at++;
        return new Expression.Text(text.toString());
    }

    private Expression charClass() {
        at++;
        boolean negated = at < source.length() && source.charAt(at) == '^';
        if (negated) at++;
        var sets = new ArrayList<CharSet>();
        while (true) {
            if (at == source.length() || isLineEnd(source.charAt(at))) throw problem("a ']' is missing");
            if (source.charAt(at) == ']') break;
            int first = character();
            int last = first;
            if (at + 1 < source.length() && source.charAt(at) == '-' && source.charAt(at + 1) != ']') {
                at++;
                last = character();
                if (last < first) throw problem("a range that runs backwards");
            }
            sets.add(CharSet.range(first, last));
        }
        at++;
        CharSet all = CharSet.union(sets);
        return new OneOf(negated ? all.complement() : all);
    }

    private int character() {
        int c = source.codePointAt(at);
        at += Character.charCount(c);
        if (c == '\\') {
            if (at == source.length()) throw problem("a '\\' at the end");
            char kind = source.charAt(at++);
            c = switch (kind) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case '"', '\\', '[', ']', '-', '^' -> kind;
                case 'x' -> hex(2);
                case 'u' -> hex(4);
                case 'U' -> hex(8);
                default -> throw problem("unknown escape '\\" + kind + "'");
            };
        }
        if (c < 0 || c > Character.MAX_CODE_POINT) throw problem("a character beyond Unicode");
        if (c >= 0xD800 && c <= 0xDFFF) throw problem("half a surrogate pair");
        return c;
    }

    private int hex(int count) {
        int end = at + count;
        if (end > source.length() || !source.substring(at, end).matches("[0-9A-Fa-f]+"))
            throw problem(count + " hexadecimal digits are expected");
        int value = Integer.parseUnsignedInt(source.substring(at, end), 16);
        at = end;
        return value;
    }

    private String name() {
        int begin = at;
        while (at < source.length() && isName(source.charAt(at))) at++;
        if (begin == at) throw problem("the name of a rule is expected, not '" + shown() + "'");
        return source.substring(begin, at);
    }

    private static boolean isName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    /// Passes spaces and comments, and line ends if they do not matter here.
    private void blank(boolean lineEnds) {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '#') {
                while (at < source.length() && !isLineEnd(source.charAt(at))) at++;
            } else if (c == ' ' || c == '\t' || (lineEnds && isLineEnd(c))) at++;
            else return;
        }
    }

    private String shown() {
        return at == source.length() ? "the end" : Character.toString(source.codePointAt(at));
    }

    private GrammarException problem(String what) {
        long line = source.substring(0, Math.min(at, source.length())).lines().count();
        return new GrammarException("grammar, line " + Math.max(1, line) + ": " + what);
    }
}
