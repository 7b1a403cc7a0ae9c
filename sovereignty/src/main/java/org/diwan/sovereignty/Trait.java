package org.diwan.sovereignty;

import java.util.Locale;

/// What a law may ask of a text, besides its class: found in it by the classifier, or declared.
public enum Trait {
    /// It leads to a person: an identifier, an address, a number.
    PERSONAL,
    /// It speaks of what the law protects most: health, belief, origin, genes, crime.
    SENSITIVE,
    /// It holds a number by which the state knows a person, which many laws let few process.
    NATIONAL_ID,
    /// It tells of a person's credit: debts, payments, solvency.
    CREDIT,
    /// It holds more records of people than the law lets go at once.
    BULK;

    /// The name as packs, rules and receipts write it: `national_id`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The trait that [#label] names.
    ///
    /// @throws IllegalArgumentException naming the text and the labels
    public static Trait of(String label) {
        for (var trait : values()) if (trait.label().equals(label)) return trait;
        throw new IllegalArgumentException(
                "trait '" + label + "' must be one of personal, sensitive, national_id, credit, bulk");
    }
}
