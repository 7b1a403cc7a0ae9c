package org.diwan.sovereignty.policy;

import java.util.List;

public final class Policy {
    private final String digest;

    private Policy(String digest) {
        this.digest = digest;
    }

    /// The rules of `packs` together.
    public static Policy of(List<Pack> packs) throws PackException {
        return new Policy("");
    }

    /// The verdict, denied unless a rule permits.
    public Decision decide(DecisionRequest request) {
        return new Decision.Deny(List.of());
    }

    /// SHA-256 of the packs' policies, lower-case hexadecimal.
    public String digest() {
        return digest;
    }
}
