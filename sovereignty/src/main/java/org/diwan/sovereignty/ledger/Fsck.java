package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks a log as an auditor does who trusts nothing but the verifier keys: reads every entry, computes
/// every tile and the root from them, and compares with what is published.
///
/// A changed byte makes an entry and a hash disagree, and the signed root says which of them is right:
/// when the entries lead to it, the tile was changed, else the entry bundle. In a folder also the
/// partial tiles of earlier checkpoints are compared, and files that belong to no tile are reported.
///
/// Reads each file about once and holds one bundle and the edge of the tree in memory.
public final class Fsck {
    private final TileSource source;
    private final List<VerifierKey> keys;
    private final WitnessPolicy policy;
    private long files;
    private long unpublished;

    /// The first place where a tile of hashes is not what the entries give.
    private record Suspect(String message, @Nullable String ifEntriesAreWrong) {}

    private @Nullable Suspect suspect;

    private Fsck(TileSource source, List<VerifierKey> keys, WitnessPolicy policy) {
        this.source = source;
        this.keys = List.copyOf(keys);
        this.policy = policy;
    }

    /// The state of the log in `folder`. A writer may be at work on it.
    ///
    /// @throws IOException when a file cannot be read; a file that differs is in the report
    public static FsckReport check(Path folder, List<VerifierKey> keys) throws IOException {
        return check(folder, keys, WitnessPolicy.NONE);
    }

    /// As above; the checkpoint, if it covers anything, must also be cosigned as `policy` asks.
    public static FsckReport check(Path folder, List<VerifierKey> keys, WitnessPolicy policy) throws IOException {
        return new Fsck(TileSource.of(folder), keys, policy).check(() -> tileFiles(folder));
    }

    /// The state of the log served below `base`: everything that its checkpoint needs.
    ///
    /// @throws IOException when the server does not answer; a file that differs is in the report
    public static FsckReport check(URI base, List<VerifierKey> keys) throws IOException {
        return check(base, keys, WitnessPolicy.NONE);
    }

    /// As above; the checkpoint, if it covers anything, must also be cosigned as `policy` asks.
    public static FsckReport check(URI base, List<VerifierKey> keys, WitnessPolicy policy) throws IOException {
        return new Fsck(TileSource.of(base), keys, policy).check(List::of);
    }

    static FsckReport check(TileSource source, List<VerifierKey> keys, Listing listing) throws IOException {
        return new Fsck(source, keys, WitnessPolicy.NONE).check(listing);
    }

    /// The paths of all files below `tile/`, where the source can tell.
    @FunctionalInterface
    interface Listing {
        List<String> paths() throws IOException;
    }

    private FsckReport check(Listing listing) throws IOException {
        long size = 0;
        try {
            var checkpoint = checkpoint();
            size = checkpoint.size();
            files++;
            checkTree(checkpoint);
            // Listed after the checkpoint was read: what a writer adds meanwhile is merely unpublished.
            for (String path : listing.paths()) checkFile(path, size);
            return new FsckReport(size, files, unpublished, null);
        } catch (VerificationException e) {
            return new FsckReport(size, files, unpublished, e.getMessage());
        }
    }

    private Checkpoint checkpoint() throws IOException, VerificationException {
        byte[] bytes = source.read("checkpoint", Checkpoint.MAX_TEXT);
        if (bytes == null) throw new VerificationException("checkpoint: no such file in " + source);
        var checkpoint = Checkpoint.parse(utf8(bytes));
        checkpoint.verify(keys);
        // A log is born before any witness knows it.
        if (checkpoint.size() > 0) policy.verify(checkpoint);
        return checkpoint;
    }

