package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.List;

/// Words that make everybody stand still. They are looked for before all else, in every language at once, and in
/// doubt they are heard: who meant to stop at the pharmacy can say it again.
public final class Emergency {
    /// Tokens that are looked at, from the beginning.
    private static final int MAX_TOKENS = 100;

    private Emergency() {}

    /// Whether `utterance` says stop: as its first words, as all of its words, as an outcry, or as its verb where
    /// verbs come last. `stop at the pharmacy` does not.
    public static boolean isStop(String utterance) {
        var tokens = Token.of(utterance);
        if (tokens.size() > MAX_TOKENS) tokens = tokens.subList(0, MAX_TOKENS);
        for (String tag : Lexicon.TAGS) if (isStop(tokens, utterance, Lexicon.in(tag))) return true;
        return false;
    }

    private static boolean isStop(List<Token> tokens, String utterance, Lexicon lexicon) {
        boolean cried = utterance.indexOf('!') >= 0 || utterance.indexOf('！') >= 0;
        var heard = new ArrayList<Lexicon.Stop>();
        var denied = new ArrayList<Boolean>(); // by the word before it
        List<Lexicon.Stop> not = List.of();
        for (int i = 0; i < tokens.size(); ) {
            var match = lexicon.stop(tokens, i);
            if (match.isEmpty()) {
                heard.add(Lexicon.Stop.OTHER);
                denied.add(false);
                not = List.of();
                i++;
                continue;
            }
            // لا توقف denies it if more follows; لا! توقف! and لا توقف alone may be a cry.
            boolean only = not.contains(Lexicon.Stop.BESIDE) && match.get().end() == tokens.size();
            denied.add(not.contains(Lexicon.Stop.NOT) && !tokens.get(i).afterBreak() && !only);
            heard.add(match.get().values().getFirst());
            not = match.get().values();
            i = match.get().end();
        }
        boolean first = true;
        for (int i = 0; i < heard.size(); i++) {
            boolean meant = heard.get(i) == Lexicon.Stop.PHRASES
                    && (i + 1 == heard.size() || heard.get(i + 1) != Lexicon.Stop.UNLESS)
                    && !denied.get(i);
            if (meant && (first || cried || lexicon.verbLast())) return true;
            if (heard.get(i) != Lexicon.Stop.BESIDE) first = false;
        }
        return false;
    }
}
