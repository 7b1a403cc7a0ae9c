package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.base.AtomicFile;

/// An append-only log of entries with signed checkpoints.
public final class Ledger implements AutoCloseable {
    /// Bytes in one entry: what the two bytes of length in an entry bundle can say.
    public static final int MAX_ENTRY_SIZE = 65_535;

    private final Path folder;
    private final LogSigner signer;
    private final List<byte[]> entries = new ArrayList<>();
    private Checkpoint checkpoint;

    private Ledger(Path folder, LogSigner signer) throws IOException {
        this.folder = folder;
        this.signer = signer;
        this.checkpoint = signer.sign(0, Merkle.root(0, this::node));
    }

    /// The log in `folder`, which is made when it is not there.
    public static Ledger open(Path folder, LogSigner signer) throws IOException {
        return new Ledger(folder, signer);
    }

    /// The index of `entry`, which is on disk when this returns.
    ///
    /// @throws Overloaded when too many appends wait
    /// @throws IOException when the disk refuses; the entry is not in the log
    public synchronized long append(byte[] entry) throws IOException {
        if (entry.length > MAX_ENTRY_SIZE)
            throw new IllegalArgumentException(
                    "an entry has at most " + MAX_ENTRY_SIZE + " bytes, not " + entry.length + ": log a commitment");
        entries.add(entry.clone());
        return entries.size() - 1L;
    }

    /// A checkpoint that covers every entry appended before the call, signed and on disk.
    public synchronized Checkpoint publish() throws IOException {
        if (checkpoint.size() == entries.size()) return checkpoint;
        checkpoint = signer.sign(entries.size(), Merkle.root(entries.size(), this::node));
        AtomicFile.write(folder.resolve("checkpoint"), checkpoint.text().getBytes(StandardCharsets.UTF_8));
        return checkpoint;
    }

    /// The checkpoint published last.
    public synchronized Checkpoint checkpoint() {
        return checkpoint;
    }

    /// The entry at `index`, published or not.
    public synchronized byte[] entry(long index) throws IOException {
        return entries.get((int) index).clone();
    }

    /// How many entries are on disk.
    public synchronized long size() {
        return entries.size();
    }

    /// The proof ([TlogProof]) that the entry at `index` is in the log, under a checkpoint that covers
    /// it; publishes one first where the last does not.
    public synchronized String prove(long index) throws IOException {
        if (index >= checkpoint.size()) publish();
        return new TlogProof(index, Merkle.inclusion(index, checkpoint.size(), this::node), checkpoint).text();
    }

    private byte[] node(int level, long index) {
        if (level == 0) return Merkle.leaf(entries.get((int) index));
        return Merkle.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
    }

    @Override
    public void close() {}
}
