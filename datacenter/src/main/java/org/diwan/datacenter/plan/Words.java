package org.diwan.datacenter.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.diwan.datacenter.inventory.Document;

/// The sentences of [Explainer] in one language: `words/<tag>.json` beside this class, a sentence for each
/// [Constraint] and a few more, with `{place}` where something is filled in. A language is a file.
final class Words {
    private static final String FALLBACK = "en";
    private static final Pattern TAG = Pattern.compile("[a-z]{2,3}");
    private static final ConcurrentHashMap<String, Words> READ = new ConcurrentHashMap<>();

    private final String tag;
    private final Map<String, String> sentences;

    private Words(String tag, Map<String, String> sentences) {
        this.tag = tag;
        this.sentences = Map.copyOf(sentences);
    }

    /// The sentences in the language `tag`, such as `ko`; English where there are none.
    static Words in(String tag) {
        return READ.computeIfAbsent(TAG.matcher(tag).matches() ? tag : FALLBACK, Words::read);
    }

    private static Words read(String tag) {
        try (InputStream file = Words.class.getResourceAsStream("words/" + tag + ".json")) {
            if (file == null && !tag.equals(FALLBACK)) return read(FALLBACK);
            if (file == null) throw new IOException("words/en.json is not beside this class");
            var root = Document.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8), true);
            var sentences = new HashMap<String, String>();
            root.node()
                    .properties()
                    .forEach(entry -> sentences.put(
                            entry.getKey(), root.at(entry.getKey()).text()));
            return new Words(tag, sentences);
        } catch (IOException e) {
            throw new AssertionError("the sentences in '" + tag + "' are part of this module", e);
        }
    }

    Map<String, String> sentences() {
        return sentences;
    }

    /// The sentence `key`, filled in with names and values in turn.
    String say(String key, Object... values) {
        String text = sentences.get(key);
        if (text == null) throw new AssertionError("no sentence '" + key + "' in '" + tag + "'");
        for (int i = 0; i < values.length; i += 2)
            text = text.replace("{" + values[i] + "}", String.valueOf(values[i + 1]));
        return text;
    }

    /// What an obstacle says, with the law's own words where it is the law.
    String reason(Obstacle obstacle, String replica) {
        var claim = obstacle.claim();
        String key = claim.constraint().label();
        String laws = obstacle.rules().isEmpty()
                ? say("no-law")
                : obstacle.rules().stream()
                        .map(rule -> say(
                                "law",
                                "law",
                                rule.law(),
                                "article",
                                rule.article(),
                                "explanation",
                                rule.explanations().getOrDefault(tag, rule.explanation())))
                        .collect(Collectors.joining(" "));
        String sentence = say(
                key,
                "place",
                claim.place(),
                "replica",
                replica,
                "used",
                claim.used(),
                "limit",
                claim.limit(),
                "lost",
                claim.lost(),
                "laws",
                laws);
        return claim.lost().isEmpty() || claim.constraint() == Constraint.SITE_LOSS
                ? sentence
                : sentence + " " + say("if-lost", "lost", claim.lost());
    }
}
