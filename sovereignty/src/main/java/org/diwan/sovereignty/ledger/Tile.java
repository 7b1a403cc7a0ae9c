package org.diwan.sovereignty.ledger;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One published file of the tree: `width` hashes of one level, side by side, or `width` entries
/// (C2SP tlog-tiles).
///
/// - Level L ≥ 0: hash i of tile n is that of the perfect subtree over the leaves
///   `[(256·n + i)·256^L, (256·n + i + 1)·256^L)`; 32 bytes each, so that a full tile has 8,192.
/// - Level [#ENTRIES]: `width` times a length (2 bytes, big-endian) and an entry of that length.
///   The bundle of the entries "a" and "" is `00 01 61 00 00`.
///
/// Tile 1,234,067 of level 0 lies in `tile/0/x001/x234/067`; where it has but 5 hashes yet, in
/// `tile/0/x001/x234/067.p/5`.
record Tile(int level, long index, int width) {
    static final int WIDTH = 256;
    static final int ENTRIES = -1;
    static final int MAX_SIZE = WIDTH * Merkle.HASH_SIZE;
    static final int MAX_BUNDLE_SIZE = WIDTH * (2 + Ledger.MAX_ENTRY_SIZE);

    private static final Pattern PATH =
            Pattern.compile("tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*)([0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    Tile {
        if (level < ENTRIES || level > 63 || index < 0 || width < 1 || width > WIDTH)
            throw new IllegalArgumentException("no tile of level " + level + ", index " + index + ", width " + width);
    }

    /// Tile `index` of `level` as it is in a tree of `size` leaves, or null when such a tree has none.
    static @Nullable Tile in(long size, int level, long index) {
        long hashes = count(size, level) - index * WIDTH;
        return hashes <= 0 ? null : new Tile(level, index, (int) Math.min(hashes, WIDTH));
    }

    /// How many hashes (or entries) a tree of `size` leaves has on `level`.
    static long count(long size, int level) {
        int shift = 8 * Math.max(level, 0);
        return shift >= Long.SIZE ? 0 : size >> shift;
    }

    Tile full() {
        return new Tile(level, index, WIDTH);
    }

    boolean isFull() {
        return width == WIDTH;
    }

    /// The most bytes that the file can have.
    int limit() {
        return level == ENTRIES ? width * (2 + Ledger.MAX_ENTRY_SIZE) : width * Merkle.HASH_SIZE;
    }

    String path() {
        var out = new StringBuilder("%03d".formatted(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) out.insert(0, "x%03d/".formatted(rest % 1000));
        out.insert(0, "tile/" + (level == ENTRIES ? "entries" : level) + "/");
        if (!isFull()) out.append(".p/").append(width);
        return out.toString();
    }

    /// The tile in the file `path`, or null when no tile lies there.
    static @Nullable Tile parse(String path) {
        var match = PATH.matcher(path);
        if (!match.matches()) return null;
        try {
            int level = match.group(1).equals("entries") ? ENTRIES : Integer.parseInt(match.group(1));
            long index = Long.parseLong(match.group(2).replace("x", "").replace("/", "") + match.group(3));
            int width = match.group(4) == null ? WIDTH : Integer.parseInt(match.group(4));
            var tile = new Tile(level, index, width);
            return tile.path().equals(path) ? tile : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The entries of a bundle's bytes.
    ///
    /// @throws VerificationException naming the offset where the bytes stop being `width` entries
    List<byte[]> entries(byte[] bundle) throws VerificationException {
        var in = ByteBuffer.wrap(bundle);
        var entries = new ArrayList<byte[]>(width);
        while (entries.size() < width) {
            int offset = in.position();
            int size = in.remaining() < 2 ? -1 : Short.toUnsignedInt(in.getShort());
            if (size < 0 || size > in.remaining())
                throw new VerificationException(path() + " offset " + offset + ": entry "
                        + (index * WIDTH + entries.size()) + " is cut off by the end of the file");
            byte[] entry = new byte[size];
            in.get(entry);
            entries.add(entry);
        }
        if (in.hasRemaining())
            throw new VerificationException(path() + " offset " + in.position() + ": " + in.remaining()
                    + " bytes after the last of " + width + " entries");
        return entries;
    }

    static byte[] bundle(List<byte[]> entries) {
        int size = 0;
        for (byte[] entry : entries) size += 2 + entry.length;
        var out = ByteBuffer.allocate(size);
        for (byte[] entry : entries) out.putShort((short) entry.length).put(entry);
        return out.array();
    }
}
