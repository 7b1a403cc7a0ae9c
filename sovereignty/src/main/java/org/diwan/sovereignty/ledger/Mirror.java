package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a copy of a log's published files in another store, one checkpoint after the other: tiles
/// first, the checkpoint last, so that whoever reads the copy always finds what its checkpoint needs.
///
/// Nothing is acknowledged or published by it and nothing waits for it. A copy that failed in the middle
/// is begun again from the checkpoint that the store has; tiles have one content, so that writing them
/// twice does no harm. Partial tiles stay in the store: a bucket's own rules may remove them once the
/// full tile is there (tlog-tiles, "Partial Tiles").
///
/// Not for several threads.
public final class Mirror {
    /// Where files are copied to. [#read] gives back what was put.
    public interface Store extends TileSource {
        /// The store holds `bytes` under `path` when this returns, replacing what was there.
        void put(String path, byte[] bytes) throws IOException;
    }

    private final TileSource log;
    private final List<VerifierKey> keys;
    private final Store store;
    private @Nullable Checkpoint copied;

    /// @param keys every key that signs the log's checkpoints
    public Mirror(TileSource log, List<VerifierKey> keys, Store store) {
        this.log = log;
        this.keys = List.copyOf(keys);
        this.store = store;
    }

    /// The store holds everything that `published`, a checkpoint of the log, needs.
    ///
    /// @throws IOException when the log or the store does not answer, or the store holds another log or
    ///     a checkpoint that `published` does not continue: it is then left as it is
    public void copy(Checkpoint published) throws IOException {
        var before = copied != null ? copied : inStore();
        long from = before == null ? 0 : before.size();
        if (before != null) checkContinuation(before, published);
        long size = published.size();
        for (int level = Tile.ENTRIES; level == Tile.ENTRIES || Tile.count(size, level) > 0; level++)
            for (long index = Tile.count(from, level) / Tile.WIDTH; ; index++) {
                var tile = Tile.in(size, level, index);
                if (tile == null) break;
                if (!tile.equals(Tile.in(from, level, index))) store.put(tile.path(), bytes(tile));
            }
        store.put("checkpoint", published.text().getBytes(StandardCharsets.UTF_8));
        copied = published;
    }

    private @Nullable Checkpoint inStore() throws IOException {
        byte[] text = store.read("checkpoint", Checkpoint.MAX_TEXT);
        if (text == null) return null;
        try {
            var found = Checkpoint.parse(new String(text, StandardCharsets.UTF_8));
            found.verify(keys);
            return found;
        } catch (VerificationException e) {
            throw new IOException(store + "/checkpoint: not of this log: " + e.getMessage(), e);
        }
    }

    private void checkContinuation(Checkpoint before, Checkpoint published) throws IOException {
        boolean continues = before.size() <= published.size()
                && Merkle.consistent(
                        before.size(),
                        before.root(),
                        published.size(),
                        published.root(),
                        Merkle.consistency(before.size(), published.size(), new TileReader(log, published.size())));
        if (!continues)
            throw new IOException(store + "/checkpoint: of size " + before.size()
                    + ", which the log at size " + published.size()
                    + " does not continue: an older copy of the log was put back, or the log was rewritten");
    }

    /// What the tile's file holds; the log may have gone on and hold only the full one by now.
    private byte[] bytes(Tile tile) throws IOException {
        if (tile.level() != Tile.ENTRIES) return TileReader.read(log, tile);
        try {
            return Tile.bundle(TileReader.entries(log, tile).subList(0, tile.width()));
        } catch (VerificationException e) {
            throw new IOException(log + "/" + e.getMessage(), e);
        }
    }
}
