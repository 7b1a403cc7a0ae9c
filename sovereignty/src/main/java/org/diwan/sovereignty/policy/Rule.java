package org.diwan.sovereignty.policy;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One Cedar policy and the law behind it, as its annotations tell it.
///
/// @param id unique over all packs, such as `sa-pdpl-29-2-b`
/// @param effect what it does when it matches; a forbid beats every permit
/// @param law title of the act or instrument
/// @param article where in it, as lawyers cite it: `29(2)(b)`
/// @param explanation one English sentence for the person who was refused
/// @param explanations the same by language tag, English under `en`
/// @param source where the text was read: address or gazette number
/// @param confidence `V` verified against the text of the law, `S` read in a secondary source, `K`
///     believed, to be checked
/// @param validFrom first day in force
/// @param validTo last day in force; empty while it has no end
/// @param obligations what it attaches to an allowed request; empty for a forbid
public record Rule(
        String id,
        Effect effect,
        String law,
        String article,
        String explanation,
        Map<String, String> explanations,
        String source,
        String confidence,
        LocalDate validFrom,
        Optional<LocalDate> validTo,
        Set<Obligation> obligations) {
    /// What a matching rule says.
    public enum Effect {
        PERMIT,
        FORBID
    }

    public Rule {
        confidence(confidence);
        if (effect == Effect.FORBID && !obligations.isEmpty())
            throw new IllegalArgumentException("a forbid cannot carry obligations, there is nothing to meet");
        explanations = Map.copyOf(explanations);
        obligations = Set.copyOf(obligations);
    }

    /// True on the days from [#validFrom] to [#validTo], both included.
    public boolean inForce(LocalDate day) {
        return !day.isBefore(validFrom)
                && validTo.map(last -> !day.isAfter(last)).orElse(true);
    }

    /// `text`, after checking that it is one of the three degrees.
    static String confidence(String text) {
        if (text.equals("V") || text.equals("S") || text.equals("K")) return text;
        throw new IllegalArgumentException("confidence '" + text + "' must be V, S or K");
    }
}
