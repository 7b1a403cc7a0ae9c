package org.diwan.sovereignty.ledger;

import org.jspecify.annotations.Nullable;

/// What [Fsck] found: the tree size of the checkpoint, how many files were recomputed, how many lie
/// beyond the checkpoint (a writer is at work, or was killed and has not been reopened), and the first
/// difference, null when everything is as it was signed.
public record FsckReport(
        long size,
        long filesChecked,
        long filesUnpublished,
        @Nullable String difference) {
    /// Whether every published byte is as it was signed.
    public boolean clean() {
        return difference == null;
    }
}
