package org.diwan.sovereignty;

/// What a finding says about the text that holds it.
public enum Trait {
    /// It leads to a person: an identifier, an address, a number.
    PERSONAL,
    /// It speaks of what the law protects most: health, belief, origin, genes, crime.
    SENSITIVE
}
