package org.diwan.foundry.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.language.PreTokenizer;

/// Counts the distinct words of a corpus as the pre-tokenizer cuts them: all that a byte-pair
/// trainer needs to know about the text.
public final class WordCounter {
    /// Most distinct words held; beyond it the rarest half is forgotten, which costs only words that
    /// came once or twice in hundreds of millions.
    static final int MAX_WORDS = 8_000_000;

    /// A distinct word and how often it came.
    public record Word(String text, long count) {}

    private static final class Count {
        long value;
    }

    private final PreTokenizer preTokenizer;
    private Map<String, Count> counts = new HashMap<>();

    public WordCounter(PreTokenizer preTokenizer) {
        this.preTokenizer = preTokenizer;
    }

    /// Counts the words of `text`.
    public void add(String text) {
        for (int from = 0; from < text.length(); ) {
            int to = preTokenizer.next(text, from, text.length());
            counts.computeIfAbsent(text.substring(from, to), word -> new Count()).value++;
            from = to;
        }
        if (counts.size() > MAX_WORDS) forgetRarest();
    }

    private void forgetRarest() {
        long median = counts.values().stream()
                .mapToLong(count -> count.value)
                .sorted()
                .skip(MAX_WORDS / 2)
                .findFirst()
                .orElse(0);
        var kept = new HashMap<String, Count>();
        counts.forEach((word, count) -> {
            if (count.value > median) kept.put(word, count);
        });
        counts = kept;
    }

    /// The words that came at least `minimum` times, in no particular order.
    public List<Word> words(long minimum) {
        var words = new ArrayList<Word>();
        counts.forEach((text, count) -> {
            if (count.value >= minimum) words.add(new Word(text, count.value));
        });
        return words;
    }
}
