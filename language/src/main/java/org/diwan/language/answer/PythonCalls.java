package org.diwan.language.answer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diwan.language.answer.AnswerPart.Call;
import org.diwan.language.json.JsonText;
import org.jspecify.annotations.Nullable;

/// Reads [CallSyntax.Python]: what it is shows only at the end of the answer.
final class PythonCalls implements CallReader {
    private static final String CODE = "code_interpreter";
    private static final Pattern CALL = Pattern.compile("([\\w.-]+)\\.call\\((.*)\\)", Pattern.DOTALL);
    private static final Pattern ARGUMENT = Pattern.compile("\\s*(\\w+)=\"([^\"]*)\"\\s*(?:,|$)");

    private final int begin;
    private final Offer offer;
    private int consumed;

    PythonCalls(CallSyntax.Python syntax, Offer offer) {
        this.begin = syntax.open().length();
        this.offer = offer;
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public State read(StringBuilder text, boolean last, List<AnswerPart> calls) {
        if (!last) return State.OPEN;
        String said = text.substring(begin).strip();
        Call call = offer.call(said);
        if (call == null) call = builtIn(said);
        if (call == null && !said.isEmpty()) call = offer.call(CODE, JsonText.write(Map.of("code", said)));
        if (call == null) return State.BROKEN;
        calls.add(call);
        consumed = text.length();
        return State.CLOSED;
    }

    /// `brave_search.call(query="…")`.
    private @Nullable Call builtIn(String said) {
        Matcher call = CALL.matcher(said);
        if (!call.matches()) return null;
        var arguments = new LinkedHashMap<String, Object>();
        Matcher argument = ARGUMENT.matcher(call.group(2));
        int at = 0;
        while (argument.find() && argument.start() == at) {
            arguments.put(argument.group(1), argument.group(2));
            at = argument.end();
        }
        return at == call.group(2).length() ? offer.call(call.group(1), JsonText.write(arguments)) : null;
    }
}
