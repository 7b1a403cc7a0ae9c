package org.diwan.sovereignty.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diwan.base.Digest;

/// The right edge of a growing tree: for each level the hashes of the tile that is not full yet. It is
/// all one needs to add a leaf, to write the next tiles and to compute the root; a tree of 2^63 leaves
/// has an edge of 64 kB.
///
/// Invariant: level L holds `⌊size / 256^L⌋ mod 256` hashes. Owned by one thread at a time.
final class Frontier {
    /// Receives each tile in the moment when it becomes full, lower levels first.
    @FunctionalInterface
    interface FullTile {
        void full(Tile tile, byte[] hashes);
    }

    private final List<byte[]> levels;
    private long size;

    Frontier() {
        this(new ArrayList<>(), 0);
    }

    private Frontier(List<byte[]> levels, long size) {
        this.levels = levels;
        this.size = size;
    }

    /// The edge of a tree of `size` leaves, from the bytes of its partial tiles, lowest level first.
    static Frontier of(long size, List<byte[]> partials) {
        var levels = new ArrayList<byte[]>();
        for (byte[] partial : partials) levels.add(Arrays.copyOf(partial, Tile.MAX_SIZE));
        return new Frontier(levels, size);
    }

    Frontier copy() {
        var copies = new ArrayList<byte[]>();
        for (byte[] level : levels) copies.add(level.clone());
        return new Frontier(copies, size);
    }

    long size() {
        return size;
    }

    void add(byte[] leaf, FullTile sink) {
        byte[] hash = leaf;
        long index = size++;
        for (int level = 0; ; level++) {
            if (level == levels.size()) levels.add(new byte[Tile.MAX_SIZE]);
            byte[] tile = levels.get(level);
            int position = (int) (index % Tile.WIDTH);
            System.arraycopy(hash, 0, tile, position * Merkle.HASH_SIZE, Merkle.HASH_SIZE);
            if (position < Tile.WIDTH - 1) return;
            index /= Tile.WIDTH;
            sink.full(new Tile(level, index, Tile.WIDTH), tile.clone());
            hash = perfect(tile, 0, Tile.WIDTH);
        }
    }

    /// How many hashes wait on `level`.
    int width(int level) {
        return (int) (Tile.count(size, level) % Tile.WIDTH);
    }

    int levels() {
        return levels.size();
    }

    /// The bytes of the partial tile of `level`; empty when its last tile is full.
    byte[] partial(int level) {
        return Arrays.copyOf(levels.get(level), width(level) * Merkle.HASH_SIZE);
    }

    /// The root: perfect subtrees of falling size stand on the edge from left to right (tiles of high
    /// levels first, within a tile by the bits of its width); they fold from the right (RFC 6962 §2.1).
    byte[] root() {
        byte[] right = null;
        for (int level = 0; level < levels.size(); level++) {
            int width = width(level);
            for (int count = 1; count < Tile.WIDTH; count <<= 1) {
                if ((width & count) == 0) continue;
                int start = width & -(2 * count);
                byte[] left = perfect(levels.get(level), start, count);
                right = right == null ? left : Merkle.node(left, right);
            }
        }
        return right == null ? Digest.sha256(new byte[0]) : right;
    }

    /// The hash over `count` (a power of two) hashes of a tile from `start` on.
    static byte[] perfect(byte[] tile, int start, int count) {
        if (count == 1) return Arrays.copyOfRange(tile, start * Merkle.HASH_SIZE, (start + 1) * Merkle.HASH_SIZE);
        int half = count / 2;
        return Merkle.node(perfect(tile, start, half), perfect(tile, start + half, half));
    }
}
