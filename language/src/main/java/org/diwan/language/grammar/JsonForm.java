package org.diwan.language.grammar;

import static org.diwan.language.grammar.Expression.any;
import static org.diwan.language.grammar.Expression.choice;
import static org.diwan.language.grammar.Expression.optional;
import static org.diwan.language.grammar.Expression.range;
import static org.diwan.language.grammar.Expression.sequence;
import static org.diwan.language.grammar.Expression.some;
import static org.diwan.language.grammar.Expression.text;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diwan.language.grammar.Expression.Call;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.OneOf;
import org.diwan.language.grammar.Expression.Repeat;
import org.diwan.language.grammar.Expression.Sequence;
import org.jspecify.annotations.Nullable;

/// JSON (RFC 8259) as expressions. White space is at most one space after each `:` and `,`, the two
/// ways in which models write JSON on one line: none, or Python's `json.dumps`. More is refused, since
/// a model that may always write one more space sometimes never stops.
///
/// Strings that stand for themselves (names, constants, what matches a pattern) are written in one
/// way: a character that need not be escaped is not, one that must be has its short escape, else
/// four hexadecimal digits. Free strings may have every escape, surrogates in pairs.
final class JsonForm {
    static final Expression COMMA = sequence(text(","), optional(text(" ")));
    static final Expression COLON = sequence(text(":"), optional(text(" ")));
    static final Expression QUOTE = text("\"");
    static final Expression NULL = text("null");
    static final Expression BOOLEAN = choice(text("true"), text("false"));

    static final Call VALUE = new Call("json-value");
    static final Call OBJECT = new Call("json-object");
    static final Call ARRAY = new Call("json-array");
    static final Call STRING = new Call("json-string");
    static final Call NUMBER = new Call("json-number");
    static final Call INTEGER = new Call("json-integer");

    private static final CharSet HEX =
            CharSet.range('0', '9').or(CharSet.range('a', 'f')).or(CharSet.range('A', 'F'));
    private static final CharSet MUST_ESCAPE = CharSet.range(0, 0x1F).or(CharSet.of('"', '\\'));
    private static final CharSet PLAIN = MUST_ESCAPE.complement();
    private static final String SHORT = "\"\\\b\f\n\r\t";
    private static final String SHORT_LETTERS = "\"\\bfnrt";

    /// One character of a free string.
    static final Expression CHARACTER = character();

    /// One character of a string that is written in one way.
    static final Expression CANONICAL_CHARACTER = escaped(CharSet.ALL);

    private JsonForm() {}

    /// The rules that [#VALUE] and its kin call.
    static Map<String, Expression> rules() {
        Expression digits = some(range('0', '9'));
        Expression integer = sequence(optional(text("-")), natural());
        Expression exponent =
                sequence(new OneOf(CharSet.of('e', 'E')), optional(new OneOf(CharSet.of('+', '-'))), digits);
        Expression member = sequence(STRING, COLON, VALUE);
        return Map.of(
                VALUE.rule(), choice(OBJECT, ARRAY, STRING, NUMBER, BOOLEAN, NULL),
                OBJECT.rule(), sequence(text("{"), optional(list(member)), text("}")),
                ARRAY.rule(), sequence(text("["), optional(list(VALUE)), text("]")),
                STRING.rule(), sequence(QUOTE, any(CHARACTER), QUOTE),
                INTEGER.rule(), integer,
                NUMBER.rule(), sequence(integer, optional(sequence(text("."), digits)), optional(exponent)));
    }

    private static Expression list(Expression element) {
        return sequence(element, any(sequence(COMMA, element)));
    }

    private static Expression natural() {
        return choice(text("0"), sequence(range('1', '9'), any(range('0', '9'))));
    }

    private static Expression character() {
        Expression hex = new OneOf(HEX);
        Expression d = new OneOf(CharSet.of('d', 'D'));
        Expression notD = new OneOf(HEX.minus(CharSet.of('d', 'D')));
        Expression single = choice(sequence(notD, hex, hex, hex), sequence(d, range('0', '7'), hex, hex));
        Expression high = sequence(d, new OneOf(CharSet.of('8', '9', 'a', 'b', 'A', 'B')), hex, hex);
        Expression low = sequence(
                d, new OneOf(HEX.minus(CharSet.range('0', '9')).minus(CharSet.of('a', 'b', 'A', 'B'))), hex, hex);
        return choice(
                new OneOf(PLAIN),
                sequence(text("\\"), new OneOf(CharSet.of('"', '\\', '/', 'b', 'f', 'n', 'r', 't'))),
                sequence(text("\\u"), choice(single, sequence(high, text("\\u"), low))));
    }

    /// One character of `set` as it is written within quotes.
    static Expression escaped(CharSet set) {
        CharSet plain = set.and(PLAIN);
        if (plain.equals(set)) return new OneOf(set);
        var branches = new ArrayList<Expression>();
        if (!plain.isEmpty()) branches.add(new OneOf(plain));
        for (var range : set.and(MUST_ESCAPE).ranges())
            for (int c = range.first(); c <= range.last(); c++) branches.add(escape(c));
        return new Choice(branches);
    }

    private static Expression escape(int c) {
        int known = SHORT.indexOf(c);
        if (known >= 0) return text("\\" + SHORT_LETTERS.charAt(known));
        char digit = Character.forDigit(c & 15, 16);
        Expression last = new OneOf(CharSet.of(digit, Character.toUpperCase(digit)));
        return sequence(text("\\u00" + (c >> 4)), last);
    }

    /// The texts of `expression`, which calls no rules, as they are written within quotes.
    static Expression escaped(Expression expression) {
        return switch (expression) {
            case Expression.Text(String text) ->
                new Sequence(
                        text.codePoints().mapToObj(c -> escaped(CharSet.of(c))).toList());
            case OneOf(CharSet set) -> escaped(set);
            case Sequence(List<Expression> parts) ->
                new Sequence(parts.stream().map(JsonForm::escaped).toList());
            case Choice(List<Expression> branches) ->
                new Choice(branches.stream().map(JsonForm::escaped).toList());
            case Repeat(Expression body, int least, int most) -> new Repeat(escaped(body), least, most);
            case Call call -> throw new AssertionError("an expression for strings calls " + call.rule());
            case Expression.Special special -> throw new AssertionError("a control token within a string");
        };
    }

    static Expression quoted(Expression content) {
        return sequence(QUOTE, content, QUOTE);
    }

    /// The one way to write `value`, but for spaces.
    static Expression literal(@Nullable Object value) {
        return switch (value) {
            case null -> NULL;
            case Boolean flag -> text(flag.toString());
            case String string -> quoted(escaped(text(string)));
            case Number number -> text(decimal(number).toString());
            case List<?> list -> {
                var parts = new ArrayList<Expression>(List.of(text("[")));
                for (Object element : list) {
                    if (parts.size() > 1) parts.add(COMMA);
                    parts.add(literal(element));
                }
                parts.add(text("]"));
                yield new Sequence(parts);
            }
            case Map<?, ?> map -> {
                var parts = new ArrayList<Expression>(List.of(text("{")));
                map.forEach((name, member) -> {
                    if (parts.size() > 1) parts.add(COMMA);
                    parts.add(literal(name));
                    parts.add(COLON);
                    parts.add(literal(member));
                });
                parts.add(text("}"));
                yield new Sequence(parts);
            }
            default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
        };
    }

    /// The exact value of a number.
    static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }
}
