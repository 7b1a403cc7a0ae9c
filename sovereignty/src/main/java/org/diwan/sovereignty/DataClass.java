package org.diwan.sovereignty;

import java.util.Locale;

/// How much harm disclosure would do, in rising order. Declared by whoever owns the data; no program
/// can read it off the text.
public enum DataClass {
    PUBLIC,
    INTERNAL,
    CONFIDENTIAL,
    SECRET;

    /// The name as packs, policies and receipts write it: `secret`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The class that [#label] names.
    ///
    /// @throws IllegalArgumentException naming the text and the four labels
    public static DataClass of(String label) {
        for (var dataClass : values()) if (dataClass.label().equals(label)) return dataClass;
        throw new IllegalArgumentException(
                "data class '" + label + "' must be one of public, internal, confidential, secret");
    }
}
