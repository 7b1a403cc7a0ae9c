package org.diwan.cloud;

import org.diwan.sovereignty.ledger.HsmKey;
import org.diwan.sovereignty.ledger.Mirror;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.jspecify.annotations.Nullable;

/// How the ledger is kept.
///
/// @param witnesses who must cosign a checkpoint before it is published
/// @param hsm where the log's key lies; null for the key files of the data folder
/// @param mirror another place for the published files, or null
public record LedgerConfig(
        WitnessPolicy witnesses, @Nullable HsmKey hsm, Mirror.@Nullable Store mirror) {
    /// Keys in the data folder, no witness, no mirror.
    public static final LedgerConfig ALONE = new LedgerConfig(WitnessPolicy.NONE, null, null);
}
