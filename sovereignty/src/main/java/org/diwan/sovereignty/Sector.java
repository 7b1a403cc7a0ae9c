package org.diwan.sovereignty;

import java.util.Locale;

/// Who answers for the data: some laws bind only one kind of body. Declared by the operator.
public enum Sector {
    /// None of the others.
    GENERAL,
    /// A ministry or agency.
    GOVERNMENT,
    /// A bank or another body under the supervision of a central bank.
    BANK,
    /// A provider of health care or its insurer.
    HEALTH,
    /// A body of social security.
    SOCIAL;

    /// The name as packs, rules and receipts write it: `bank`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The sector that [#label] names.
    ///
    /// @throws IllegalArgumentException naming the text and the labels
    public static Sector of(String label) {
        for (var sector : values()) if (sector.label().equals(label)) return sector;
        throw new IllegalArgumentException(
                "sector '" + label + "' must be one of general, government, bank, health, social");
    }
}
