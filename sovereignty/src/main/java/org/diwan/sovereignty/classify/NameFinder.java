package org.diwan.sovereignty.classify;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.diwan.sovereignty.policy.Identifier.Names;

/// Finds people's names of several words by lists of common ones and by the words around them. How sure:
///
/// ```
/// a title, then a listed name              0.70   Frau Anna Schmidt, السيد محمد العتيبي
/// two or more names, all listed            0.60   محمد بن عبدالله, Maria Santos
/// a listed given name, then a capital      0.50   Anna Kowalczyk
/// a title, then a capital                  0.50   Herr Kowalczyk
/// ```
///
/// A word such as "my name is" raises that, "king" halves it, as with numbers. One listed name alone
/// is nothing. Lists are short, so much is missed; the figures are in docs/POLICY.md. Names of one word are
/// found by [SyllableNameFinder].
final class NameFinder {
    private static final int MOST_WORDS = 6;
    static final double TITLED = 0.7;
    static final double LISTED = 0.6;
    static final double LIKELY = 0.5;

    /// و ل ب ف ك, which Arabic joins to the front of a name.
    private static final String CLITICS = "\u0648\u0644\u0628\u0641\u0643";

    private final Names names;
    private final int list;
    private final Set<String> titles;
    private final Set<String> given;
    private final Set<String> family;
    private final Set<String> links;

    NameFinder(Names names, int list) {
        this.names = names;
        this.list = list;
        this.titles = folded(names.titles());
        this.given = folded(names.given());
        this.family = folded(names.family());
        this.links = folded(names.links());
    }

    /// A hash set: every word of a text is looked up in every list, and `Set.copyOf` takes twice as long.
    static Set<String> folded(Set<String> words) {
        return words.stream().map(NormalText::fold).collect(Collectors.toCollection(HashSet::new));
    }

    void find(List<Token> tokens, List<Candidate> found) {
        for (int i = 0; i < tokens.size(); i++) i = words(tokens, i, found);
    }

    /// Where a name may have begun that goes on behind `text`, or the end of the text.
    int open(NormalText text, List<Token> tokens) {
        int size = tokens.size();
        if (size == 0 || !joinsWhatFollows(text, tokens.getLast())) return text.length();
        for (int i = Math.max(0, size - 2 * MOST_WORDS); i < size; i++) {
            if (begins(tokens, i) && reachesEnd(tokens, i)) return tokens.get(i).start();
        }
        return text.length();
    }

    static boolean joinsWhatFollows(NormalText text, Token last) {
        int i = text.at(last.end()) == '.' ? last.end() + 1 : last.end();
        return i >= text.length() || (i + 1 == text.length() && text.at(i) == ' ');
    }

    /// Whether all words from `first` to the last may be one name.
    private boolean reachesEnd(List<Token> tokens, int first) {
        for (int i = first + 1; i < tokens.size(); i++) {
            var more = tokens.get(i);
            boolean link = links.contains(more.text());
            boolean named =
                    listed(more.text()) || links.contains(tokens.get(i - 1).text());
            if (!more.joined() || !(link || (names.capital() ? capital(more) : named))) return false;
        }
        return true;
    }

    private boolean begins(List<Token> tokens, int first) {
        var token = tokens.get(first);
        if (names.capital() && !token.capital()) return false;
        boolean titled = first > 0
                && token.joined()
                && titles.contains(tokens.get(first - 1).text());
        return (titled && capital(token))
                || given.contains(token.text())
                || (!names.capital() && given.contains(token.text().substring(clitic(token.text()))));
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
}
