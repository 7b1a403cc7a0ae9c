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
    private final WitnessPolicy policy;

    /// For a log that has no witnesses.
    public LogClient(TileSource source, List<VerifierKey> keys) {
        this(source, keys, WitnessPolicy.NONE);
    }

    /// @param policy that the log's checkpoints must meet, as soon as they cover an entry
    public LogClient(TileSource source, List<VerifierKey> keys, WitnessPolicy policy) {
        this.source = source;
        this.keys = List.copyOf(keys);
        this.policy = policy;
    }

    /// The log's present checkpoint, signatures verified.
    ///
    /// @throws VerificationException when there is none, it is not signed by every key, or not cosigned
    ///     as the policy asks
    public Checkpoint checkpoint() throws IOException, VerificationException {
        byte[] text = source.read("checkpoint", Checkpoint.MAX_TEXT);
        if (text == null) throw new VerificationException("checkpoint: no such file in " + source);
        var checkpoint = Checkpoint.parse(new String(text, StandardCharsets.UTF_8));
        verify(checkpoint);
        if (checkpoint.size() > 0) policy.verify(checkpoint);
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

    /// Returns when every key of the log has signed `checkpoint`, wherever it comes from.
    void verify(Checkpoint checkpoint) throws VerificationException {
        checkpoint.verify(keys);
    }

    /// Returns when `proof` proves `entry`, the log's present tree begins with the tree of the proof, and
    /// the log serves exactly `entry` at its index.
    ///
    /// @throws VerificationException saying which of these is false
    /// @throws IOException when the source does not answer
    public void check(TlogProof proof, byte[] entry) throws IOException, VerificationException {
        proof.verify(entry, keys, policy);
        var then = proof.checkpoint();
        var now = checkpoint();
        if (now.origin().equals(then.origin()) && now.size() < then.size())
            throw new VerificationException("checkpoint: the log has gone back from size " + then.size()
                    + ", which it signed, to " + now.size());
        checkContinuation(then, now);
        checkEntry(proof.index(), entry, now.size());
    }

    /// The proof that the log holds its entry `index`, under its present checkpoint, and the entry; the
    /// one has been verified against the other.
    ///
    /// @throws VerificationException when the log does not serve what it signed
    /// @throws IllegalArgumentException when the log has no such entry
    public Proven prove(long index) throws IOException, VerificationException {
        var now = checkpoint();
        if (index < 0 || index >= now.size())
            throw new IllegalArgumentException("no entry " + index + " in a log of " + now.size());
        var proof = new TlogProof(index, Merkle.inclusion(index, now.size(), new TileReader(source, now.size())), now);
        byte[] entry = served(index, now.size());
        proof.verify(entry, keys, policy);
        return new Proven(proof, entry);
    }

    /// An entry and the proof that a log holds it. The entry is the caller's.
    @SuppressWarnings("ArrayRecordComponent")
    public record Proven(TlogProof proof, byte[] entry) {}

    /// Returns when `now`, which this log serves the tiles of, begins with the tree of `then`, which is
    /// not larger.
    ///
    /// @throws ForkException when the log has signed both and they contradict each other
    /// @throws VerificationException when `then` is not signed by the log, or its tiles prove nothing
    void checkContinuation(Checkpoint then, Checkpoint now) throws IOException, VerificationException {
        if (!now.origin().equals(then.origin()))
            throw new VerificationException(
                    "checkpoint: the log at " + source + " is " + now.origin() + ", the other is of " + then.origin());
        verify(then);
        var tiles = new TileReader(source, now.size());
        var path = Merkle.consistency(then.size(), now.size(), tiles);
        if (Merkle.consistent(then.size(), then.root(), now.size(), now.root(), path)) return;
        String message = "the log at size " + now.size() + " does not begin with the tree of size " + then.size()
                + " that it signed before: it was rewritten";
        byte[] root = then.size() == now.size() ? now.root() : Merkle.root(then.size(), tiles);
        if (Merkle.consistent(then.size(), root, now.size(), now.root(), path))
            throw new ForkException(message, new ForkProof(then, now, root, path));
        throw new VerificationException(message + ", or a tile was changed (see ledger fsck)");
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
