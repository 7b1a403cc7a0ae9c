package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Asks a log, as it is now, about an older proof: an auditor's side, which trusts the verifier keys and
/// nothing that the source says. A proof verifies alone ([TlogProof#verify]); here one learns in
/// addition that the log still stands by it. Not for several threads.
public final class LogClient {
    private final TileSource source;
    private final List<VerifierKey> keys;

    public LogClient(TileSource source, List<VerifierKey> keys) {
        this.source = source;
        this.keys = List.copyOf(keys);
    }

    /// The log's present checkpoint, signatures verified.
    ///
    /// @throws VerificationException when there is none or it is not signed by every key
    public Checkpoint checkpoint() throws IOException, VerificationException {
        byte[] text = source.read("checkpoint", Checkpoint.MAX_TEXT);
        if (text == null) throw new VerificationException("checkpoint: no such file in " + source);
        var checkpoint = Checkpoint.parse(new String(text, StandardCharsets.UTF_8));
        checkpoint.verify(keys);
        return checkpoint;
    }

    /// The entry at `index` as the log serves it, for a reader of the whole log ([LogScan]) who knows
    /// that it leads to the root of `checkpoint`.
    ///
    /// @throws VerificationException when the served entry is not under that root
    public byte[] entry(Checkpoint checkpoint, long index) throws IOException, VerificationException {
        var nodes = new TileReader(source, checkpoint.size());
        byte[] entry = served(index, checkpoint.size());
        var path = Merkle.inclusion(index, checkpoint.size(), nodes);
        if (!Merkle.includes(Merkle.leaf(entry), index, path, checkpoint.size(), checkpoint.root()))
            throw new VerificationException("entry " + index + ": not under the signed root of size "
                    + checkpoint.size() + ": it was changed, or a tile was (see ledger fsck)");
        return entry;
    }

    /// Returns when `proof` proves `entry`, the log's present tree begins with the tree of the proof, and
    /// the log serves exactly `entry` at its index.
    ///
    /// @throws VerificationException saying which of these is false
    /// @throws IOException when the source does not answer
    public void check(TlogProof proof, byte[] entry) throws IOException, VerificationException {
        proof.verify(entry, keys);
        var then = proof.checkpoint();
        var now = checkpoint();
        if (!now.origin().equals(then.origin()))
            throw new VerificationException(
                    "checkpoint: the log at " + source + " is " + now.origin() + ", the proof is of " + then.origin());
        if (now.size() < then.size())
            throw new VerificationException("checkpoint: the log has gone back from size " + then.size()
                    + ", which it signed, to " + now.size());
        checkConsistency(then, now);
        checkEntry(proof.index(), entry, now.size());
    }

    private void checkConsistency(Checkpoint then, Checkpoint now) throws IOException, VerificationException {
        var path = Merkle.consistency(then.size(), now.size(), new TileReader(source, now.size()));
        if (!Merkle.consistent(then.size(), then.root(), now.size(), now.root(), path))
            throw new VerificationException(
                    "the log at size " + now.size() + " does not begin with the tree of size " + then.size()
                            + " that it signed before: it was rewritten, or a tile was changed (see ledger fsck)");
    }

    private void checkEntry(long index, byte[] entry, long size) throws IOException, VerificationException {
        if (!Arrays.equals(served(index, size), entry))
            throw new VerificationException(
                    bundle(index, size).path() + " entry " + index + ": not the entry that was proved");
    }

    private byte[] served(long index, long size) throws IOException, VerificationException {
        return TileReader.entries(source, bundle(index, size)).get((int) (index % Tile.WIDTH));
    }

    private static Tile bundle(long index, long size) {
        return Objects.requireNonNull(
                Tile.in(size, Tile.ENTRIES, index / Tile.WIDTH), "index < size of the proof ≤ size of the log");
    }
}
