package org.diwan.cloud.report;

import java.util.List;
import java.util.Map;

/// One thing that a report looks at: a rule of a pack, the duty to tell of a breach, or what the ledger
/// itself must keep.
///
/// @param id a word; for a rule its id
/// @param title article and law, or a name
/// @param demands what must be
/// @param observed what the log shows, in a sentence
/// @param counts the numbers behind it, by name
/// @param evidence entries, the newest or the worst first
public record Control(
        String id,
        String title,
        String demands,
        String observed,
        Map<String, String> counts,
        List<Evidence> evidence,
        Outcome outcome) {
    /// Whether the log shows the demand met.
    public enum Outcome {
        SATISFIED,
        NOT_SATISFIED,
        /// The log has no entry that says anything about it: nothing is claimed.
        UNTESTED
    }

    /// An entry of the log that shows it.
    ///
    /// @param what for people
    public record Evidence(long index, String what) {}

    public Control {
        evidence = List.copyOf(evidence);
    }
}
