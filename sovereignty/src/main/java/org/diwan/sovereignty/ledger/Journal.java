package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The write-ahead journal: where an entry becomes durable before the tree knows it. [Ledger] says how
/// journal and tree work together; this class keeps the files.
///
/// Entries are written in batches, one `force` for all that wait. A batch is acknowledged before the
/// next one is written, so that a batch with another one after it was certainly whole once: if it does
/// not check now, the disk has lost acknowledged entries and we refuse to go on. If it is the last one
/// of its file, it was being written when the machine stopped, nobody was promised anything, and it is
/// left out.
///
/// Files lie in `.state/journal/`, named `<index of the first entry, 20 digits>-<salt, 16 hex digits>`.
/// The salt is random and stands in every batch header: an entry cannot contain what looks like a
/// header of its own file. A file is a sequence of batches:
///
/// | offset | bytes | what (big-endian) |
/// |---|---|---|
/// | 0 | 8 | salt |
/// | 8 | 8 | index of the first entry |
/// | 16 | 4 | number of entries, at least 1 |
/// | 20 | 4 | size of the body |
/// | 24 | 4 | CRC-32C of the 24 bytes above and the body |
/// | 28 | … | body: for each entry its length (2 bytes) and its bytes, as in an entry bundle |
///
/// The entry "a" at index 7 in the file `00000000000000000007-0102030405060708`:
///
/// ```
/// 01 02 03 04 05 06 07 08   00 00 00 00 00 00 00 07   00 00 00 01   00 00 00 03   b8 1d 42 d6   00 01 61
/// ```
///
/// Owned by the ledger's writer thread.
final class Journal implements AutoCloseable {
    static final String FOLDER = ".state/journal";

    /// A file that has grown beyond this is followed by a new one, so that files whose entries are all
    /// under a checkpoint can go.
    static final int SEGMENT_SIZE = 16 << 20;

    /// The most that one batch holds: what waits in the ledger's queue.
    private static final int MAX_BATCH_ENTRIES = Ledger.QUEUE_ENTRIES;

    private static final int MAX_BATCH_BYTES = Ledger.QUEUE_SIZE;

    private static final int HEADER_SIZE = 28;
    private static final int CHECKED_HEADER_SIZE = 24;

    /// The largest file that recovery reads: one batch may start just below [#SEGMENT_SIZE].
    private static final int MAX_SEGMENT_SIZE = SEGMENT_SIZE + HEADER_SIZE + 2 * MAX_BATCH_ENTRIES + MAX_BATCH_BYTES;

    /// One file of the journal.
    private record Segment(String path, long salt) {
        static Segment of(long first, long salt) {
            return new Segment(FOLDER + "/%020d-%016x".formatted(first, salt), salt);
        }

        static Segment parse(String name) throws IOException {
            if (!name.matches("[0-9]{20}-[0-9a-f]{16}"))
                throw new IOException(FOLDER + "/" + name + ": not a journal file");
            return new Segment(FOLDER + "/" + name, HexFormat.fromHexDigitsToLong(name, 21, 37));
        }
    }

    private record Open(Segment segment, Disk.File file) {}

    /// `end` is one past the index of the last entry.
    private record Closed(Segment segment, long end) {}

    private final Disk disk;
    private final RandomGenerator random;
    private final List<Closed> closed = new ArrayList<>();
    private @Nullable Open current;
    /// One past the last durable entry.
    private long end;
    /// Bytes of the current file that are durable; what a failed write has left behind them is
    /// overwritten by the next batch, whose header stands in the same place.
    private long durableSize;

    /// A journal whose next entry has index `end`.
    Journal(Disk disk, long end, RandomGenerator random) {
        this.disk = disk;
        this.end = end;
        this.random = random;
    }

    /// The entries are on disk, in this order, when this returns. They are one batch: at most
    /// 8,192 entries and 32 MiB (see [#batches]).
    ///
    /// @throws IOException when the disk refuses; none of the entries is in the journal, except that
    ///     after a crash soon afterwards recovery may find them
    void append(List<byte[]> entries) throws IOException {
        var open = current;
        if (open == null || durableSize >= SEGMENT_SIZE) open = next(open);
        var batch = encode(open.segment().salt(), end, entries);
        int size = batch.remaining();
        try {
            open.file().write(durableSize, batch);
            open.file().force();
        } catch (IOException e) {
            cutOff(open.file());
            throw e;
        }
        durableSize += size;
        end += entries.size();
    }

    /// Removes a batch that was refused, so that the next opening does not find it. Only as a courtesy:
    /// the disk has just failed, and nobody was promised that the entries are *not* in the log.
    private void cutOff(Disk.File file) {
        try {
            file.truncate(durableSize);
        } catch (IOException e) {
            // The next batch overwrites it.
        }
    }

    private Open next(@Nullable Open before) throws IOException {
        disk.makeFolders(FOLDER);
        var segment = Segment.of(end, random.nextLong());
        var next = new Open(segment, disk.create(segment.path()));
        try {
            disk.syncFolder(FOLDER);
            if (before != null) before.file().close();
        } catch (IOException e) {
            next.file().close();
            throw e;
        }
        if (before != null) closed.add(new Closed(before.segment(), end));
        current = next;
        durableSize = 0;
        return next;
    }

