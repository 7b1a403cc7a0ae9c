package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The hashes of a tree of `size` leaves, read from its tiles. What it returns is as trustworthy as the
/// source: a proof made of it must be checked against a signed root. Not for several threads.
final class TileReader implements Merkle.Nodes {
    /// One proof touches at most two tiles on each of 8 levels.
    private static final int CACHED_TILES = 16;

    private final TileSource source;
    private final long size;
    private final Map<Tile, byte[]> cache = new LinkedHashMap<>(CACHED_TILES, 0.75f, true);

    TileReader(TileSource source, long size) {
        this.source = source;
        this.size = size;
    }

    @Override
    public byte[] node(int level, long index) throws IOException {
        int tileLevel = level / 8;
        int height = level % 8;
        long first = index << height;
        Tile tile = Tile.in(size, tileLevel, first / Tile.WIDTH);
        int start = (int) (first % Tile.WIDTH);
        if (tile == null || start + (1 << height) > tile.width())
            throw new IllegalArgumentException("no node " + index + " on level " + level + " of a tree of " + size);
        return Frontier.perfect(tile(tile), start, 1 << height);
    }

    private byte[] tile(Tile tile) throws IOException {
        byte[] cached = cache.get(tile);
        if (cached != null) return cached;
        byte[] hashes = read(source, tile);
        if (cache.size() == CACHED_TILES) cache.remove(cache.keySet().iterator().next());
        cache.put(tile, hashes);
        return hashes;
    }

    /// The bytes of a tile of hashes. A partial tile may be gone once the full one is there, whose
    /// first hashes it was (tlog-tiles, "Partial Tiles").
    static byte[] read(TileSource source, Tile tile) throws IOException {
        byte[] hashes = source.read(tile.path(), tile.limit());
        if (hashes == null && !tile.isFull())
            hashes = source.read(tile.full().path(), tile.full().limit());
        if (hashes == null) throw new IOException(source + "/" + tile.path() + ": no such tile");
        if (hashes.length < tile.limit())
            throw new IOException(
                    source + "/" + tile.path() + ": " + hashes.length + " bytes, expected " + tile.limit());
        return Arrays.copyOf(hashes, tile.limit());
    }

    /// The entries of a bundle, at least `bundle.width()` of them; more when only the full one is left.
    static List<byte[]> entries(TileSource source, Tile bundle) throws IOException, VerificationException {
        byte[] bytes = source.read(bundle.path(), bundle.limit());
        if (bytes != null) return bundle.entries(bytes);
        bytes = bundle.isFull()
                ? null
                : source.read(bundle.full().path(), bundle.full().limit());
        if (bytes == null) throw new IOException(source + "/" + bundle.path() + ": no such bundle");
        return bundle.full().entries(bytes);
    }
}
