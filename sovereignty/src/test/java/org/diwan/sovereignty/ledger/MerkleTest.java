package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.diwan.base.Digest;
import org.junit.jupiter.api.Test;

/// Every tree up to 100 leaves, every proof, every flipped hash; the oracle is RFC 6962 §2.1 written
/// down word by word ([Logs]).
class MerkleTest {
    private static final int LARGEST = 100;
    private static final List<byte[]> LEAVES = Logs.leaves(LARGEST);

    private static byte[] node(int level, long index) {
        if (level == 0) return LEAVES.get((int) index);
        return Merkle.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
    }

    @Test
    void hashesAreThoseOfTheReferenceVectors() throws IOException {
        // Certificate Transparency's reference vectors (certificate-transparency-go, merkletree tests):
        // the entries and the roots of the trees over the first 1, 2, …, 8 of them.
        String[] entries = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
        };
        String[] roots = {
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        };
        var edge = new Frontier();
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                Digest.hex(Merkle.root(0, MerkleTest::node)));
        for (int i = 0; i < entries.length; i++) {
            edge.add(Merkle.leaf(HexFormat.of().parseHex(entries[i])), (tile, hashes) -> {});
            assertEquals(roots[i], Digest.hex(edge.root()));
        }
    }

    @Test
    void rootsOfAllSmallTreesAreThoseOfTheRfc() throws IOException {
        var edge = new Frontier();
        for (int size = 0; size <= LARGEST; size++) {
            byte[] root = Logs.root(LEAVES.subList(0, size));
            assertArrayEquals(root, Merkle.root(size, MerkleTest::node));
            assertArrayEquals(root, edge.root());
            if (size < LARGEST) edge.add(LEAVES.get(size), (tile, hashes) -> {});
        }
    }

    @Test
    void everyInclusionProofIsTheRfcsAndEveryFlippedHashFails() throws IOException {
        for (int size = 1; size <= LARGEST; size++) {
            var leaves = LEAVES.subList(0, size);
            byte[] root = Logs.root(leaves);
            for (int index = 0; index < size; index++) {
                byte[] leaf = leaves.get(index);
                var path = Merkle.inclusion(index, size, MerkleTest::node);
                assertSame(Logs.path(index, leaves), path);
                assertTrue(Merkle.includes(leaf, index, path, size, root));

                for (var wrong : corruptions(path)) assertFalse(Merkle.includes(leaf, index, wrong, size, root));
                assertFalse(Merkle.includes(flipped(leaf), index, path, size, root));
                assertFalse(Merkle.includes(leaf, index, path, size, flipped(root)));
                for (int other = -1; other <= size; other++)
                    if (other != index) assertFalse(Merkle.includes(leaf, other, path, size, root));
            }
        }
    }

    @Test
    void everyConsistencyProofIsTheRfcsAndEveryFlippedHashFails() throws IOException {
        for (int size = 1; size <= LARGEST; size++) {
            byte[] root = Logs.root(LEAVES.subList(0, size));
            for (int before = 0; before <= size; before++) {
                byte[] oldRoot = Logs.root(LEAVES.subList(0, before));
                var path = Merkle.consistency(before, size, MerkleTest::node);
                if (before > 0) assertSame(Logs.proof(before, LEAVES.subList(0, size)), path);
                assertTrue(Merkle.consistent(before, oldRoot, size, root, path));

                for (var wrong : corruptions(path)) assertFalse(Merkle.consistent(before, oldRoot, size, root, wrong));
                assertFalse(Merkle.consistent(before, flipped(oldRoot), size, root, path));
                if (before > 0) assertFalse(Merkle.consistent(before, oldRoot, size, flipped(root), path));
            }
        }
    }

    /// The path with one hash flipped, left out, doubled, and with one more at the end.
    private static List<List<byte[]>> corruptions(List<byte[]> path) {
        var all = new ArrayList<List<byte[]>>();
        for (int i = 0; i < path.size(); i++) {
            var flipped = new ArrayList<>(path);
            flipped.set(i, flipped(path.get(i)));
            all.add(flipped);
            var without = new ArrayList<>(path);
            without.remove(i);
            all.add(without);
            var doubled = new ArrayList<>(path);
            doubled.add(i, path.get(i));
            all.add(doubled);
        }
        var longer = new ArrayList<>(path);
        longer.add(new byte[Merkle.HASH_SIZE]);
        all.add(longer);
        return all;
    }

    private static byte[] flipped(byte[] hash) {
        byte[] copy = hash.clone();
        copy[hash.length / 2] ^= 1;
        return copy;
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(
                expected.stream().map(Digest::hex).toList(),
                actual.stream().map(Digest::hex).toList());
    }
}