    private static String utf8(byte[] bytes) throws VerificationException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new VerificationException("checkpoint: not UTF-8");
        }
    }

    private void checkTree(Checkpoint checkpoint) throws IOException, VerificationException {
        long size = checkpoint.size();
        var edge = new Frontier();
        for (long index = 0; ; index++) {
            var bundle = Tile.in(size, Tile.ENTRIES, index);
            if (bundle == null) break;
            for (byte[] entry : entries(bundle)) edge.add(Merkle.leaf(entry), this::compareUnchecked);
        }
        for (int level = 0; level < edge.levels(); level++) {
            var tile = Tile.in(size, level, Tile.count(size, level) / Tile.WIDTH);
            if (tile != null) compare(tile, edge.partial(level));
        }
        boolean entriesAreRight = Arrays.equals(edge.root(), checkpoint.root());
        if (suspect == null && entriesAreRight) return;
        if (suspect == null)
            throw new VerificationException("checkpoint: all entries and tiles agree, but their root is "
                    + StrictBase64.encode(edge.root()) + ", not the signed " + StrictBase64.encode(checkpoint.root())
                    + ": the log was rewritten");
        if (entriesAreRight || suspect.ifEntriesAreWrong() == null) throw new VerificationException(suspect.message());
        throw new VerificationException(suspect.ifEntriesAreWrong());
    }

    private List<byte[]> entries(Tile bundle) throws IOException, VerificationException {
        byte[] bytes = read(bundle);
        if (bytes == null) throw new VerificationException(bundle.path() + ": no such file in " + source);
        return bundle.entries(bytes);
    }

    /// The bytes of a file; of a partial tile that is gone, the first bytes of the full one.
    private byte @Nullable [] read(Tile tile) throws IOException, VerificationException {
        byte[] bytes = readFile(tile);
        files++;
        if (bytes != null || tile.isFull()) return bytes;
        byte[] full = readFile(tile.full());
        return full == null ? null : prefix(tile, full);
    }

    /// The bytes of a file, or null. A file that is too long differs, it is not unreadable.
    private byte @Nullable [] readFile(Tile tile) throws IOException, VerificationException {
        try {
            return source.read(tile.path(), tile.limit());
        } catch (TooLongException e) {
            throw new VerificationException(
                    tile.path() + " offset " + tile.limit() + ": bytes after the end of the tile");
        }
    }

    /// What the file of `tile` holds, from the bytes of the full tile.
    private static byte[] prefix(Tile tile, byte[] full) throws VerificationException {
        if (tile.level() != Tile.ENTRIES) return Arrays.copyOf(full, tile.limit());
        return Tile.bundle(tile.full().entries(full).subList(0, tile.width()));
    }

    private void compareUnchecked(Tile tile, byte[] expected) {
        try {
            compare(tile, expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Remembers the first difference; which side is right is known when the root is.
    private void compare(Tile tile, byte[] expected) throws IOException {
        if (suspect != null) return;
        try {
            byte[] found = read(tile);
            if (found == null) {
                suspect = new Suspect(tile.path() + ": no such file in " + source, null);
                return;
            }
            int at = Arrays.mismatch(found, expected);
            if (at < 0) return;
            if (at >= Math.min(found.length, expected.length)) {
                suspect = new Suspect(
                        tile.path() + " offset " + at + ": " + found.length + " bytes, expected " + expected.length,
                        null);
                return;
            }
            suspect = new Suspect(
                    tile.path() + " offset " + at + ": not the hash that the entries give",
                    blame(tile, at / Merkle.HASH_SIZE));
        } catch (VerificationException e) {
            suspect = new Suspect(String.valueOf(e.getMessage()), null);
        }
    }

    /// What is wrong when not the tile is: the entry below the hash at `position`.
    private static String blame(Tile tile, int position) {
        if (tile.level() > 0)
            return tile.path() + ": entries and tiles below agree with each other, not with this signed tile: they"
                    + " were rewritten";
        long index = tile.index() * Tile.WIDTH + position;
        return new Tile(Tile.ENTRIES, tile.index(), tile.width()).path() + " entry " + index
                + ": not the bytes that were logged";
    }

    private static List<String> tileFiles(Path folder) throws IOException {
        Path tiles = folder.resolve("tile");
        if (!Files.isDirectory(tiles)) return List.of();
        var paths = new ArrayList<String>();
        Files.walkFileTree(tiles, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                paths.add(folder.relativize(file).toString().replace('\\', '/'));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // A writer removes partial tiles when the full one is there.
                if (e instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                throw e;
            }
        });
        Collections.sort(paths);
        return paths;
    }

    /// A file that the checkpoint may not need: a partial tile of an earlier one, or nothing of ours.
    private void checkFile(String path, long size) throws IOException, VerificationException {
        var tile = Tile.parse(path);
        if (tile == null) throw new VerificationException(path + ": no tile has this name");
        var published = Tile.in(size, tile.level(), tile.index());
        if (published == null || tile.width() > published.width()) {
            unpublished++;
            return;
        }
        if (tile.equals(published)) return;
        // A partial tile of an earlier checkpoint: the first part of one that was checked above.
        byte[] found = readFile(tile);
        if (found == null) return;
        files++;
        byte[] whole = read(published);
        if (whole == null) return;
        byte[] expected = tile.level() == Tile.ENTRIES
                ? Tile.bundle(published.entries(whole).subList(0, tile.width()))
                : Arrays.copyOf(whole, tile.limit());
        int at = Arrays.mismatch(found, expected);
        if (at >= 0)
            throw new VerificationException(path + " offset " + at + ": not the beginning of " + published.path());
    }
}
