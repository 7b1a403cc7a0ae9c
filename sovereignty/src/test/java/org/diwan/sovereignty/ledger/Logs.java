package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.base.Digest;

/// What the tests of the ledger share: one signer (making ML-DSA keys for each test is slow) and
/// obvious, slow twins of the tree.
final class Logs {
    static final String ORIGIN = "log.example/diwan";
    static final LogSigner SIGNER = signer();
    static final List<VerifierKey> KEYS = keys(SIGNER);

    /// The same log with its faster key alone.
    static final LogSigner QUICK_SIGNER = SIGNER.only(VerifierKey.Type.ML_DSA_44);

    static final List<VerifierKey> QUICK_KEYS = QUICK_SIGNER.keys();

    private Logs() {}

    static LogSigner signer() {
        try {
            Path folder = Files.createTempDirectory("diwan-log-key");
            Path file = folder.resolve("log.key");
            var signer = LogSigner.create(file, ORIGIN);
            Files.delete(file);
            Files.delete(folder);
            return signer;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<VerifierKey> keys(LogSigner signer) {
        return signer.verifierKeys().stream().map(VerifierKey::parse).toList();
    }

    static void assertSays(String what, Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        assertTrue(message.contains(what), () -> "expected \"" + what + "\" in: " + message);
    }

    /// Entries "entry 0", "entry 1", … and every seventh empty.
    static byte[] entry(long index) {
        return (index % 7 == 3 ? "" : "entry " + index).getBytes(StandardCharsets.UTF_8);
    }

    /// Appends the next entries until there are `size`.
    static void grow(Ledger ledger, long size) throws IOException {
        var entries = new ArrayList<byte[]>();
        for (long i = ledger.size(); i < size; i++) entries.add(entry(i));
        ledger.appendAll(entries);
    }

    static List<byte[]> leaves(int size) {
        var leaves = new ArrayList<byte[]>();
        for (int i = 0; i < size; i++) leaves.add(Merkle.leaf(entry(i)));
        return leaves;
    }

    /// MTH of RFC 6962 §2.1, word by word.
    static byte[] root(List<byte[]> leaves) {
        if (leaves.isEmpty()) return Digest.sha256(new byte[0]);
        if (leaves.size() == 1) return leaves.getFirst();
        int k = 1;
        while (2 * k < leaves.size()) k *= 2;
        return Merkle.node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    /// PATH(m, D[n]) of RFC 6962 §2.1.1, word by word.
    static List<byte[]> path(int m, List<byte[]> leaves) {
        int n = leaves.size();
        if (n == 1) return new ArrayList<>();
        int k = 1;
        while (2 * k < n) k *= 2;
        List<byte[]> path;
        if (m < k) {
            path = path(m, leaves.subList(0, k));
            path.add(root(leaves.subList(k, n)));
        } else {
            path = path(m - k, leaves.subList(k, n));
            path.add(root(leaves.subList(0, k)));
        }
        return path;
    }

    /// PROOF(m, D[n]) of RFC 6962 §2.1.2, word by word; 0 < m ≤ n.
    static List<byte[]> proof(int m, List<byte[]> leaves) {
        return subproof(m, leaves, true);
    }

    private static List<byte[]> subproof(int m, List<byte[]> leaves, boolean known) {
        int n = leaves.size();
        if (m == n) {
            var proof = new ArrayList<byte[]>();
            if (!known) proof.add(root(leaves));
            return proof;
        }
        int k = 1;
        while (2 * k < n) k *= 2;
        List<byte[]> proof;
        if (m <= k) {
            proof = subproof(m, leaves.subList(0, k), known);
            proof.add(root(leaves.subList(k, n)));
        } else {
            proof = subproof(m - k, leaves.subList(k, n), false);
            proof.add(root(leaves.subList(0, k)));
        }
        return proof;
    }
}
