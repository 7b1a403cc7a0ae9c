package org.diwan.cloud.serving;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.language.ToolCall;
import org.diwan.language.json.JsonText;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.classify.Redactor;
import org.jspecify.annotations.Nullable;

/// What stands between a model and its client where policy obliges to redact: words, reasoning and the
/// arguments of calls are told with every identifier replaced by its type, as in the request.
///
/// Words are one text, reasoning another; each streams through a [Redactor], so that what is told
/// does not depend on how the answer was cut. Arguments come whole: every text, number and name of a
/// member is redacted by itself, with the member's name as context, and they stay JSON; a number that
/// identifies becomes a string. Names and ids of calls are told as they are. Belongs to one answer
/// and one thread.
public final class OutputGuard {
    private final Classifier classifier;
    private final Redactor words;
    private final Redactor thoughts;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private final Map<String, Integer> inCalls = new TreeMap<>();

    public OutputGuard(Classifier classifier) {
        this.classifier = classifier;
        this.words = new Redactor(classifier);
        this.thoughts = new Redactor(classifier);
    }

    /// What may be told now that `piece` has come, perhaps nothing.
    public String words(String piece) {
        return heard(text, words.push(piece));
    }

    /// The rest of the words.
    public String endWords() {
        return heard(text, words.finish());
    }

    /// What of the reasoning may be told now that `piece` has come, perhaps nothing.
    public String reasoning(String piece) {
        return heard(reasoning, thoughts.push(piece));
    }

    /// The rest of the reasoning.
    public String endReasoning() {
        return heard(reasoning, thoughts.finish());
    }

    /// The call as it may be told: verbatim, or its arguments written anew.
    public ToolCall call(ToolCall call) {
        var arguments = JsonText.object(call.arguments());
        var redacted = redacted("", arguments);
        // Two members of one name parse as one: what the walk does not see must not be told either.
        boolean clean = redacted.equals(arguments)
                && apart("", call.arguments(), new TreeMap<>()).equals(call.arguments());
        var told = clean ? call : new ToolCall(call.id(), call.name(), JsonText.write(redacted));
        calls.add(told);
        return told;
    }

    private Object redacted(String name, Object value) {
        return switch (value) {
            case Map<?, ?> members -> {
                var told = new LinkedHashMap<String, @Nullable Object>();
                members.forEach((key, member) -> told.put(
                        apart("", (String) key, inCalls), member == null ? null : redacted((String) key, member)));
                yield told;
            }
            case List<?> items -> {
                var told = new ArrayList<@Nullable Object>();
                for (Object item : items) told.add(item == null ? null : redacted(name, item));
                yield told;
            }
            case String words -> apart(name, words, inCalls);
            case Number number -> {
                String written = JsonText.write(number);
                String told = apart(name, written, inCalls);
                yield told.equals(written) ? number : told;
            }
            default -> value;
        };
    }

    /// `value` redacted by itself, with the name of its field before it.
    private String apart(String name, String value, Map<String, Integer> counts) {
        var redactor = new Redactor(classifier, name.isEmpty() ? "" : name.replace('_', ' ') + ": ");
        String told = redactor.push(value) + redactor.finish();
        redactor.counts().forEach((type, count) -> counts.merge(type, count, Integer::sum));
        return told;
    }

    private static String heard(StringBuilder all, String told) {
        all.append(told);
        return told;
    }

    /// The words told so far.
    public String text() {
        return text.toString();
    }

    /// The reasoning told so far.
    public String reasoning() {
        return reasoning.toString();
    }

    /// The calls told so far.
    public List<ToolCall> calls() {
        return List.copyOf(calls);
    }

    /// How many finds were redacted so far, by type.
    public Map<String, Integer> counts() {
        var counts = new TreeMap<>(inCalls);
        words.counts().forEach((type, count) -> counts.merge(type, count, Integer::sum));
        thoughts.counts().forEach((type, count) -> counts.merge(type, count, Integer::sum));
        return counts;
    }
}
