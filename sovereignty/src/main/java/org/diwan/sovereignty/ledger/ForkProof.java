package org.diwan.sovereignty.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The proof that a log told two stories: a checkpoint it signed, a later one it signed, and the
/// consistency proof that the later tree begins with *another* tree of the earlier size. A consistency
/// proof fixes both roots (RFC 6962 §2.1.2), so no honest log can be accused: whoever finds one has
/// the log's own signatures under two histories, or a collision of SHA-256.
///
/// ```
/// diwan-fork-proof/v1\n
/// <root, base64>\n                    of the earlier size, in the later tree
/// <base64 of 32 bytes>\n              the consistency path from it; none when the sizes are equal
/// \n
/// <the earlier checkpoint>
/// \n
/// <the later checkpoint>
/// ```
///
/// An accusation needs no witnesses: only the log's signatures count.
public final class ForkProof {
    private static final String HEADER = "diwan-fork-proof/v1";

    /// Characters in a proof.
    public static final int MAX_TEXT = 2 * Checkpoint.MAX_TEXT + 64 * 64;

    private final Checkpoint earlier;
    private final Checkpoint later;
    private final byte[] root;
    private final List<byte[]> path;

    ForkProof(Checkpoint earlier, Checkpoint later, byte[] root, List<byte[]> path) {
        this.earlier = earlier;
        this.later = later;
        this.root = root.clone();
        this.path = List.copyOf(path);
    }

    /// The proof that `text` spells; nothing is verified yet.
    ///
    /// @throws VerificationException when it is not in this format
    public static ForkProof parse(String text) throws VerificationException {
        if (text.length() > MAX_TEXT)
            throw new VerificationException("fork proof: " + text.length() + " characters, limit " + MAX_TEXT);
        String[] parts = text.split("\n\n", -1);
        if (parts.length != 5)
            throw new VerificationException("fork proof: expected a head and two checkpoints, an empty line between");
        String[] lines = parts[0].split("\n", Merkle.MAX_PATH + 3);
        if (!lines[0].equals(HEADER) || lines.length < 2)
            throw new VerificationException("fork proof: does not begin with " + HEADER + " and a root");
        try {
            var path = new ArrayList<byte[]>();
            for (int i = 2; i < lines.length; i++) path.add(StrictBase64.hash(lines[i]));
            return new ForkProof(
                    Checkpoint.parse(parts[1] + "\n\n" + parts[2] + "\n"),
                    Checkpoint.parse(parts[3] + "\n\n" + parts[4]),
                    StrictBase64.hash(lines[1]),
                    path);
        } catch (IllegalArgumentException e) {
            throw new VerificationException("fork proof: " + e.getMessage());
        }
    }

    /// Returns when the log whose verifier keys are `keys` has contradicted itself.
    ///
    /// @throws VerificationException saying why this does not prove it
    public void verify(List<VerifierKey> keys) throws VerificationException {
        earlier.verify(keys);
        later.verify(keys);
        if (!earlier.origin().equals(later.origin()))
            throw new VerificationException("fork proof: the checkpoints are of two logs");
        if (Arrays.equals(root, earlier.root()))
            throw new VerificationException("fork proof: the later tree begins with the earlier one, as it must");
        if (!Merkle.consistent(earlier.size(), root, later.size(), later.root(), path))
            throw new VerificationException("fork proof: the path does not lead to the later root");
    }

    /// The checkpoint that the later one contradicts.
    public Checkpoint earlier() {
        return earlier;
    }

    /// The checkpoint of the same size or a larger one.
    public Checkpoint later() {
        return later;
    }

    /// What [#parse] reads.
    public String text() {
        var out = new StringBuilder(HEADER).append('\n');
        out.append(StrictBase64.encode(root)).append('\n');
        for (byte[] hash : path) out.append(StrictBase64.encode(hash)).append('\n');
        return out.append('\n')
                .append(earlier.text())
                .append('\n')
                .append(later.text())
                .toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
