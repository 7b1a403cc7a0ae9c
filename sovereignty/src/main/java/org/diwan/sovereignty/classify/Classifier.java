package org.diwan.sovereignty.classify;

import java.util.List;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.policy.Pack;

/// Finds identifiers.
public final class Classifier {
    /// Longest text in UTF-16 units.
    public static final int MAX_LENGTH = 1 << 20;

    private Classifier() {}

    /// A classifier for what `packs` want found.
    public static Classifier of(List<Pack> packs) {
        return new Classifier();
    }

    /// What is found, in order, without overlaps.
    public List<Finding> find(String text) {
        return List.of();
    }

    /// `text` with every personal finding replaced by `[TYPE]`.
    public static String redact(String text, List<Finding> findings) {
        return text;
    }
}