    /// `entries` cut into lists that are small enough for [#append].
    static List<List<byte[]>> batches(List<byte[]> entries) {
        var batches = new ArrayList<List<byte[]>>();
        int from = 0;
        int bytes = 0;
        for (int to = 0; to < entries.size(); to++) {
            int size = entries.get(to).length;
            if (to - from == MAX_BATCH_ENTRIES || bytes + size > MAX_BATCH_BYTES) {
                batches.add(entries.subList(from, to));
                from = to;
                bytes = 0;
            }
            bytes += size;
        }
        if (from < entries.size()) batches.add(entries.subList(from, entries.size()));
        return batches;
    }

    static ByteBuffer encode(long salt, long first, List<byte[]> entries) {
        byte[] body = Tile.bundle(entries);
        var batch = ByteBuffer.allocate(HEADER_SIZE + body.length);
        batch.putLong(salt).putLong(first).putInt(entries.size()).putInt(body.length);
        batch.putInt(checksum(batch.array(), 0, body)).put(body);
        return batch.flip();
    }

    private static int checksum(byte[] bytes, int header, byte[] body) {
        var crc = new CRC32C();
        crc.update(bytes, header, CHECKED_HEADER_SIZE);
        crc.update(body);
        return (int) crc.getValue();
    }

    /// Removes files whose entries all lie below `index`. One that cannot be removed is tried again.
    void forget(long index) throws IOException {
        while (!closed.isEmpty() && closed.getFirst().end() <= index) {
            disk.delete(closed.getFirst().segment().path());
            closed.removeFirst();
        }
    }

    @Override
    public void close() throws IOException {
        if (current != null) current.file().close();
    }

    /// The journal's entries from index `from` on. They may come from the memory of the kernel, which a
    /// killed process leaves behind, and not be on disk yet.
    ///
    /// @throws IOException when acknowledged entries are missing or damaged
    static List<byte[]> recover(Disk disk, long from) throws IOException {
        var entries = new ArrayList<byte[]>();
        for (String name : disk.list(FOLDER)) recover(disk, Segment.parse(name), from, entries);
        return entries;
    }

    private static void recover(Disk disk, Segment segment, long from, List<byte[]> entries) throws IOException {
        byte[] bytes = disk.read(segment.path(), MAX_SEGMENT_SIZE);
        if (bytes == null) return;
        int offset = 0;
        while (offset < bytes.length) {
            var batch = decode(bytes, offset, segment.salt());
            if (batch == null) {
                int next = find(bytes, offset + 1, segment.salt());
                if (next < 0) return;
                throw new IOException(disk + "/" + segment.path() + " offset " + offset
                        + ": a damaged batch, followed by another at offset " + next
                        + ": the disk has lost acknowledged entries; restore this file from a copy");
            }
            take(disk, segment, batch, from, entries);
            offset += HEADER_SIZE + batch.bodySize();
        }
    }

    private record Batch(long first, int bodySize, List<byte[]> entries) {}

    /// Adds what a batch holds beyond `entries`. Two files may hold the same entries: a recovery writes
    /// them anew before it removes the old file.
    private static void take(Disk disk, Segment segment, Batch batch, long from, List<byte[]> entries)
            throws IOException {
        long next = from + entries.size();
        if (batch.first() > next)
            throw new IOException(disk + "/" + segment.path() + ": holds entries from " + batch.first()
                    + " on, but entry " + next + " is in no file: a journal file or the newest checkpoint is missing;"
                    + " restore the folder as a whole");
        for (int i = 0; i < batch.entries().size(); i++) {
            long index = batch.first() + i;
            byte[] entry = batch.entries().get(i);
            if (index < from) continue;
            if (index == from + entries.size()) entries.add(entry);
            else if (!Arrays.equals(entry, entries.get((int) (index - from))))
                throw new IOException(disk + "/" + segment.path() + ": entry " + index
                        + " is not the one in another journal file: files of two logs are mixed;"
                        + " restore the folder as a whole");
        }
    }

    /// The whole and undamaged batch at `offset`, or null.
    private static @Nullable Batch decode(byte[] bytes, int offset, long salt) {
        if (bytes.length - offset < HEADER_SIZE) return null;
        var in = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
        if (in.getLong() != salt) return null;
        long first = in.getLong();
        int count = in.getInt();
        int bodySize = in.getInt();
        int checksum = in.getInt();
        if (first < 0 || count < 1 || count > MAX_BATCH_ENTRIES || bodySize < 0 || bodySize > in.remaining())
            return null;
        byte[] body = Arrays.copyOfRange(bytes, in.position(), in.position() + bodySize);
        if (checksum(bytes, offset, body) != checksum) return null;
        var entries = new ArrayList<byte[]>(count);
        var rest = ByteBuffer.wrap(body);
        for (int i = 0; i < count; i++) {
            byte[] entry = new byte[Short.toUnsignedInt(rest.getShort())];
            rest.get(entry);
            entries.add(entry);
        }
        return new Batch(first, bodySize, entries);
    }

    /// Where the salt stands next, at or after `offset`, or -1: a batch was begun there.
    private static int find(byte[] bytes, int offset, long salt) {
        var in = ByteBuffer.wrap(bytes);
        for (int i = offset; i <= bytes.length - Long.BYTES; i++) if (in.getLong(i) == salt) return i;
        return -1;
    }
}
