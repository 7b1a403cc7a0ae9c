package org.diwan.sovereignty.policy;

import java.util.Locale;

/// A condition on an allowed request, to be met by whoever carries it out.
public enum Obligation {
    /// Replace every personal identifier before the text leaves; see
    /// [org.diwan.sovereignty.classify.Classifier#redact].
    REDACT,
    /// Mark the answer with its data class and the place where it was made.
    LABEL,
    /// Keep the data in the destination's territory to the end: no failover, copy or log elsewhere.
    IN_COUNTRY;

    /// The name as policies and receipts write it: `in_country`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Obligation of(String label) {
        for (var obligation : values()) if (obligation.label().equals(label)) return obligation;
        throw new IllegalArgumentException("obligation '" + label + "' must be one of redact, label, in_country");
    }
}
