package org.diwan.sovereignty.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.diwan.base.AtomicFile;
import org.jspecify.annotations.Nullable;

/// An append-only log on disk that keeps two promises, whenever the process is killed, the power fails
/// or the disk fills up:
///
/// 1. **Nothing acknowledged is lost.** When [#append] has returned an index, every later life of the
///    ledger holds that entry at that index.
/// 2. **Nothing signed is contradicted.** Every checkpoint that was ever visible is a prefix of every
///    later one; there is no fork.
///
/// # What is on disk
///
/// ```
/// checkpoint                 the commit point: everything below its size is in tiles
/// tile/<L>/…                 hashes            (see Tile)          published: anybody may read them
/// tile/entries/…             entries
/// .state/journal/…           entries that are acknowledged, in tiles or not yet (see Journal)
/// .state/draft/…             files that are not whole yet
/// .state/lock                held by the one process that writes
/// ```
///
/// # In which order it is written
///
/// An entry goes: caller → queue → *journal, forced* → acknowledged → (publish) *full and partial tiles,
/// forced* → signed → (witnesses) cosigned → *checkpoint, forced* → visible. Journal files go when a
/// checkpoint covers them.
///
/// One thread writes the journal: it takes all appends that wait, writes them as one batch, forces once
/// (group commit: the more appenders, the larger the batch) and wakes them up. Whoever publishes holds a
/// lock of its own and works on entries that are durable already, so that appends go on meanwhile.
///
/// # Why each moment is safe to stop at
///
/// - *While a batch is written.* Nobody was told. Recovery finds the batch whole and takes it, or finds
///   it torn and leaves it out. An append that was refused because the disk failed may therefore still
///   be found in the log after a crash; an acknowledged one always is.
/// - *After the force, before the caller knows.* The entry is in the log, as if the caller had died.
/// - *While tiles are written.* Only durable entries are hashed into tiles, and their order is settled,
///   so a tile has one possible content: writing it again after a crash writes the same bytes. Drafts
///   are renamed only when whole. The checkpoint still says what it said.
/// - *After signing, before the checkpoint is renamed.* Nobody but the witnesses has seen the signature.
///   What it covers is in the journal, so the next checkpoint says the same or more, and they agree.
/// - *After the rename, before the folder is forced.* Somebody may have read the new checkpoint, and a
///   power failure may bring the old one back. The entries are in the journal, which is only cut once
///   the folder was forced: recovery signs at least what was seen.
/// - *While old journal files are removed.* They say nothing that the tiles do not say.
///
/// # Recovery
///
/// Read the checkpoint and verify our own signatures; read the right edge of its tree and check that it
/// gives the signed root; take the journal's entries from its size on and write them to a fresh journal,
/// forced, because a killed process may have left them in the kernel's memory only; remove the old
/// journal; publish; only then accept appends. Whatever does not fit (a foreign key, an edge that does
/// not hash to the root, a gap in the journal, tiles beyond what checkpoint and journal know, as after an
/// old checkpoint was copied back) is an error that says so: a ledger that does not open is a nuisance, a
/// fork is the end. Witnesses that do not answer do not keep a ledger from opening: what was recovered
/// then waits for the next publish, as new entries do.
///
/// # When the disk fails
///
/// An append that meets ENOSPC or EIO is refused with the [IOException], together with those in its
/// batch. The next batch is written over whatever the failed one has left, so that the ledger goes on as
/// soon as the disk does. A failed `force` is never merely repeated (see [Disk.File#force]): nothing is
/// acknowledged but by a force that came after writing those very bytes. A publish that fails leaves the
/// old checkpoint in force.
///
/// # When witnesses are away
///
/// A publish that the policy's quorum is not met for fails too, and may be tried again. Entries are
/// acknowledged meanwhile, up to what may wait for a checkpoint; then appends are refused, with the reason,
/// until the witnesses are back.
public final class Ledger implements AutoCloseable {
    /// Bytes in one entry: what the two bytes of length in an entry bundle can say.
    public static final int MAX_ENTRY_SIZE = 65_535;

    /// Appends that may wait for the writer: some milliseconds of work; more is [Overloaded].
    static final int QUEUE_ENTRIES = 8192;

    /// Bytes that may wait for the writer.
    static final int QUEUE_SIZE = 32 << 20;

    /// Durable entries that may wait for a checkpoint, and their bytes. Beyond, the writer publishes
    /// before it goes on, so that memory and the work of a recovery stay bounded.
    static final int PENDING_ENTRIES = 1 << 16;

