package org.diwan.language.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Source to tokens, with Jinja's rules for white space around tags (Jinja 3.1, Template Designer
/// Documentation, "Whitespace Control"):
///
/// - `{%-` and `-%}` (also on `{{ }}` and `{# #}`) remove all white space on their side;
/// - otherwise one line feed right after a block or comment goes (`trim_blocks`), except after
///   `{% raw %}`;
/// - otherwise blanks between the beginning of a line and a block or comment go (`lstrip_blocks`);
/// - `+` in the place of `-` keeps them;
/// - one line feed at the very end of the source goes.
final class Lexer {
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern RAW = Pattern.compile("\\s*raw\\s*(-?)%\\}");
    private static final Pattern NAME = Pattern.compile("[\\p{IsAlphabetic}_][\\p{IsAlphabetic}\\p{IsDigit}_]*");
    private static final Pattern FLOAT = Pattern.compile("\\d[\\d_]*(?:\\.\\d+(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)");
    private static final Pattern INTEGER = Pattern.compile("\\d[\\d_]*");
    private static final List<String> OPERATORS = List.of(
            "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{",
            "}", ",", ":", ".", "|");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int counted;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> lex(String template) {
        if (template.length() > Limits.MAX_SOURCE)
            throw new TemplateException(
                    1, "template of " + template.length() + " characters, at most " + Limits.MAX_SOURCE + " allowed");
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) source = source.substring(0, source.length() - 1);
        var lexer = new Lexer(source);
        lexer.template();
        return lexer.tokens;
    }

    private void template() {
        while (position < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(position, source.length());
                break;
            }
            char kind = source.charAt(tag + 1);
            char sign = at(tag + 2);
            data(position, dataEnd(tag, kind, sign));
            position = tag + (sign == '-' || sign == '+' ? 3 : 2);
            switch (kind) {
                case '#' -> comment();
                case '{' -> tag(Token.Kind.OUTPUT_BEGIN, Token.Kind.OUTPUT_END, "}}");
                default -> {
                    Matcher raw = RAW.matcher(source).region(position, source.length());
                    if (raw.lookingAt()) raw(raw);
                    else tag(Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, "%}");
                }
            }
        }
        position = source.length();
        add(Token.Kind.END, "");
    }

    private int nextTag() {
        for (int i = source.indexOf('{', position); i >= 0; i = source.indexOf('{', i + 1)) {
            char next = at(i + 1);
            if (next == '{' || next == '%' || next == '#') return i;
        }
        return -1;
    }

    /// Where the text before the tag at `tag` ends once its white space is taken away.
    private int dataEnd(int tag, char kind, char sign) {
        int end = tag;
        if (sign == '-') {
            while (end > position && Values.isSpace(source.charAt(end - 1))) end--;
        } else if (kind != '{' && sign != '+') {
            while (end > position && isBlank(source.charAt(end - 1))) end--;
            boolean lineBegins = end == 0 || source.charAt(end - 1) == '\n';
            if (!lineBegins) return tag;
        }
        return end;
    }

    private void data(int from, int to) {
        if (from < to) tokens.add(new Token(Token.Kind.DATA, source.substring(from, to), lineAt(from)));
    }

    private void comment() {
        int end = source.indexOf("#}", position);
        if (end < 0) throw new TemplateException(lineAt(position), "comment '{#' without '#}'");
        char sign = end > position ? source.charAt(end - 1) : ' ';
        position = end + 2;
        afterTag(sign, true);
    }

    private void raw(Matcher begin) {
        int opened = lineAt(position);
        position = begin.end();
        afterTag(sign(begin.group(1)), false);
        Matcher end = END_RAW.matcher(source);
        if (!end.find(position)) throw new TemplateException(opened, "'{% raw %}' without '{% endraw %}'");
        data(position, dataEnd(end.start(), '%', sign(end.group(1))));
        position = end.end();
        afterTag(sign(end.group(2)), true);
    }

    private static char sign(String group) {
        return group.isEmpty() ? ' ' : group.charAt(0);
    }

    private void tag(Token.Kind begin, Token.Kind end, String close) {
        int opened = lineAt(position);
        add(begin, "");
        int open = 0;
        while (true) {
            while (position < source.length() && Values.isSpace(source.charAt(position))) position++;
            if (position >= source.length())
                throw new TemplateException(opened, "tag is not closed, '" + close + "' is missing");
            char c = source.charAt(position);
            // Inside brackets a '}}' closes dictionaries, not the tag.
            if (open == 0) {
                boolean signed = (c == '-' || c == '+') && source.startsWith(close, position + 1);
                if (signed || source.startsWith(close, position)) {
                    add(end, "");
                    position += close.length() + (signed ? 1 : 0);
                    afterTag(signed ? c : ' ', end == Token.Kind.BLOCK_END);
                    return;
                }
            }
            if (c == '(' || c == '[' || c == '{') open++;
            if (c == ')' || c == ']' || c == '}') open = Math.max(0, open - 1);
            if (c == '\'' || c == '"') string(c);
            else if (!matched(NAME, Token.Kind.NAME) && !matched(FLOAT, Token.Kind.FLOAT))
                if (!matched(INTEGER, Token.Kind.INTEGER)) operator();
        }
    }

    private void afterTag(char sign, boolean trimsLine) {
        if (sign == '-') while (position < source.length() && Values.isSpace(source.charAt(position))) position++;
        else if (trimsLine && sign != '+' && at(position) == '\n') position++;
    }

    private boolean matched(Pattern pattern, Token.Kind kind) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        if (!matcher.lookingAt()) return false;
        add(kind, matcher.group());
        position = matcher.end();
        return true;
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                add(Token.Kind.OPERATOR, operator);
                position += operator.length();
                return;
            }
        }
        throw new TemplateException(
                lineAt(position), "'" + Character.toString(source.codePointAt(position)) + "' begins nothing known");
    }

    /// A string literal with Python's escapes (Python Language Reference §2.4.1); an unknown escape
    /// stays as it is written.
    private void string(char quote) {
        int begin = position++;
        var value = new StringBuilder();
        while (at(position) != quote) {
            if (position >= source.length())
                throw new TemplateException(lineAt(begin), "string is not closed, " + quote + " is missing");
            char c = source.charAt(position++);
            if (c != '\\' || position >= source.length()) value.append(c);
            else escape(source.charAt(position++), value, begin);
        }
        tokens.add(new Token(Token.Kind.STRING, value.toString(), lineAt(begin)));
        position++;
    }

    private void escape(char c, StringBuilder value, int begin) {
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> value.append(c);
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'a' -> value.append((char) 7);
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'v' -> value.append((char) 11);
            case 'x' -> value.appendCodePoint(hexadecimal(2, begin));
            case 'u' -> value.appendCodePoint(hexadecimal(4, begin));
            case 'U' -> value.appendCodePoint(hexadecimal(8, begin));
            case '0' -> value.append((char) 0);
            default -> value.append('\\').append(c);
        }
    }

    private int hexadecimal(int digits, int begin) {
        int end = position + digits;
        if (end <= source.length()) {
            String number = source.substring(position, end);
            if (number.matches("[0-9a-fA-F]+")) {
                int codePoint = (int) Long.parseLong(number, 16);
                if (Character.isValidCodePoint(codePoint)) {
                    position = end;
                    return codePoint;
                }
            }
        }
        throw new TemplateException(lineAt(begin), "string holds an escape that names no character");
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, lineAt(position)));
    }

    private char at(int index) {
        return index < source.length() ? source.charAt(index) : 0;
    }

    private static boolean isBlank(char c) {
        return c != '\n' && Values.isSpace(c);
    }

    /// The line of `index`; indexes come in ascending order but for the begin of a token.
    private int lineAt(int index) {
        for (; counted < index; counted++) if (source.charAt(counted) == '\n') line++;
        int back = line;
        for (int i = index; i < counted; i++) if (source.charAt(i) == '\n') back--;
        return back;
    }
}
