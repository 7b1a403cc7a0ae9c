package org.diwan.robots.record;

import java.util.List;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.WitnessPolicy;

/// Whom an adapter or an auditor believes about a log: its keys, and as many witnesses as the policy asks for.
public record Trust(List<VerifierKey> keys, WitnessPolicy witnesses) {
    public Trust {
        keys = List.copyOf(keys);
    }

    /// A log without witnesses.
    public static Trust of(List<VerifierKey> keys) {
        return new Trust(keys, WitnessPolicy.NONE);
    }
}
