package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a language writes together with its words: Arabic `و ب ل ال` before and pronouns behind, Korean particles
/// behind. Data of the lexicon; English has none.
///
/// @param prefixes to the role they tell, such as `to`; empty for none
/// @param suffixes likewise
/// @param definite articles
/// @param joint a last letter before suffixes, to what it is without: طلبية and طلبيتي
/// @param shortest letters that must be left of a word
record Morphology(
        Map<String, String> prefixes,
        Map<String, String> suffixes,
        List<String> definite,
        Map<String, String> joint,
        int shortest) {
    /// Letters that must be left behind an article: less is a word of its own.
    private static final int SHORTEST_DEFINITE = 3;

    /// One way to read a word, and what came off it.
    record Reading(String stem, List<String> roles) {}

    Morphology {
        prefixes = Map.copyOf(prefixes);
        suffixes = Map.copyOf(suffixes);
        definite = List.copyOf(definite);
        joint = Map.copyOf(joint);
    }

    /// `word` without its article.
    String bare(String word) {
        for (String article : definite)
            if (word.startsWith(article) && word.length() - article.length() >= SHORTEST_DEFINITE)
                return bare(word.substring(article.length())); // الألعاب and ألعاب are one word
        return word;
    }

    /// The ways to read the beginning of `word`, as it stands first; at most two prefixes come off.
    List<Reading> beginnings(String word) {
        var readings = new ArrayList<Reading>();
        readings.add(new Reading(bare(word), List.of()));
        if (!bare(word).equals(word)) readings.add(new Reading(word, List.of())); // ألغيها has no article
        addBeginnings(word, List.of(), 2, readings);
        return readings;
    }

    private void addBeginnings(String word, List<String> roles, int more, List<Reading> readings) {
        prefixes.forEach((prefix, role) -> {
            if (!word.startsWith(prefix) || word.length() - prefix.length() < shortest) return;
            String rest = word.substring(prefix.length());
            var all = with(roles, role);
            readings.add(new Reading(bare(rest), all));
            if (more > 1) addBeginnings(rest, all, more - 1, readings);
        });
    }

    /// The ways to read the end of `word`, as it stands first; at most two suffixes come off.
    List<Reading> ends(String word) {
        var readings = new ArrayList<Reading>();
        readings.add(new Reading(word, List.of()));
        addEnds(word, List.of(), 2, readings);
        return readings;
    }

    private void addEnds(String word, List<String> roles, int more, List<Reading> readings) {
        suffixes.forEach((suffix, role) -> {
            if (!word.endsWith(suffix) || word.length() - suffix.length() < shortest) return;
            String rest = word.substring(0, word.length() - suffix.length());
            var all = with(roles, role);
            readings.add(new Reading(rest, all));
            joint.forEach((last, alone) -> {
                if (rest.endsWith(last))
                    readings.add(new Reading(rest.substring(0, rest.length() - last.length()) + alone, all));
            });
            if (more > 1) addEnds(rest, all, more - 1, readings);
        });
    }

    static List<String> with(List<String> roles, String role) {
        if (role.isEmpty()) return roles;
        var all = new ArrayList<>(roles);
        all.add(role);
        return List.copyOf(all);
    }
}
