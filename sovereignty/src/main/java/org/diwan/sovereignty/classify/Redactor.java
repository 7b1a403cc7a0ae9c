package org.diwan.sovereignty.classify;

import java.util.Map;
import java.util.TreeMap;

/// Redacts a text that comes in pieces, as [Classifier#redact] does one that is there: every personal
/// find becomes its type in brackets. What is told depends on the text alone, never on how it was cut.
///
/// At the end of each word ([#STEP] characters at most, where nothing parts words) it classifies what it
/// still holds and [#BEFORE] characters before that, then tells all that cannot be found otherwise
/// any more. Held stay
///
/// ```
/// the last word                        1058529     may become an ID, a key, a mail address
/// groups that go on a form             SA03 8000   may become an IBAN
/// the first words of a name            Anna        may become Anna Schmidt
/// a find that a word may change        1058529940  until "order number" is too far to come
/// ```
///
/// and at most [#MAX_HELD] characters of all that. Told is told: where what comes later makes more
/// of a find whose beginning was told, the rest of it is redacted. That is so for what
/// stands before the street of an address; all else comes out as if the whole text had been read first,
/// which the tests hold it to.
///
/// Linear in the text: when much is held, it is classified again only when a quarter is new. Belongs
/// to one thread.
public final class Redactor {
    /// Most text that is ever held back, in UTF-16 units. The longest identifier is a private key of
    /// 16,384 characters; a kilobyte more for controls inside of it, and what comes before the next look: a
    /// quarter of all, so a third of that.
    public static final int MAX_HELD = 24 << 10;

    private static final int MAX_OPEN = SecretFinder.MAX_PEM + 1024;

    /// Context before what is held: a word speaks over 40 characters, a street's line over a dozen words.
    private static final int BEFORE = 192;

    /// Most characters between two looks at a text without blanks, such as Chinese.
    private static final int STEP = 64;

    /// Taken in at once, so that cutting off what was told costs little.
    private static final int SLICE = 4096;

    private final Classifier classifier;
    private final StringBuilder text = new StringBuilder();
    private final TreeMap<String, Integer> counts = new TreeMap<>();
    private int told;
    private int seen;
    private int looked;

    public Redactor(Classifier classifier) {
        this(classifier, "");
    }

    /// @param before what stands before the text and is not told, such as the name of a field: context
    public Redactor(Classifier classifier, String before) {
        this.classifier = classifier;
        text.append(before);
        told = text.length();
        seen = told;
        looked = told;
    }

    /// The next piece of the text; returns what may be told now, perhaps nothing.
    public String push(String piece) {
        var out = new StringBuilder();
        for (int i = 0; i < piece.length(); i += SLICE) {
            text.append(piece, i, Math.min(piece.length(), i + SLICE));
            for (; seen < text.length(); seen++) if (isLook(seen)) look(seen + 1, false, out);
            forget();
        }
        return out.toString();
    }

    /// The rest of the text, when nothing follows.
    public String finish() {
        if (held() == 0) return "";
        var out = new StringBuilder();
        look(text.length(), true, out);
        return out.toString();
    }

    /// How many finds were redacted so far, by type.
    public Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }

    /// Characters that are held back now, at most [#MAX_HELD].
    public int held() {
        return text.length() - told;
    }

    /// Whether to look when the character at `index` has come.
    private boolean isLook(int index) {
        char c = text.charAt(index);
        int since = index + 1 - looked;
        boolean wordEnds = c <= ' ' && index > 0 && text.charAt(index - 1) > ' ';
        boolean due = wordEnds || (since >= STEP && !Character.isHighSurrogate(c));
        return due && since >= (index + 1 - told) / 4;
    }

    /// Classifies the text up to `end`, where the present ends, and tells what is settled.
    private void look(int end, boolean ended, StringBuilder out) {
        looked = end;
        int from = context();
        var look = classifier.look(text.substring(from, end), ended);
        int settled = Math.max(from + look.settled(), end - MAX_OPEN);
        for (var finding : look.findings()) {
            if (from + finding.start() >= settled) break;
            if (!finding.personal() || from + finding.end() <= told) continue;
            out.append(text, told, Math.max(told, from + finding.start()))
                    .append('[')
                    .append(finding.type())
                    .append(']');
            counts.merge(finding.type(), 1, Integer::sum);
            told = from + finding.end();
        }
        if (settled > told) {
            out.append(text, told, settled);
            told = settled;
        }
    }

    /// Where the context of what is held begins: between two words, if there are words.
    private int context() {
        int from = Math.max(0, told - BEFORE);
        for (int i = from; i > Math.max(0, from - STEP); i--) if (text.charAt(i - 1) <= ' ') return i;
        return from;
    }

    private void forget() {
        int cut = told - BEFORE - STEP;
        if (cut < SLICE) return;
        text.delete(0, cut);
        told -= cut;
        seen -= cut;
        looked -= cut;
    }
}
