package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a format says that a building does not, or the other way round: nothing is dropped without a word.
final class Losses {
    /// So many sentences are kept; of more only the count.
    private static final int MAX_SENTENCES = 200;

    private final List<String> sentences = new ArrayList<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private int more;

    /// A loss that is told by itself.
    void say(String sentence) {
        if (sentences.size() < MAX_SENTENCES) sentences.add(sentence);
        else more++;
    }

    /// One of a kind that is only counted.
    void count(String kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    List<String> all() {
        var all = new ArrayList<>(sentences);
        if (more > 0) all.add("and " + more + " more");
        counts.forEach((kind, count) -> all.add(count + " × " + kind));
        return all;
    }
}
