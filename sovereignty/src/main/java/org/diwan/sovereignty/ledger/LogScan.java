package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// Reads a whole log from its first entry to the signed root: for an auditor who wants to know of every
/// entry, and that none was left out. Holds one bundle and the edge of the tree in memory.
public final class LogScan {
    private LogScan() {}

    /// Hears the entries in order. What it heard is true only when [LogScan#read] has returned.
    @FunctionalInterface
    public interface Listener {
        /// Takes the next entry.
        ///
        /// @throws VerificationException when the entry is not what it should be; ends the scan
        void entry(long index, byte[] entry) throws VerificationException;
    }

    /// Hands every entry that the log's present checkpoint covers to `listener`, and returns that
    /// checkpoint when its signatures hold and the entries lead to its root.
    ///
    /// @throws VerificationException when they do not, or `listener` says so
    /// @throws IOException when the source does not answer
    public static Checkpoint read(TileSource source, List<VerifierKey> keys, Listener listener)
            throws IOException, VerificationException {
        var checkpoint = new LogClient(source, keys).checkpoint();
        var edge = new Frontier();
        for (long bundle = 0; ; bundle++) {
            var tile = Tile.in(checkpoint.size(), Tile.ENTRIES, bundle);
            if (tile == null) break;
            for (byte[] entry : TileReader.entries(source, tile).subList(0, tile.width())) {
                listener.entry(edge.size(), entry);
                edge.add(Merkle.leaf(entry), (full, hashes) -> {});
            }
        }
        if (!Arrays.equals(edge.root(), checkpoint.root()))
            throw new VerificationException("checkpoint: the entries of " + source + " do not lead to the signed root "
                    + StrictBase64.encode(checkpoint.root()) + "; ./diwan ledger fsck says which file differs");
        return checkpoint;
    }
}
