package org.diwan.sovereignty;

import java.util.Set;

/// A place in a text that a pack told us to look for.
///
/// @param type the pack's name for it, upper case: `IBAN`, `EMAIL`, `HEALTH`
/// @param start first UTF-16 unit in the original text
/// @param end one past the last, so that `text.substring(start, end)` is what was found
/// @param confidence in (0, 1]; how it comes about is told in
///     [org.diwan.sovereignty.classify.Classifier]
public record Finding(String type, int start, int end, double confidence, Set<Trait> traits) {
    public Finding {
        if (type.isEmpty()) throw new IllegalArgumentException("a finding needs a type");
        if (start < 0 || end <= start)
            throw new IllegalArgumentException(
                    "a finding must span at least one unit, not [" + start + ", " + end + ")");
        if (!(confidence > 0 && confidence <= 1))
            throw new IllegalArgumentException("confidence " + confidence + " must be in (0, 1]");
        traits = Set.copyOf(traits);
    }

    /// True if what was found leads to a person.
    public boolean personal() {
        return traits.contains(Trait.PERSONAL);
    }

    /// True if what was found is of a specially protected kind.
    public boolean sensitive() {
        return traits.contains(Trait.SENSITIVE);
    }
}
