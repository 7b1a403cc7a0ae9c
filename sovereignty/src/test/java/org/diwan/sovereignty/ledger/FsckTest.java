package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FsckTest {
    @TempDir
    Path folder;

    /// A log with a checkpoint at each of `sizes`.
    private static SimulatedDisk log(LogSigner signer, int... sizes) throws Exception {
        var disk = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = new Ledger(disk, signer, new SplittableRandom(2), () -> {})) {
            for (int size : sizes) {
                Logs.grow(ledger, size);
                ledger.publish();
            }
        }
        return disk;
    }

    /// Flips one bit in every `step`-th byte of every published file, one after the other.
    private static void checkEveryByte(SimulatedDisk disk, List<VerifierKey> keys, int step) throws Exception {
        var files = new ArrayList<>(disk.tiles());
        files.add("checkpoint");
        assertNull(Fsck.check(disk, keys, disk::tiles).difference());
        for (String file : files) {
            int size = disk.flip(file, 0, 0);
            for (int offset = 0; offset < size; offset += step) {
                int bit = 1 << (offset % 8);
                disk.flip(file, offset, bit);
                String difference = Fsck.check(disk, keys, disk::tiles).difference();
                String where = file + " offset " + offset;
                assertTrue(difference != null, () -> where + " was changed and not found");
                assertTrue(difference.startsWith(file), () -> where + " was changed, blamed was: " + difference);
                disk.flip(file, offset, bit);
            }
        }
        assertNull(Fsck.check(disk, keys, disk::tiles).difference());
    }

    @Test
    void anyChangedByteOfASmallLogIsFoundAndTheRightFileIsNamed() throws Exception {
        // With partial tiles of earlier checkpoints, and both signatures.
        checkEveryByte(log(Logs.SIGNER, 0, 2, 5), Logs.KEYS, 1);
    }

    /// All bits, signed by one key so that it does not take long; [GoInteropTest] does the same in Go.
    @Test
    void everyFlippedBitOfASmallLogAndItsProofIsFound() throws Exception {
        var signer = Logs.SIGNER.only(VerifierKey.Type.ED25519);
        var disk = log(signer, 5);
        var files = new ArrayList<>(disk.tiles());
        files.add("checkpoint");
        for (String file : files) {
            int size = disk.flip(file, 0, 0);
            for (int bit = 0; bit < 8 * size; bit++) {
                disk.flip(file, bit / 8, 1 << (bit % 8));
                String where = file + " bit " + bit;
                assertTrue(
                        !Fsck.check(disk, signer.keys(), disk::tiles).clean(),
                        () -> where + " was flipped and not found");
                disk.flip(file, bit / 8, 1 << (bit % 8));
            }
        }
        byte[] proof =
                new LogClient(disk, signer.keys()).prove(3).proof().text().getBytes(StandardCharsets.UTF_8);
        for (int bit = 0; bit < 8 * proof.length; bit++) {
            byte[] flipped = proof.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            String text = new String(flipped, StandardCharsets.UTF_8);
            assertThrows(
                    VerificationException.class,
                    () -> TlogProof.parse(text).verify(Logs.entry(3), signer.keys()),
                    "bit " + bit);
        }
    }

    @Test
    void changedBytesOfFullTilesAreFoundAndTheRightFileIsNamed() throws Exception {
        var disk = log(Logs.QUICK_SIGNER, 100, 256, 514);
        assertTrue(disk.tiles().containsAll(List.of("tile/0/001", "tile/1/000.p/2", "tile/entries/002.p/2")));
        checkEveryByte(disk, Logs.QUICK_KEYS, 13);
    }

    @Test
    void missingLongerAndForeignFilesAreFound() throws Exception {
        var disk = log(Logs.QUICK_SIGNER, 3, 300);
        for (String file : disk.tiles()) {
            disk.rename(file, "moved");
            String missing = Fsck.check(disk, Logs.QUICK_KEYS, disk::tiles).difference();
            assertTrue(missing != null && missing.startsWith(file), file + ": " + missing);
            disk.rename("moved", file);
        }
        for (String file : disk.tiles()) {
            byte[] whole = disk.read(file, Tile.MAX_BUNDLE_SIZE);
            assertTrue(whole != null);
            disk.write(Map.of(file, StrictBase64.concatenate(whole, new byte[1])));
            String longer = Fsck.check(disk, Logs.QUICK_KEYS, disk::tiles).difference();
            assertTrue(longer != null && longer.startsWith(file), file + ": " + longer);
            disk.write(Map.of(file, Arrays.copyOf(whole, whole.length - 1)));
            String shorter = Fsck.check(disk, Logs.QUICK_KEYS, disk::tiles).difference();
            assertTrue(shorter != null && shorter.startsWith(file), file + ": " + shorter);
            disk.write(Map.of(file, whole));
        }
        disk.write(Map.of("tile/0/0", new byte[1]));
        assertEquals(
                "tile/0/0: no tile has this name",
                Fsck.check(disk, Logs.QUICK_KEYS, disk::tiles).difference());
    }

    @Test
    void aRewrittenLogIsFoundEvenWhenAllItsFilesAgree() throws Exception {
        var honest = log(Logs.QUICK_SIGNER, 300);
        var other = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = new Ledger(other, Logs.QUICK_SIGNER, new SplittableRandom(2), () -> {})) {
            for (int i = 0; i < 300; i++) ledger.append(("rewritten " + i).getBytes(StandardCharsets.UTF_8));
            ledger.publish();
        }
        byte[] signed = honest.read("checkpoint", Checkpoint.MAX_TEXT);
        assertTrue(signed != null);
        other.write(Map.of("checkpoint", signed));
        String difference = Fsck.check(other, Logs.QUICK_KEYS, other::tiles).difference();
        assertTrue(difference != null && difference.contains("the log was rewritten"), difference);
    }

    @Test
    void aFolderIsCheckedAsAWriterLeavesIt() throws Exception {
        try (var ledger = Ledger.open(folder, Logs.SIGNER)) {
            ledger.append(Logs.entry(0));
            ledger.publish();
            var live = Fsck.check(folder, Logs.KEYS);
            assertNull(live.difference());
            assertEquals(3, live.filesChecked(), "checkpoint, entry bundle, tile");
            // As a writer that has written its tiles and not yet its checkpoint.
            Files.createDirectories(folder.resolve("tile/0/001.p"));
            Files.write(folder.resolve("tile/0/000.p/2"), new byte[64]);
            var ahead = Fsck.check(folder, Logs.KEYS);
            assertNull(ahead.difference());
            assertEquals(1, ahead.filesUnpublished());
        }
        String none = Fsck.check(folder.resolve("nothing"), Logs.KEYS).difference();
        assertTrue(none != null && none.startsWith("checkpoint: no such file"), none);
    }
}
