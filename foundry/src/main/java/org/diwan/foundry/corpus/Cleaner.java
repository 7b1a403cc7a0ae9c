package org.diwan.foundry.corpus;

import java.text.Normalizer;
import java.util.regex.Pattern;

/// Makes a document fit to learn from, or says why it is dropped.
///
/// What changes: Unicode NFC; control, bidirectional and zero-width characters and the Arabic
/// elongation stroke (tatweel, U+0640) go, since they carry no meaning and split words; runs of
/// spaces become one; Markdown's heading marks go. With `unwrap`, footnote marks (lines that hold
/// only a number) go, and a line that such a mark or the printer's line width had broken is joined
/// to the next one; short lines without a full stop stay, being titles and verses.
public final class Cleaner {
    /// Fewer letters than this teach nothing: a title, an empty template.
    static final int MIN_LETTERS = 100;

    /// Below this share of letters among all visible characters it is a table or a number list.
    static final double MIN_LETTER_SHARE = 0.5;

    /// Above this share of U+FFFD, the text was decoded with the wrong character set.
    static final double MAX_REPLACEMENT_SHARE = 0.001;

    /// A line at least this long that ends without punctuation was broken by the page's width.
    static final int WRAPPED_LENGTH = 60;

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\u0640&&[^\\n]]");
    private static final Pattern SPACES = Pattern.compile("[\\p{Z}]+");
    private static final Pattern NUMBER_LINE = Pattern.compile("[\\[(]?\\p{Nd}{1,4}[\\])]?");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +");
    private static final String SENTENCE_ENDS = ".!?؟:؛…»\")";

    /// The verdict on one document.
    public sealed interface Result {
        /// Learn from this text.
        record Kept(String text) implements Result {}

        /// Leave it out; `reason` is a short stable word for the dropped list.
        record Dropped(String reason) implements Result {}
    }

    private Cleaner() {}

    /// The verdict on `text`; `unwrap` as told above.
    public static Result clean(String text, boolean unwrap) {
        String tidy = lines(text, unwrap);
        int letters = 0;
        int visible = 0;
        int replaced = 0;
        for (int i = 0; i < tidy.length(); i++) {
            char c = tidy.charAt(i);
            if (c <= ' ') continue;
            visible++;
            // Half a surrogate pair counts as a letter: beyond the basic plane live rare scripts.
            if (Character.isLetter(c) || Character.isSurrogate(c) || Character.getType(c) == Character.NON_SPACING_MARK)
                letters++;
            if (c == '\uFFFD') replaced++;
        }
        if (letters < MIN_LETTERS) return new Result.Dropped("too-short");
        if (letters < MIN_LETTER_SHARE * visible) return new Result.Dropped("few-letters");
        if (replaced > MAX_REPLACEMENT_SHARE * visible) return new Result.Dropped("wrongly-decoded");
        return new Result.Kept(tidy);
    }

    private static String lines(String text, boolean unwrap) {
        var out = new StringBuilder(text.length());
        boolean joinNext = false;
        String normal = Normalizer.normalize(text.replace("\r\n", "\n"), Normalizer.Form.NFC);
        for (String raw : normal.split("\n", -1)) {
            String line = INVISIBLE.matcher(raw.replace('\t', ' ')).replaceAll("");
            line = SPACES.matcher(line).replaceAll(" ").strip();
            line = HEADING.matcher(line).replaceFirst("");
            if (line.isEmpty()) continue;
            if (unwrap && NUMBER_LINE.matcher(line).matches()) {
                joinNext = !out.isEmpty() && !endsSentence(out);
                continue;
            }
            if (!out.isEmpty()) out.append(joinNext ? ' ' : '\n');
            out.append(line);
            joinNext = unwrap && line.length() >= WRAPPED_LENGTH && !endsSentence(line);
        }
        return out.toString();
    }

    private static boolean endsSentence(CharSequence line) {
        return SENTENCE_ENDS.indexOf(line.charAt(line.length() - 1)) >= 0;
    }
}
