package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diwan.base.Digest;

/// The Merkle tree of RFC 6962 §2.1: hashing, proving, checking. It holds no tree: provers read the
/// hashes of perfect subtrees from a [Nodes], checkers need the proof alone.
///
/// A tree over `n` leaves splits after the largest power of two below `n`, so that every left part
/// is perfect and never changes again:
///
/// ```
///            root(5)
///           /       \
///        (0..4)      4          leaves 0..3 form the perfect subtree of level 2, index 0
///        /    \
///    (0..2)  (2..4)             level 1, index 0 and 1
///     / \     / \
///    0   1   2   3              level 0
/// ```
final class Merkle {
    static final int HASH_SIZE = Digest.SIZE;

    /// No path is longer: a tree has fewer than 2^63 leaves.
    static final int MAX_PATH = 63;

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    /// The hashes of perfect subtrees: `node(level, index)` covers the leaves
    /// `[index · 2^level, (index + 1) · 2^level)`.
    @FunctionalInterface
    interface Nodes {
        byte[] node(int level, long index) throws IOException;
    }

    private Merkle() {}

    /// RFC 6962 §2.1: SHA-256(0x00 ‖ entry).
    static byte[] leaf(byte[] entry) {
        return Digest.sha256(LEAF, entry);
    }

    /// RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right).
    static byte[] node(byte[] left, byte[] right) {
        return Digest.sha256(NODE, left, right);
    }

    /// The root of the tree over the first `size` leaves; SHA-256 of nothing when there are none.
    static byte[] root(long size, Nodes nodes) throws IOException {
        return size == 0 ? Digest.sha256(new byte[0]) : range(0, size, nodes);
    }

    /// The hashes that lead from leaf `index` to the root over `size` leaves, sibling of the leaf
    /// first (RFC 6962 §2.1.1). Requires 0 ≤ index < size.
    static List<byte[]> inclusion(long index, long size, Nodes nodes) throws IOException {
        if (index < 0 || index >= size)
            throw new IllegalArgumentException("no leaf " + index + " in a tree of size " + size);
        var path = new ArrayList<byte[]>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + split(to - from);
            boolean left = index < middle;
            path.add(left ? range(middle, to, nodes) : range(from, middle, nodes));
            if (left) to = middle;
            else from = middle;
        }
        return path.reversed();
    }

    /// The hashes which show that the tree over `newSize` leaves begins with the tree over `oldSize`
    /// (RFC 6962 §2.1.2). Requires 0 ≤ oldSize ≤ newSize; empty when either size needs no proof.
    static List<byte[]> consistency(long oldSize, long newSize, Nodes nodes) throws IOException {
        if (oldSize < 0 || oldSize > newSize)
            throw new IllegalArgumentException("no proof from size " + oldSize + " to size " + newSize);
        if (oldSize == 0) return List.of();
        var path = new ArrayList<byte[]>();
        long from = 0;
        long to = newSize;
        while (oldSize != to) {
            long middle = from + split(to - from);
            boolean left = oldSize <= middle;
            path.add(left ? range(middle, to, nodes) : range(from, middle, nodes));
            if (left) to = middle;
            else from = middle;
        }
        // The old tree is now one subtree of the new one. The checker knows its hash already when
        // it is the whole old tree.
        if (from != 0) path.add(range(from, to, nodes));
        return path.reversed();
    }

    /// Whether `path` leads from `leaf` at `index` to `root` over `size` leaves. RFC 9162 §2.1.3.2,
    /// which checks the proofs of RFC 6962 step by step.
    static boolean includes(byte[] leaf, long index, List<byte[]> path, long size, byte[] root) {
        if (index < 0 || index >= size) return false;
        long node = index;
        long last = size - 1;
        byte[] hash = leaf;
        for (byte[] sibling : path) {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last) {
                hash = node(sibling, hash);
                // Levels where the node is the last one and has no sibling add nothing to the path.
                while ((node & 1) == 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /// Whether `path` shows that the tree `(newSize, newRoot)` begins with the tree
    /// `(oldSize, oldRoot)`. RFC 9162 §2.1.4.2.
    static boolean consistent(long oldSize, byte[] oldRoot, long newSize, byte[] newRoot, List<byte[]> path) {
        if (oldSize < 0 || oldSize > newSize) return false;
        if (oldSize == newSize) return path.isEmpty() && Arrays.equals(oldRoot, newRoot);
        if (oldSize == 0) return path.isEmpty() && Arrays.equals(oldRoot, Digest.sha256(new byte[0]));

        boolean perfect = Long.bitCount(oldSize) == 1;
        var hashes = new ArrayList<>(path);
        if (perfect) hashes.addFirst(oldRoot);
        if (hashes.isEmpty()) return false;

        long node = oldSize - 1;
        long last = newSize - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        byte[] oldHash = hashes.getFirst();
        byte[] newHash = oldHash;
        for (byte[] sibling : hashes.subList(1, hashes.size())) {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last) {
                oldHash = node(sibling, oldHash);
                newHash = node(sibling, newHash);
                while (node != 0 && (node & 1) == 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = node(newHash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(oldHash, oldRoot) && Arrays.equals(newHash, newRoot);
    }

    /// The hash over the leaves `[from, to)`, a subtree of some tree: `from` is a multiple of the
    /// power of two at or above `to − from`.
    private static byte[] range(long from, long to, Nodes nodes) throws IOException {
        long size = to - from;
        if (Long.bitCount(size) == 1) {
            int level = Long.numberOfTrailingZeros(size);
            return nodes.node(level, from >> level);
        }
        long middle = from + split(size);
        return node(range(from, middle, nodes), range(middle, to, nodes));
    }

    /// The largest power of two below `size`; size ≥ 2.
    private static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}
