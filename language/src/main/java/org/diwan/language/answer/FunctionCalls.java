package org.diwan.language.answer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerPart.Call;
import org.diwan.language.json.JsonText;
import org.jspecify.annotations.Nullable;

/// Reads [CallSyntax.Functions], one call a stretch. A value is text; the tool's schema says when
/// it is meant as a number, a boolean, an array or an object. A value that spells `</parameter>`
/// cannot be told from its end: the format has no escapes.
final class FunctionCalls implements CallReader {
    static final String FUNCTION = "<function=";
    private static final String FUNCTION_END = "</function>";
    private static final String PARAMETER = "<parameter=";
    private static final String PARAMETER_END = "</parameter>";

    private enum Stage {
        FUNCTION,
        NAME,
        BETWEEN,
        PARAMETER,
        VALUE,
        CLOSE
    }

    private final String close;
    private final Offer offer;
    private final Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    private Stage stage = Stage.FUNCTION;
    private String name = "";
    private String parameter = "";
    private int at;
    private int searched;
    private int consumed;

    FunctionCalls(CallSyntax.Functions syntax, Offer offer) {
        this.close = syntax.close();
        this.offer = offer;
        moveTo(syntax.open().equals(FUNCTION) ? 0 : syntax.open().length());
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public State read(StringBuilder text, boolean last, List<AnswerPart> calls) {
        State waiting = last ? State.BROKEN : State.OPEN;
        while (true) {
            switch (stage) {
                case FUNCTION -> {
                    skipSpace(text);
                    int found = expect(text, FUNCTION);
                    if (found <= 0) return found < 0 ? State.BROKEN : waiting;
                    stage = Stage.NAME;
                }
                case NAME -> {
                    int end = find(text, ">");
                    if (end < 0) return waiting;
                    name = text.substring(at, end);
                    moveTo(end + 1);
                    stage = Stage.BETWEEN;
                }
                case BETWEEN -> {
                    skipSpace(text);
                    int ends = expect(text, FUNCTION_END);
                    if (ends > 0) {
                        Call call = offer.call(name, JsonText.write(arguments));
                        if (call == null) return State.BROKEN;
                        calls.add(call);
                        consumed = at;
                        stage = Stage.CLOSE;
                        continue;
                    }
                    int begins = expect(text, PARAMETER);
                    if (begins > 0) stage = Stage.PARAMETER;
                    else return begins < 0 && ends < 0 ? State.BROKEN : waiting;
                }
                case PARAMETER -> {
                    int end = find(text, ">");
                    if (end < 0) return waiting;
                    parameter = text.substring(at, end);
                    moveTo(end + 1);
                    stage = Stage.VALUE;
                }
                case VALUE -> {
                    int end = find(text, PARAMETER_END);
                    if (end < 0) return waiting;
                    arguments.put(parameter, value(text.substring(at, end)));
                    moveTo(end + PARAMETER_END.length());
                    stage = Stage.BETWEEN;
                }
                case CLOSE -> {
                    skipSpace(text);
                    int found = expect(text, close);
                    if (found == 0 && !last) return State.OPEN;
                    if (found > 0) consumed = at;
                    return State.CLOSED;
                }
            }
        }
    }

    /// Passes `word` if it stands here: 1; 0 when it may still come, -1 when something else stands
    /// here.
    private int expect(StringBuilder text, String word) {
        int length = Math.min(word.length(), text.length() - at);
        for (int i = 0; i < length; i++) if (text.charAt(at + i) != word.charAt(i)) return -1;
        if (length < word.length()) return 0;
        moveTo(at + length);
        return 1;
    }

    /// Where `word` stands next, or -1; looks at each place once.
    private int find(StringBuilder text, String word) {
        int found = text.indexOf(word, searched);
        if (found < 0) searched = Math.max(at, text.length() - word.length() + 1);
        return found;
    }

    private void moveTo(int place) {
        at = place;
        searched = place;
    }

    private void skipSpace(StringBuilder text) {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) moveTo(at + 1);
    }

    private @Nullable Object value(String spelled) {
        String text = spelled;
        if (text.startsWith("\n")) text = text.substring(1);
        if (text.endsWith("\n")) text = text.substring(0, text.length() - 1);
        return switch (type()) {
            case "string" -> text;
            // Python's spelling, which templates print, is not JSON's.
            case "boolean", "null" -> json(text.strip().toLowerCase(Locale.ROOT).replace("none", "null"), text);
            default -> json(text, text);
        };
    }

    private static @Nullable Object json(String text, String otherwise) {
        try {
            return JsonText.parse(text);
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    /// The JSON Schema type of the parameter; `string` when the schema does not say one.
    private String type() {
        Tool tool = offer.find(name);
        return tool != null
                        && tool.parameters().get("properties") instanceof Map<?, ?> properties
                        && properties.get(parameter) instanceof Map<?, ?> schema
                        && schema.get("type") instanceof String type
                ? type
                : "string";
    }
}
