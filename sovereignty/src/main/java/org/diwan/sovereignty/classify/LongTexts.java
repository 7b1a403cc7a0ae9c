package org.diwan.sovereignty.classify;

import java.util.ArrayList;
import java.util.List;
import org.diwan.sovereignty.Finding;

/// Classifies texts longer than a classifier reads at once, in windows that overlap. A find counts in
/// the window in which it lies at least a margin away from either cut, so that what stands around it
/// was seen as in the whole text. Memory beside the text: one window. Immutable, as the classifier.
public final class LongTexts {
    /// More than any find is long (a private key of 16,384 bits takes 13,000 characters) and its context
    /// reaches.
    static final int MARGIN = 1 << 14;

    private final Classifier classifier;
    private final int window;

    public LongTexts(Classifier classifier) {
        this(classifier, Classifier.MAX_LENGTH);
    }

    /// @param window length of a window in UTF-16 units, more than two margins
    LongTexts(Classifier classifier, int window) {
        assert window > 2 * MARGIN : "a window of " + window + " has no middle";
        this.classifier = classifier;
        this.window = window;
    }

    /// What [Classifier#find] would say about all of `text` if it read texts of any length.
    public List<Finding> find(String text) {
        var findings = new ArrayList<Finding>();
        int done = 0;
        for (int from = 0; ; from = done - MARGIN) {
            int to = Math.min(text.length(), from + window);
            // What starts behind this is for the next window, which sees more of what follows it.
            int mine = to == text.length() ? to : to - MARGIN;
            for (var found : classifier.find(text.substring(from, to))) {
                int start = from + found.start();
                if (start >= done && start < mine) {
                    done = from + found.end();
                    findings.add(new Finding(found.type(), start, done, found.confidence(), found.traits()));
                }
            }
            if (to == text.length()) return findings;
            done = Math.max(done, mine);
        }
    }
}
