package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.cloud.serving.OutputGuard;
import org.diwan.language.ToolCall;
import org.diwan.language.answer.AnswerParser;
import org.diwan.language.answer.AnswerPart;
import org.diwan.language.json.JsonText;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// What a client was told of an answer where policy obliged to redact: the member `told` of an
/// [AnswerOpening], beside what the model said.
///
/// ```
/// {"redacted":{"EMAIL":1},"text":"write to [EMAIL]"}      and reasoning, toolCalls where there are any
/// ```
///
/// @param redacted how many identifiers were replaced, by type; the ledger's entry says the same
public record Told(String text, String reasoning, List<ToolCall> calls, Map<String, Integer> redacted) {
    public Told {
        calls = List.copyOf(calls);
        redacted = Map.copyOf(redacted);
    }

    /// What `guard` let pass.
    public static Told of(OutputGuard guard) {
        return new Told(guard.text(), guard.reasoning(), guard.calls(), guard.counts());
    }

    /// What would have been told of an answer without a guard: its parts, as `parser` takes it apart.
    static Told unguarded(AnswerParser parser, String answer) {
        var parts = new ArrayList<>(parser.push(answer));
        parts.addAll(parser.finish());
        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        var calls = new ArrayList<ToolCall>();
        for (var part : parts) {
            switch (part) {
                case AnswerPart.Words(String words) -> text.append(words);
                case AnswerPart.Reasoning(String thoughts) -> reasoning.append(thoughts);
                case AnswerPart.Call(String tool, String arguments) -> calls.add(new ToolCall("", tool, arguments));
            }
        }
        return new Told(text.toString(), reasoning.toString(), calls, Map.of());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new HashMap<>(Map.of("text", text, "redacted", redacted));
        if (!reasoning.isEmpty()) json.put("reasoning", reasoning);
        if (!calls.isEmpty()) json.put("toolCalls", CallMembers.json(calls));
        return json;
    }

    static Told parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("text", "redacted"), Set.of("reasoning", "toolCalls"));
        return new Told(
                fields.text("text"),
                fields.textOrEmpty("reasoning"),
                CallMembers.parse(fields),
                fields.counts("redacted"));
    }

    /// Whether this is `said` with as many stretches of it replaced by types in brackets as [#redacted] says,
    /// and nothing else: no word is added, none left out or moved.
    ///
    /// @param said with all calls; fewer may have been told, the first ones
    boolean redacts(Told said) {
        for (var count : redacted.entrySet()) {
            String mark = "[" + count.getKey() + "]";
            long marks = count(mark);
            if (marks < count.getValue() || marks > count.getValue() + said.count(mark)) return false;
        }
        if (calls.size() > said.calls.size() || !redacts(text, said.text) || !redacts(reasoning, said.reasoning))
            return false;
        for (int i = 0; i < calls.size(); i++) {
            var told = calls.get(i);
            var call = said.calls.get(i);
            var leaves = leaves(JsonText.object(told.arguments()), new ArrayList<>());
            var all = leaves(JsonText.object(call.arguments()), new ArrayList<>());
            if (!told.name().equals(call.name()) || leaves.size() != all.size()) return false;
            for (int k = 0; k < leaves.size(); k++) if (!redacts(leaves.get(k), all.get(k))) return false;
        }
        return true;
    }

    /// Whether `told` matches `said`, each marker standing for one character or more. Markers are matched as
    /// early as they can be, which finds a match if there is one.
    private boolean redacts(String told, String said) {
        var marks = new TreeMap<Integer, Integer>();
        for (String type : redacted.keySet()) {
            String mark = "[" + type + "]";
            for (int at = told.indexOf(mark); at >= 0; at = told.indexOf(mark, at + 1))
                marks.put(at, at + mark.length());
        }
        int from = 0; // of what is still to be matched in `told`
        int least = 0; // where in `said` it can begin at the earliest
        for (var mark : marks.entrySet()) {
            int at = find(said, told.substring(from, mark.getKey()), least, from == 0);
            if (at < 0) return false;
            least = at + mark.getKey() - from + 1;
            from = mark.getValue();
        }
        String rest = told.substring(from);
        return from == 0 ? said.equals(rest) : said.length() - rest.length() >= least && said.endsWith(rest);
    }

    private long count(String mark) {
        var all = new StringBuilder(text).append('\n').append(reasoning);
        for (var call : calls) all.append('\n').append(call.arguments());
        long count = 0;
        for (int at = all.indexOf(mark); at >= 0; at = all.indexOf(mark, at + 1)) count++;
        return count;
    }

    private static int find(String said, String literal, int least, boolean first) {
        if (first) return said.startsWith(literal) ? 0 : -1;
        return said.indexOf(literal, least);
    }

    private static List<String> leaves(@Nullable Object value, List<String> leaves) {
        switch (value) {
            case Map<?, ?> members ->
                members.forEach((name, member) -> {
                    leaves.add((String) name);
                    leaves(member, leaves);
                });
            case List<?> items -> items.forEach(item -> leaves(item, leaves));
            case null -> leaves.add("null");
            default -> leaves.add(value.toString());
        }
        return leaves;
    }
}
