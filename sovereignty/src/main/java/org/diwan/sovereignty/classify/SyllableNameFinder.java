package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NameFinder.LIKELY;
import static org.diwan.sovereignty.classify.NameFinder.LISTED;
import static org.diwan.sovereignty.classify.NameFinder.TITLED;
import static org.diwan.sovereignty.classify.NameFinder.folded;

import java.util.List;
import java.util.Set;
import org.diwan.sovereignty.policy.Identifier.Names;

/// Finds names of one word, a family name and two syllables more, with particles joined to them: Korean
/// ones. *Honoured* is a name with an honorific, a role or an age behind it: `김민수 씨는`, `김민수(33)`,
/// `김민수 전 대표`. How sure:
///
/// ```
///                          honoured   behind a title   alone, or with a particle
/// a listed given name        0.70          0.70           0.60
/// syllables of given names   0.70          0.70           0.50
/// other syllables            0.50           –              –
/// the family name alone      0.50           –              –     김 씨, 박 대표, 이모(33)씨
/// ```
///
/// A family name that also begins many other words (기, 우, 주) asks for a listed given name or an
/// honorific. Words that look like a name (전성기, "heyday") are listed as such.
final class SyllableNameFinder {
    private static final int GIVEN = 2;
    private static final int MOST_FAMILY = 2;
    private static final int MOST_AGE = 2;

    /// Words from a name to its honorific, both included: `김민수 전 대표`.
    private static final int MOST_HONOURED = 3;

    private final Names names;
    private final int list;
    private final Set<String> titles;
    private final Set<String> honorifics;
    private final Set<String> given;
    private final Set<String> family;
    private final Set<String> rare;
    private final Set<String> first;
    private final Set<String> second;
    private final Set<String> unlike;
    private final Set<String> between;
    private final Set<String> particles;

    SyllableNameFinder(Names names, int list) {
        this.names = names;
        this.list = list;
        this.titles = folded(names.titles());
        this.honorifics = folded(names.honorifics());
        this.given = folded(names.given());
        this.family = folded(names.family());
        this.rare = folded(names.syllables().rare());
        this.first = folded(names.syllables().first());
        this.second = folded(names.syllables().second());
        this.unlike = folded(names.syllables().unlike());
        this.between = folded(names.links());
        this.particles = folded(names.particles());
    }

    void find(NormalText text, List<Token> tokens, List<Candidate> found) {
        for (int i = 0; i < tokens.size(); i++) {
            int length = family(tokens.get(i).text());
            if (length == 0) continue;
            double certainty = whole(text, tokens, i, length);
            int end = certainty > 0 ? length + GIVEN : length;
            if (certainty == 0) certainty = familyAlone(text, tokens, i, length);
            int start = tokens.get(i).start();
            if (certainty > 0) found.add(new Candidate(names, list, start, start + end, certainty));
        }
    }

    /// Where a name may have begun whose honorific is still to come, or the end of the text.
    int open(NormalText text, List<Token> tokens) {
        int open = text.length();
        int last = tokens.size() - 1;
        if (last < 0 || !NameFinder.joinsWhatFollows(text, tokens.get(last))) return open;
        for (int i = last; i >= 0 && i > last - MOST_HONOURED; i--) {
            if (family(tokens.get(i).text()) > 0) open = tokens.get(i).start();
            if (!tokens.get(i).joined()) break;
        }
        return open;
    }

    /// Syllables of the family name that `word` begins with, 0 if it does not.
    private int family(String word) {
        for (int length = Math.min(MOST_FAMILY, word.length()); length > 0; length--) {
            String begin = word.substring(0, length);
            if (family.contains(begin) || rare.contains(begin)) return length;
        }
        return 0;
    }

