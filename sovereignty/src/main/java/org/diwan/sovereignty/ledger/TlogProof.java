package org.diwan.sovereignty.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The proof, checkable offline, that a log holds an entry at an index (C2SP tlog-proof):
///
/// ```
/// c2sp.org/tlog-proof@v1\n
/// index <decimal>\n
/// <base64 of 32 bytes>\n            the inclusion path, the leaf's sibling first (RFC 6962 §2.1.1)
/// \n
/// <checkpoint, verbatim>            see [Checkpoint]; its signature lines in ascending order
/// ```
///
/// A proof has exactly one spelling: [#parse] refuses every text that [#text] would not write, and
/// [#verify] refuses signature lines it cannot check. So no byte of a proof that verifies can be
/// changed without failing. The optional `extra` line, which nothing authenticates, is refused.
public final class TlogProof {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";

    private final long index;
    private final List<byte[]> path;
    private final Checkpoint checkpoint;

    TlogProof(long index, List<byte[]> path, Checkpoint checkpoint) {
        if (index < 0 || index >= checkpoint.size())
            throw new IllegalArgumentException("index " + index + " is not below the size " + checkpoint.size());
        if (path.size() > Merkle.MAX_PATH)
            throw new IllegalArgumentException(path.size() + " hashes, limit " + Merkle.MAX_PATH);
        this.index = index;
        this.path = List.copyOf(path);
        this.checkpoint = checkpoint;
    }

    /// The proof that `text` spells; its form is right, nothing is verified yet.
    ///
    /// @throws VerificationException naming the line that breaks the format
    public static TlogProof parse(String text) throws VerificationException {
        int end = text.indexOf("\n\n");
        if (end < 0) throw new VerificationException("proof: no empty line between proof and checkpoint");
        String[] lines = text.substring(0, end).split("\n", 3 + Merkle.MAX_PATH);
        if (!lines[0].equals(HEADER)) throw new VerificationException("proof line 1: expected " + HEADER);
        if (lines.length < 2 || !lines[1].startsWith("index "))
            throw new VerificationException("proof line 2: expected \"index <decimal>\"");
        var checkpoint = Checkpoint.parse(text.substring(end + 2));
        int line = 1;
        try {
            long index = Checkpoint.number(lines[line].substring("index ".length()));
            var path = new ArrayList<byte[]>();
            for (line = 2; line < lines.length; line++) path.add(StrictBase64.hash(lines[line]));
            var proof = new TlogProof(index, path, checkpoint);
            if (!proof.text().equals(text))
                throw new VerificationException("proof: not in the one form that it would be written in");
            return proof;
        } catch (IllegalArgumentException e) {
            throw new VerificationException(
                    "proof line " + (Math.min(line, lines.length - 1) + 1) + ": " + e.getMessage());
        }
    }

    /// As below, for a log that has no witnesses.
    public void verify(byte[] entry, List<VerifierKey> keys) throws VerificationException {
        verify(entry, keys, WitnessPolicy.NONE);
    }

    /// Returns when the log whose verifier keys are `keys` holds exactly `entry` at [#index], and as many
    /// witnesses stand by the checkpoint as `policy` asks for. Give every key that signs the log's
    /// checkpoints: a signature that neither `keys` nor `policy` explains is refused, because nobody
    /// checked it.
    ///
    /// @throws VerificationException saying what differs
    public void verify(byte[] entry, List<VerifierKey> keys, WitnessPolicy policy) throws VerificationException {
        var seen = new HashSet<String>();
        String before = "";
        for (var line : checkpoint.signatures()) {
            if (keys.stream().noneMatch(line::by) && !policy.explains(line))
                throw new VerificationException("proof: signature by " + line.name() + "+" + line.keyId()
                        + ", whose verifier key was not given; give all keys of the log, and the witness policy"
                        + " where it has witnesses");
            if (!seen.add(line.name() + "+" + line.keyId()))
                throw new VerificationException("proof: two signatures by " + line.name() + "+" + line.keyId());
            if (line.text().compareTo(before) < 0)
                throw new VerificationException("proof: signature lines are not in ascending order");
            before = line.text();
        }
        checkpoint.verify(keys);
        policy.verify(checkpoint);
        if (!Merkle.includes(Merkle.leaf(entry), index, path, checkpoint.size(), checkpoint.root()))
            throw new VerificationException("proof: the entry at index " + index + " of " + checkpoint.origin()
                    + " does not lead to the root of size " + checkpoint.size()
                    + ": entry, index or a hash of the path was changed");
    }

    /// Where the entry stands in the log, from 0.
    public long index() {
        return index;
    }

    /// The checkpoint that covers the entry.
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /// What [#parse] reads.
    public String text() {
        var out = new StringBuilder(HEADER).append("\nindex ").append(index).append('\n');
        for (byte[] hash : path) out.append(StrictBase64.encode(hash)).append('\n');
        return out.append('\n').append(checkpoint.text()).toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
