package org.diwan.language.answer;

import java.util.List;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerPart.Call;
import org.jspecify.annotations.Nullable;

/// Reads [CallSyntax.Json] and [CallSyntax.Bare]: one object, an array of objects, or a name and
/// its arguments. Calls of an array are given as they complete.
final class JsonCalls implements CallReader {
    private enum Stage {
        BEGIN,
        NAME,
        OBJECT,
        BETWEEN,
        CLOSE
    }

    private final String separator;
    private final String close;
    private final Offer offer;
    private final boolean bare;
    private Stage stage = Stage.BEGIN;
    private boolean array;
    private String name = "";
    private @Nullable JsonEnd end;
    private int at;
    private int consumed;

    JsonCalls(CallSyntax.Json syntax, Offer offer) {
        this.separator = syntax.separator();
        this.close = syntax.close();
        this.offer = offer;
        this.bare = false;
        at = syntax.open().length();
    }

    /// For objects without marks.
    JsonCalls(Offer offer) {
        this.separator = "";
        this.close = "";
        this.offer = offer;
        this.bare = true;
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public State read(StringBuilder text, boolean last, List<AnswerPart> calls) {
        while (true) {
            if (end == null && stage != Stage.NAME) skipSpace(text);
            boolean empty = at >= text.length();
            switch (stage) {
                case BEGIN -> {
                    if (empty) return last ? State.BROKEN : State.OPEN;
                    array = text.charAt(at) == '[' && !bare;
                    if (array) at++;
                    stage = array ? Stage.BETWEEN : text.charAt(at) == '{' ? Stage.OBJECT : Stage.NAME;
                    if (stage == Stage.NAME && separator.isEmpty()) return State.BROKEN;
                }
                case NAME -> {
                    int found = text.indexOf(separator, at);
                    if (found < 0) return last || tooLong(text) ? State.BROKEN : State.OPEN;
                    name = name(text.substring(at, found));
                    at = found + separator.length();
                    stage = Stage.OBJECT;
                }
                case BETWEEN -> {
                    if (empty) return last ? State.BROKEN : State.OPEN;
                    char c = text.charAt(at);
                    if (c == '{') stage = Stage.OBJECT;
                    else if (c == ',') at++;
                    else if (c != ']') return State.BROKEN;
                    else {
                        consumed = ++at;
                        stage = Stage.CLOSE;
                    }
                }
                case OBJECT -> {
                    if (empty) return last ? State.BROKEN : State.OPEN;
                    if (text.charAt(at) != '{') return State.BROKEN;
                    if (end == null) end = new JsonEnd(at);
                    int after = end.find(text);
                    if (after < 0) return last ? State.BROKEN : State.OPEN;
                    Call call = call(text.substring(at, after));
                    if (call == null) return State.BROKEN;
                    calls.add(call);
                    end = null;
                    consumed = at = after;
                    stage = array ? Stage.BETWEEN : Stage.CLOSE;
                }
                case CLOSE -> {
                    if (close.isEmpty()) return State.CLOSED;
                    String rest = text.substring(at);
                    if (rest.startsWith(close)) consumed = at + close.length();
                    else if (close.startsWith(rest) && !last) return State.OPEN;
                    return State.CLOSED;
                }
            }
        }
    }

    private boolean tooLong(StringBuilder text) {
        return text.length() - at > 4 * Tool.MAX_NAME;
    }

    /// Mistral may put `[CALL_ID]…` behind the name.
    private static String name(String head) {
        int mark = head.indexOf('[');
        return (mark < 0 ? head : head.substring(0, mark)).strip();
    }

    private @Nullable Call call(String object) {
        return name.isEmpty() ? offer.call(object) : offer.call(name, object);
    }

    private void skipSpace(StringBuilder text) {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
    }
}
