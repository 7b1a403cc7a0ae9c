package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HexFormat;
import java.util.List;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

class TileTest {
    @Test
    void pathsAreThoseOfTheSpecification() {
        assertEquals("tile/0/x001/x234/067", new Tile(0, 1_234_067, 256).path());
        assertEquals("tile/entries/x001/x234/067.p/5", new Tile(Tile.ENTRIES, 1_234_067, 5).path());
        assertEquals("tile/63/000.p/255", new Tile(63, 0, 255).path());
        assertEquals("tile/2/x001/000", new Tile(2, 1000, 256).path());
    }

    @Test
    void parsingIsTheInverseOfWritingAndNothingElse() {
        Seeded.forAll(500, random -> {
            var tile = new Tile(
                    random.nextInt(-1, 64), random.nextLong() >>> random.nextInt(1, 64), random.nextInt(1, 257));
            assertEquals(tile, Tile.parse(tile.path()));
        });
        for (String path : List.of(
                "tile/0/0",
                "tile/0/x000/000",
                "tile/00/000",
                "tile/64/000",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/05",
                "tile/0/x001",
                "tile/0/001/000",
                "tile/-1/000",
                "tile/0/000.p",
                "tile/entries/",
                "tile/0/../000",
                "tile/0/x999/x999/x999/x999/x999/x999/x999/999")) assertNull(Tile.parse(path), path);
    }

    @Test
    void widthsAreThoseOfTheSpecificationsExample() {
        // "a tree of size 70,000 …", tlog-tiles, "Partial Tiles"
        assertEquals(new Tile(0, 272, 256), Tile.in(70_000, 0, 272));
        assertEquals(new Tile(0, 273, 112), Tile.in(70_000, 0, 273));
        assertNull(Tile.in(70_000, 0, 274));
        assertEquals(new Tile(1, 0, 256), Tile.in(70_000, 1, 0));
        assertEquals(new Tile(1, 1, 17), Tile.in(70_000, 1, 1));
        assertEquals(new Tile(2, 0, 1), Tile.in(70_000, 2, 0));
        assertNull(Tile.in(70_000, 3, 0));
        // "a tree of size 256 …"
        assertNull(Tile.in(256, 0, 1));
        assertEquals(new Tile(1, 0, 1), Tile.in(256, 1, 0));
        assertNull(Tile.in(Long.MAX_VALUE, 8, 0));
    }

    @Test
    void theWorkedExamplesInBytesAreTrue() {
        byte[] a = {'a'};
        assertArrayEquals(HexFormat.of().parseHex("0001610000"), Tile.bundle(List.of(a, new byte[0])));
        byte[] batch = Journal.encode(0x0102030405060708L, 7, List.of(a)).array();
        assertEquals(
                "0102030405060708" + "0000000000000007" + "00000001" + "00000003" + "b81d42d6" + "000161",
                HexFormat.of().formatHex(batch));
    }
}