    static final int PENDING_SIZE = 64 << 20;

    private static final String CHECKPOINT = "checkpoint";

    private final Disk disk;
    private final LogSigner signer;
    private final Cosigners cosigners;
    private final Closeable lock;
    private final Journal journal;
    private final Thread writer;

    /// Guards the queue below. The writer waits on it.
    private final Object queue = new Object();

    private List<Append> waiting = new ArrayList<>();
    private int waitingSize;
    private boolean closed;

    /// Guards the four below: entries `[checkpoint.size(), checkpoint.size() + pending.size())` are
    /// durable in the journal and in `pending`; those before are in the tiles.
    private final Object state = new Object();

    private Checkpoint checkpoint;
    /// Whether `checkpoint` has the cosignatures that the policy asks for: not so one from before there
    /// were witnesses.
    private boolean witnessed;
    private List<byte[]> pending;
    private long pendingSize;

    /// Held while publishing; guards the edge of the published tree and its last, partial bundle.
    private final Object publishing = new Object();

    private Frontier frontier;
    private List<byte[]> lastBundle;
    private boolean released;

    /// One caller of [#append] until the writer answers.
    private static final class Append {
        final byte[] entry;
        final CountDownLatch answered = new CountDownLatch(1);
        long index = -1;

        @Nullable
        IOException refused;

        Append(byte[] entry) {
            this.entry = entry;
        }
    }

    /// The log in `folder`, which is made when it is not there; recovers what a crash has left.
    ///
    /// @throws IOException when another process has it open, `signer` is not its signer, the disk
    ///     refuses, or acknowledged entries are damaged or missing
    public static Ledger open(Path folder, LogSigner signer) throws IOException {
        return open(folder, signer, Cosigners.of(WitnessPolicy.NONE));
    }

