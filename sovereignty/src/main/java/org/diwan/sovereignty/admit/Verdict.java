package org.diwan.sovereignty.admit;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diwan.sovereignty.policy.Obligation;

/// What comes of one document.
///
/// @param text what may be taken: as it came, redacted, or empty if dropped
/// @param reasons of a dropped document, why: ids of the rules that forbid it, or one of the words of
///     [Admission]; of any other the ids of the rules that permit it
/// @param found how many finds there were of each type, people's or not
/// @param redacted how many of each type were replaced
/// @param obligations what the decision asks for, all of it; empty if dropped
public record Verdict(
        Outcome outcome,
        String text,
        List<String> reasons,
        SortedMap<String, Integer> found,
        SortedMap<String, Integer> redacted,
        Set<Obligation> obligations) {
    /// What to do with it.
    public enum Outcome {
        /// Take it as it is.
        ADMIT,
        /// Take it in the words of [Verdict#text].
        REDACT,
        /// Leave it out.
        DROP
    }

    public Verdict {
        reasons = List.copyOf(reasons);
        found = Collections.unmodifiableSortedMap(new TreeMap<>(found));
        redacted = Collections.unmodifiableSortedMap(new TreeMap<>(redacted));
        obligations = Set.copyOf(obligations);
    }
}