    private double whole(NormalText text, List<Token> tokens, int index, int length) {
        var token = tokens.get(index);
        String word = token.text();
        int end = length + GIVEN;
        if (word.length() < end) return 0;
        String rest = word.substring(end);
        boolean honoured =
                rest.isEmpty() ? isHonoured(tokens, index) || isAge(text, token.end()) : beginsWithHonorific(rest);
        if (!honoured && !rest.isEmpty() && !particles.contains(rest)) return 0;
        boolean titled = index > 0
                && token.joined()
                && titles.contains(tokens.get(index - 1).text());
        boolean common = family.contains(word.substring(0, length));
        boolean listed = given.contains(word.substring(length, end));
        boolean alike = listed
                || (first.contains(word.substring(length, length + 1))
                        && second.contains(word.substring(length + 1, end)));
        if (unlike.contains(word.substring(0, end))) return 0;
        if (alike && (honoured || titled) && (listed || common)) return TITLED;
        boolean nounWithParticle = !alike && particles.contains(word.substring(end - 1, end));
        if (honoured && (alike || common)) return nounWithParticle ? 0 : LIKELY;
        if (!alike) return 0;
        if (common) return listed ? LISTED : LIKELY;
        return listed && !rest.isEmpty() ? LIKELY : 0;
    }

    /// `김씨는`, `김 씨`, `김 대표`, `김 전 대표`, `김모(33)씨`. Behind a space only 씨 makes 이, which is "this" as well,
    /// a name: "this director" is nobody.
    private double familyAlone(NormalText text, List<Token> tokens, int index, int length) {
        var token = tokens.get(index);
        String word = token.text();
        String rest = word.substring(length);
        boolean named;
        if (rest.isEmpty()) {
            boolean ambiguous = unlike.contains(word) || rare.contains(word);
            named = isFormer(tokens, index) || isHonouredAtOnce(tokens, index, ambiguous ? 1 : Integer.MAX_VALUE);
        } else if (between.contains(rest.substring(0, 1))) {
            String more = rest.substring(1);
            named = more.isEmpty() ? isAge(text, token.end()) || isHonoured(tokens, index) : isHonorific(more, 1);
        } else {
            named = !rare.contains(word.substring(0, length))
                    && !unlike.contains(word.substring(0, length + 1))
                    && isHonorific(rest, 1);
        }
        return named ? LIKELY : 0;
    }

    /// An honorific or a role is the next word, or the one behind "former".
    private boolean isHonoured(List<Token> tokens, int index) {
        return isHonouredAtOnce(tokens, index, Integer.MAX_VALUE) || isFormer(tokens, index);
    }

    private boolean isHonouredAtOnce(List<Token> tokens, int index, int longest) {
        return isJoined(tokens, index + 1) && isHonorific(tokens.get(index + 1).text(), longest);
    }

    /// `전 대표`: former, acting, a certain.
    private boolean isFormer(List<Token> tokens, int index) {
        return isJoined(tokens, index + 1)
                && between.contains(tokens.get(index + 1).text())
                && isHonouredAtOnce(tokens, index + 1, Integer.MAX_VALUE);
    }

    private static boolean isJoined(List<Token> tokens, int index) {
        return index < tokens.size() && tokens.get(index).joined();
    }

    private boolean beginsWithHonorific(String word) {
        return isHonorific(word, Integer.MAX_VALUE);
    }

    /// An honorific of at most `longest` syllables, and perhaps a particle: `씨는`.
    private boolean isHonorific(String word, int longest) {
        for (int end = Math.min(longest, word.length()); end > 0; end--)
            if (honorifics.contains(word.substring(0, end)))
                return end == word.length() || particles.contains(word.substring(end));
        return false;
    }

    /// `(33)`, `(33·`, `(33세`: how news give an age.
    private static boolean isAge(NormalText text, int start) {
        if (text.at(start) != '(') return false;
        int end = start + 1;
        while (end - start <= MOST_AGE && NormalText.isDigit(text.at(end))) end++;
        char next = text.at(end);
        return end > start + 1 && !NormalText.isDigit(next) && next != '.' && next != '~' && next != '-';
    }
}
