package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Phrases and what they mean. Articles do not count, and spaces where a language is free with them.
///
/// @param <V> meanings; a phrase may have several
final class Vocabulary<V> {
    /// Most tokens of one phrase.
    static final int MAX_PHRASE = 8;

    /// Most tokens that a stem reaches into.
    private static final int MAX_STEM = 4;

    /// What was found.
    ///
    /// @param end one past its last token
    /// @param roles what came off the words: `to` of `للغرفة`
    /// @param loose how much came off
    record Match<V>(List<V> values, int end, List<String> roles, int loose) {}

    private final Morphology morphology;
    private final String space;
    private final Map<String, List<V>> phrases = new HashMap<>();
    private final Map<String, List<V>> stems = new HashMap<>();
    private final Set<String> tokens = new HashSet<>();
    private int longest = 1;
    private int longestStem;

    /// @param spaced whether spaces count: `in a minute` is not `ina minute`, but 회의실 is 회의 실
    Vocabulary(Morphology morphology, boolean spaced) {
        this.morphology = morphology;
        space = spaced ? " " : "";
    }

    /// Adds a phrase; one that ends in `~` is a stem, which any ending may follow.
    void add(String phrase, V value) {
        boolean stem = phrase.endsWith("~");
        var tokens = Token.of(stem ? phrase.substring(0, phrase.length() - 1) : phrase);
        String key = key(tokens);
        if (key.isEmpty()) return;
        for (var token : tokens) this.tokens.add(token.text());
        // Where spaces are free, a phrase may come in more tokens than it was written in.
        longest = Math.min(MAX_PHRASE, Math.max(longest, space.isEmpty() ? 2 * tokens.size() : tokens.size()));
        if (stem) longestStem = Math.max(longestStem, key.length());
        var values = (stem ? stems : phrases).computeIfAbsent(key, same -> new ArrayList<>());
        if (!values.contains(value)) values.add(value);
    }

    /// The spelling that `tokens` are looked up by.
    String key(List<Token> tokens) {
        return String.join(
                space,
                tokens.stream().map(token -> morphology.bare(token.text())).toList());
    }

    /// Every token of its phrases.
    Set<String> tokens() {
        return tokens;
    }

    /// Whether `tokens` are a phrase as they stand.
    boolean has(List<Token> tokens) {
        return phrases.containsKey(key(tokens)) || stems.containsKey(key(tokens));
    }

    /// The longest phrase that begins at `from`, read with as little taken off as can be.
    Optional<Match<V>> at(List<Token> tokens, int from) {
        int most = 1;
        while (most < longest
                && from + most < tokens.size()
                && !tokens.get(from + most).afterBreak()) most++;
        var stem = stem(tokens, from);
        for (int length = most; length >= 1; length--) {
            var phrase = longest(tokens, from, from + length);
            if (phrase.isEmpty()) continue;
            boolean longer = stem.isPresent()
                    && (stem.get().end() > phrase.get().end()
                            || (stem.get().end() == phrase.get().end()
                                    && stem.get().loose() < phrase.get().loose()));
            return longer ? stem : phrase;
        }
        return stem;
    }

    private Optional<Match<V>> longest(List<Token> tokens, int from, int end) {
        var inner = new StringBuilder();
        for (int i = from + 1; i < end; i++)
            inner.append(space).append(morphology.bare(tokens.get(i).text()));
        Match<V> best = null;
        for (var beginning : morphology.beginnings(tokens.get(from).text()))
            for (var whole : ends(beginning.stem(), inner.toString(), tokens.get(end - 1))) {
                var values = phrases.get(whole.stem());
                if (values == null) continue;
                var roles = Stream.concat(beginning.roles().stream(), whole.roles().stream())
                        .toList();
                int loose =
                        key(tokens.subList(from, end)).length() - whole.stem().length();
                if (best == null || loose < best.loose()) best = new Match<>(List.copyOf(values), end, roles, loose);
            }
        return Optional.ofNullable(best);
    }

    /// Readings of the whole phrase; only the last token's end comes off.
    private List<Morphology.Reading> ends(String beginning, String inner, Token last) {
        if (inner.isEmpty()) return morphology.ends(beginning);
        String tail = morphology.bare(last.text());
        String head = beginning + inner.substring(0, inner.length() - tail.length());
        return morphology.ends(tail).stream()
                .map(end -> new Morphology.Reading(head + end.stem(), end.roles()))
                .toList();
    }

    /// The longest stem, which reaches into its last token: 급한 거 아니~ in 급한 거 아니에요.
    private Optional<Match<V>> stem(List<Token> tokens, int from) {
        int most = from + 1;
        while (space.isEmpty()
                && most < Math.min(tokens.size(), from + MAX_STEM)
                && !tokens.get(most).afterBreak()) most++;
        for (int end = most; end > from; end--) {
            String tail = space.isEmpty() ? key(tokens.subList(from + 1, end)) : "";
            int last = morphology.bare(tokens.get(end - 1).text()).length();
            for (var beginning : morphology.beginnings(tokens.get(from).text())) {
                String text = beginning.stem() + tail;
                int shortest = end > from + 1 ? text.length() - last + 1 : 1;
                for (int length = Math.min(longestStem, text.length()); length >= shortest; length--) {
                    var values = stems.get(text.substring(0, length));
                    if (values != null) {
                        int loose = text.length() - length;
                        return Optional.of(new Match<>(List.copyOf(values), end, beginning.roles(), loose));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