    /// The log in `folder`, as above, whose checkpoints are shown to witnesses before they are published.
    public static Ledger open(Path folder, LogSigner signer, Cosigners cosigners) throws IOException {
        Path absolute = folder.toAbsolutePath();
        Files.createDirectories(absolute.resolve(".state"));
        if (absolute.getParent() != null) AtomicFile.syncFolder(absolute.getParent());
        var lock = FolderLock.take(folder);
        try {
            return new Ledger(new FolderDisk(folder), signer, cosigners, new SecureRandom(), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    Ledger(Disk disk, LogSigner signer, RandomGenerator random, Closeable lock) throws IOException {
        this(disk, signer, Cosigners.of(WitnessPolicy.NONE), random, lock);
    }

    Ledger(Disk disk, LogSigner signer, Cosigners cosigners, RandomGenerator random, Closeable lock)
            throws IOException {
        this.disk = disk;
        this.signer = signer;
        this.cosigners = cosigners;
        this.lock = lock;
        disk.syncFolder("");
        disk.makeFolders(Disk.DRAFTS);
        for (String draft : disk.list(Disk.DRAFTS)) disk.delete(Disk.DRAFTS + "/" + draft);

        this.checkpoint = recoverCheckpoint();
        this.witnessed = checkpoint.size() == 0 || cosigners.suffice(checkpoint);
        this.frontier = recoverFrontier();
        this.lastBundle = recoverLastBundle();
        this.pending = Journal.recover(disk, checkpoint.size());
        for (byte[] entry : pending) pendingSize += entry.length;
        checkNothingBeyond(size());
        this.journal = new Journal(disk, checkpoint.size(), random);
        try {
            renewJournal();
            publish();
            removeOldPartials();
        } catch (NoQuorum e) {
            // The entries are in the journal; whoever publishes next hears the same, and can wait.
        } catch (IOException e) {
            journal.close();
            throw e;
        }
        this.writer = Thread.ofPlatform().name("ledger-writer").daemon().unstarted(this::write);
        writer.start();
    }

    /// The checkpoint on disk, or the first one of a new log.
    private Checkpoint recoverCheckpoint() throws IOException {
        byte[] text = disk.read(CHECKPOINT, Checkpoint.MAX_TEXT);
        if (text == null) {
            if (!disk.isEmpty("tile") || !disk.isEmpty(Journal.FOLDER))
                throw new IOException(disk + "/checkpoint: missing beside tiles or a journal; restore it from a copy");
            var first = signer.sign(0, new Frontier().root());
            disk.write(Map.of(CHECKPOINT, first.text().getBytes(StandardCharsets.UTF_8)));
            return first;
        }
        try {
            var found = Checkpoint.parse(new String(text, StandardCharsets.UTF_8));
            found.verify(signer.keys());
            return found;
        } catch (VerificationException e) {
            throw new IOException(disk + "/checkpoint: not signed by this log's keys or damaged: " + e.getMessage(), e);
        }
    }

    private Frontier recoverFrontier() throws IOException {
        long size = checkpoint.size();
        var partials = new ArrayList<byte[]>();
        for (int level = 0; Tile.count(size, level) > 0; level++) {
            long count = Tile.count(size, level);
            var tile = Tile.in(size, level, count / Tile.WIDTH);
            partials.add(tile == null ? new byte[0] : TileReader.read(disk, tile));
        }
        var found = Frontier.of(size, partials);
        if (!Arrays.equals(found.root(), checkpoint.root()))
            throw new IOException(disk + ": the last tiles do not hash to the root of the checkpoint at size " + size
                    + "; `ledger fsck` names the file, restore it from a copy");
        return found;
    }

    private List<byte[]> recoverLastBundle() throws IOException {
        var bundle = Tile.in(checkpoint.size(), Tile.ENTRIES, checkpoint.size() / Tile.WIDTH);
        if (bundle == null) return new ArrayList<>();
        try {
            var entries = new ArrayList<>(TileReader.entries(disk, bundle).subList(0, bundle.width()));
            byte[] hashes = frontier.partial(0);
            for (int i = 0; i < entries.size(); i++)
                if (!Arrays.equals(Merkle.leaf(entries.get(i)), Frontier.perfect(hashes, i, 1)))
                    throw new VerificationException(
                            bundle.path() + ": entry " + i + " does not have the hash in its tile");
            return entries;
        } catch (VerificationException e) {
            throw new IOException(disk + "/" + e.getMessage() + "; restore it from a copy", e);
        }
    }

    /// Writes the recovered entries to a fresh journal, forced, and removes the old one: what was read may
    /// be in the kernel's memory only, and the tree must not grow over entries that are not on disk. Old
    /// files that come back after a power failure hold the same entries.
    private void renewJournal() throws IOException {
        var old = disk.list(Journal.FOLDER);
        for (var batch : Journal.batches(pending)) journal.append(batch);
        for (String name : old) disk.delete(Journal.FOLDER + "/" + name);
    }

    /// Entries are in the journal before they are in tiles. Tiles that hold more than checkpoint and
    /// journal together belong to a later checkpoint than the one here.
    private void checkNothingBeyond(long size) throws IOException {
        var next = new Tile(0, size / Tile.WIDTH, Tile.WIDTH);
        int width = (int) (size % Tile.WIDTH);
        boolean beyond = disk.read(next.path(), next.limit()) != null
                || disk.read(new Tile(0, next.index() + 1, Tile.WIDTH).path(), next.limit()) != null;
        for (String name : disk.list(next.path() + ".p")) {
            var partial = Tile.parse(next.path() + ".p/" + name);
            beyond |= partial != null && partial.width() > width;
        }
        if (beyond)
            throw new IOException(disk + "/" + next.path() + ": the tiles go beyond the " + size
                    + " entries that checkpoint and journal know: an older checkpoint was put back;"
                    + " restore the newest one, or start a new log");
    }

    /// The index of `entry`, which is on disk when this returns. Any number of threads may call; the
    /// more do, the less one costs. Waits through interruption: the entry may already be on disk.
    ///
    /// @throws Overloaded when too many appends wait
    /// @throws IOException when the disk refuses or the ledger is closed
    /// @throws IllegalArgumentException when the entry is larger than [#MAX_ENTRY_SIZE]
    public long append(byte[] entry) throws IOException {
        if (entry.length > MAX_ENTRY_SIZE)
            throw new IllegalArgumentException(
                    "an entry has at most " + MAX_ENTRY_SIZE + " bytes, not " + entry.length + ": log a commitment");
        var append = new Append(entry.clone());
        synchronized (queue) {
            if (closed) throw new IOException(disk + ": the ledger is closed");
            if (waiting.size() >= QUEUE_ENTRIES || waitingSize + entry.length > QUEUE_SIZE)
                throw new Overloaded(QUEUE_ENTRIES);
            waiting.add(append);
            waitingSize += entry.length;
            queue.notifyAll();
        }
        return await(append);
    }

    /// Appends many entries as if one after the other, in batches: for tests and benchmarks.
    void appendAll(List<byte[]> entries) throws IOException {
        for (var batch : Journal.batches(entries)) {
            var appends = batch.stream().map(Append::new).toList();
            synchronized (queue) {
                if (closed) throw new IOException(disk + ": the ledger is closed");
                waiting.addAll(appends);
                queue.notifyAll();
            }
            await(appends.getLast());
        }
    }

    /// How many appends the writer has not taken yet.
    int waiting() {
        synchronized (queue) {
            return waiting.size();
        }
    }

    private static long await(Append append) throws IOException {
        boolean interrupted = false;
        while (true) {
            try {
                append.answered.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        if (append.refused != null) throw new IOException(append.refused.getMessage(), append.refused);
        return append.index;
    }

    /// The writer thread: batch after batch until the ledger is closed and nobody waits.
    private void write() {
        try {
            for (var batch = take(); !batch.isEmpty(); batch = take()) write(batch);
        } finally {
            // Also when it ends by an error: nobody must wait for an answer that does not come.
            synchronized (queue) {
                closed = true;
                answer(waiting, new IOException(disk + ": the ledger is closed"));
            }
        }
    }

    /// All appends that wait, at least one; none when the ledger is closed.
    private List<Append> take() {
        synchronized (queue) {
            while (waiting.isEmpty() && !closed) {
                try {
                    queue.wait();
                } catch (InterruptedException e) {
                    closed = true;
                }
            }
            var batch = waiting;
            waiting = new ArrayList<>();
            waitingSize = 0;
            return batch;
        }
    }

    private void write(List<Append> batch) {
        var refused = new IOException(disk + ": the writer of the ledger has stopped by an error");
        try {
            makeRoom();
            var entries = batch.stream().map(append -> append.entry).toList();
            journal.append(entries);
            synchronized (state) {
                long index = checkpoint.size() + pending.size();
                for (var append : batch) append.index = index++;
                pending.addAll(entries);
                for (byte[] entry : entries) pendingSize += entry.length;
            }
            refused = null;
        } catch (IOException e) {
            refused = e;
        } finally {
            answer(batch, refused);
        }
    }

    private static void answer(List<Append> batch, @Nullable IOException refused) {
        for (var append : batch) {
            append.refused = refused;
            append.answered.countDown();
        }
    }

    private void makeRoom() throws IOException {
        if (full()) {
            // Somebody may be publishing: what that makes room for need not be published again.
            synchronized (publishing) {
                if (full()) publish();
            }
        }
        journal.forget(checkpoint().size());
    }

    private boolean full() {
        synchronized (state) {
            return pending.size() >= PENDING_ENTRIES || pendingSize >= PENDING_SIZE;
        }
    }

    /// A checkpoint that covers every entry whose append had returned before this call, signed and on
    /// disk. Callers that arrive together share one.
    ///
    /// @throws NoQuorum when too few witnesses cosign it; the previous checkpoint stays in force
    /// @throws IOException when the disk refuses or the calling thread is interrupted; the previous
    ///     checkpoint stays in force
    public Checkpoint publish() throws IOException {
        long wanted = size();
        synchronized (publishing) {
            if (released) throw new IOException(disk + ": the ledger is closed");
            List<byte[]> entries;
            synchronized (state) {
                if (checkpoint.size() >= wanted && witnessed) return checkpoint;
                entries = List.copyOf(pending);
            }
            return publish(entries);
        }
    }

    private Checkpoint publish(List<byte[]> entries) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        var grown = new ArrayList<String>();
        var edge = frontier.copy();
        var bundle = new ArrayList<>(lastBundle);
        for (byte[] entry : entries) {
            bundle.add(entry);
            edge.add(Merkle.leaf(entry), (tile, hashes) -> {
                files.put(tile.path(), hashes);
                grown.add(tile.path());
            });
            if (bundle.size() == Tile.WIDTH) {
                var tile = new Tile(Tile.ENTRIES, edge.size() / Tile.WIDTH - 1, Tile.WIDTH);
                files.put(tile.path(), Tile.bundle(bundle));
                grown.add(tile.path());
                bundle.clear();
            }
        }
        for (int level = Tile.ENTRIES; level < edge.levels(); level++) {
            var tile = Tile.in(edge.size(), level, Tile.count(edge.size(), level) / Tile.WIDTH);
            if (tile != null) files.put(tile.path(), level == Tile.ENTRIES ? Tile.bundle(bundle) : edge.partial(level));
        }
        disk.write(files);
        long size = edge.size();
        var signed = cosigners.cosign(
                signer.sign(size, edge.root()),
                oldSize -> Merkle.consistency(oldSize, size, new TileReader(disk, size)));
        disk.write(Map.of(CHECKPOINT, signed.text().getBytes(StandardCharsets.UTF_8)));
        frontier = edge;
        lastBundle = bundle;
        synchronized (state) {
            checkpoint = signed;
            witnessed = true;
            pending.subList(0, entries.size()).clear();
            for (byte[] entry : entries) pendingSize -= entry.length;
        }
        removePartials(grown);
        return signed;
    }

    /// Partial tiles that a process has left which died between publishing and removing them: beside the
    /// full tiles of its last checkpoint, which covers no more than could wait for it.
    private void removeOldPartials() {
        var tiles = new ArrayList<String>();
        long most = (PENDING_ENTRIES + QUEUE_ENTRIES) / Tile.WIDTH + 1;
        for (int level = Tile.ENTRIES; level < frontier.levels(); level++) {
            long full = Tile.count(frontier.size(), level) / Tile.WIDTH;
            for (long index = Math.max(0, full - most); index < full; index++)
                tiles.add(new Tile(level, index, Tile.WIDTH).path());
        }
        removePartials(tiles);
    }

    /// Partial tiles stay as long as the full one is not there: clients of older checkpoints ask for
    /// them. That is at most 255 of them, or some 16 MB of entry bundles with entries of 500 bytes.
    private void removePartials(List<String> fullTiles) {
        for (String tile : fullTiles) {
            try {
                for (String width : disk.list(tile + ".p")) disk.delete(tile + ".p/" + width);
                disk.delete(tile + ".p");
            } catch (IOException e) {
                // What stays is true and does no harm; the checkpoint must not fail for it.
            }
        }
    }

    /// The checkpoint published last.
    public Checkpoint checkpoint() {
        synchronized (state) {
            return checkpoint;
        }
    }

    /// Whether [#publish] has something to do: entries that no checkpoint covers, or witnesses to ask.
    public boolean isBehind() {
        synchronized (state) {
            return !witnessed || !pending.isEmpty();
        }
    }

    /// How many entries are on disk, under a checkpoint or not yet.
    public long size() {
        synchronized (state) {
            return checkpoint.size() + pending.size();
        }
    }

    /// The entry at `index`, under a checkpoint or not yet.
    ///
    /// @throws IndexOutOfBoundsException when there is none
    public byte[] entry(long index) throws IOException {
        @Nullable Tile bundle;
        synchronized (state) {
            long size = checkpoint.size() + pending.size();
            if (index < 0 || index >= size)
                throw new IndexOutOfBoundsException("no entry " + index + " in a ledger of " + size);
            bundle = Tile.in(checkpoint.size(), Tile.ENTRIES, index / Tile.WIDTH);
            if (bundle == null || index >= checkpoint.size())
                return pending.get((int) (index - checkpoint.size())).clone();
        }
        try {
            return TileReader.entries(disk, bundle).get((int) (index % Tile.WIDTH));
        } catch (VerificationException e) {
            throw new IOException(disk + "/" + e.getMessage(), e);
        }
    }

    /// The proof ([TlogProof]) that the entry at `index` is in the log, under a checkpoint that covers
    /// it and is cosigned as the policy asks; publishes one first where the last is not such.
    ///
    /// @throws IndexOutOfBoundsException when there is no such entry
    public String prove(long index) throws IOException {
        if (index < 0 || index >= size())
            throw new IndexOutOfBoundsException("no entry " + index + " in a ledger of " + size());
        var covering = isBehind(index) ? publish() : checkpoint();
        var tiles = new TileReader(disk, covering.size());
        return new TlogProof(index, Merkle.inclusion(index, covering.size(), tiles), covering).text();
    }

    private boolean isBehind(long index) {
        synchronized (state) {
            return !witnessed || index >= checkpoint.size();
        }
    }

    /// Waits for the appends under way, writes no checkpoint, lets another process open the ledger.
    @Override
    public void close() throws IOException {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        synchronized (publishing) {
            if (released) return;
            released = true;
            journal.close();
            lock.close();
        }
    }
}
