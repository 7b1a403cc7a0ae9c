package org.diwan.sovereignty.classify;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.diwan.sovereignty.policy.Identifier.Names;

/// Finds people's names by lists of common ones and by the words around them. How sure:
///
/// ```
/// a title, then a listed name              0.70   Frau Anna Schmidt, السيد محمد العتيبي
/// a listed name and an honorific           0.70   김민수 씨
/// two or more names, all listed            0.60   محمد بن عبدالله, Maria Santos
/// a listed given name, then a capital      0.50   Anna Kowalczyk
/// a title, then a capital                  0.50   Herr Kowalczyk
/// a family name and two unlisted syllables
/// before an honorific                      0.50   김가람 님
/// ```
///
/// A word such as "my name is" raises that, "king" halves it, as with numbers. One listed name alone
/// is nothing. Lists are short, so much is missed; the figures are in docs/POLICY.md.
final class NameFinder {
    private static final int MOST_WORDS = 6;
    private static final double TITLED = 0.7;
    private static final double LISTED = 0.6;
    private static final double LIKELY = 0.5;

    /// و ل ب ف ك, which Arabic joins to the front of a name.
    private static final String CLITICS = "\u0648\u0644\u0628\u0641\u0643";

    private final Names names;
    private final int list;
    private final Set<String> titles;
    private final Set<String> honorifics;
    private final Set<String> given;
    private final Set<String> family;
    private final Set<String> links;
    private final Set<String> particles;

    NameFinder(Names names, int list) {
        this.names = names;
        this.list = list;
        this.titles = folded(names.titles());
        this.honorifics = folded(names.honorifics());
        this.given = folded(names.given());
        this.family = folded(names.family());
        this.links = folded(names.links());
        this.particles = folded(names.particles());
    }

    static Set<String> folded(Set<String> words) {
        return words.stream().map(NormalText::fold).collect(Collectors.toUnmodifiableSet());
    }

    void find(List<Token> tokens, List<Candidate> found) {
        for (int i = 0; i < tokens.size(); i++) {
            if (!honorifics.isEmpty()) syllables(tokens, i, found);
            else i = Math.max(i, words(tokens, i, found));
        }
    }

    /// Looks for a name that begins with the word `first`; returns the last word of it, or `first`.
    private int words(List<Token> tokens, int first, List<Candidate> found) {
        var token = tokens.get(first);
        boolean titled = first > 0
                && token.joined()
                && titles.contains(tokens.get(first - 1).text());
        int skip = listed(token.text()) || names.capital() ? 0 : clitic(token.text());
        boolean begins =
                (titled && capital(token)) || given.contains(token.text().substring(skip));
        if (!begins || (names.capital() && !token.capital())) return first;
        int last = first;
        int words = 1;
        int known = listed(token.text().substring(skip)) ? 1 : 0;
        while (last + 1 < tokens.size()
                && last - first < MOST_WORDS
                && tokens.get(last + 1).joined()) {
            int next = last + 1;
            if (links.contains(tokens.get(next).text())
                    && next + 1 < tokens.size()
                    && tokens.get(next + 1).joined()) next++;
            var more = tokens.get(next);
            boolean named = next > last + 1 || listed(more.text()); // behind بن stands a name, listed or not
            if (names.capital() ? !capital(more) : !named) break;
            words++;
            if (listed(more.text())) known++;
            last = next;
        }
        double certainty =
                titled && known > 0 ? TITLED : known > 1 && known == words ? LISTED : titled || words > 1 ? LIKELY : 0;
        if (certainty == 0) return first;
        found.add(new Candidate(
                names, list, token.start() + skip, tokens.get(last).end(), certainty));
        return last;
    }

    private boolean listed(String word) {
        return given.contains(word) || family.contains(word);
    }

    private boolean capital(Token token) {
        return names.capital() && token.capital() && token.text().length() > 1;
    }

    private int clitic(String word) {
        return word.length() > 3 && CLITICS.indexOf(word.charAt(0)) >= 0 && given.contains(word.substring(1)) ? 1 : 0;
    }

    /// A family name of one syllable, a given name of two, then perhaps a particle or an honorific.
    private void syllables(List<Token> tokens, int index, List<Candidate> found) {
        var token = tokens.get(index);
        String word = token.text();
        if (word.length() < 3 || !family.contains(word.substring(0, 1))) return;
        String rest = word.substring(3);
        boolean next = rest.isEmpty()
                && index + 1 < tokens.size()
                && tokens.get(index + 1).joined();
        boolean honoured = beginsWithHonorific(rest)
                || (next && beginsWithHonorific(tokens.get(index + 1).text()));
        if (!honoured && !rest.isEmpty() && !particles.contains(rest)) return;
        boolean listed = given.contains(word.substring(1, 3));
        double certainty = listed ? honoured ? TITLED : LISTED : honoured ? LIKELY : 0;
        if (certainty > 0) found.add(new Candidate(names, list, token.start(), token.start() + 3, certainty));
    }

    /// `씨는` is an honorific and a particle.
    private boolean beginsWithHonorific(String word) {
        for (int end = word.length(); end > 0; end--)
            if (honorifics.contains(word.substring(0, end)))
                return end == word.length() || particles.contains(word.substring(end));
        return false;
    }
}
