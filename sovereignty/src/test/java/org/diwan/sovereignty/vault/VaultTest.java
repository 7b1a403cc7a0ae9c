package org.diwan.sovereignty.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    private static final byte[] BODY = "ما عاصمة المملكة؟".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void aSealedBodyOpensForItsTenantAndRecordAfterARestart() throws IOException {
        byte[] sealed = Vault.open(folder).seal("ministry", "r1", BODY);
        assertArrayEquals(BODY, Vault.open(folder).open("ministry", "r1", sealed));
        assertEquals(BODY.length + 33, sealed.length, "the size that the class doc states");
    }

    @Test
    void anyFlippedBitAnyCutAndAnyOtherOwnerIsRefused() throws IOException {
        var vault = Vault.open(folder);
        byte[] sealed = vault.seal("ministry", "r1", BODY);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThrows(SealBrokenException.class, () -> vault.open("ministry", "r1", changed));
        }
        for (int size = 0; size < sealed.length; size++) {
            byte[] cut = Arrays.copyOf(sealed, size);
            assertThrows(SealBrokenException.class, () -> vault.open("ministry", "r1", cut));
        }
        assertThrows(SealBrokenException.class, () -> vault.open("ministry", "r2", sealed));
        assertThrows(SealBrokenException.class, () -> vault.open("bank", "r1", sealed));
        assertThrows(SealBrokenException.class, () -> vault.open("ministryr", "1", sealed), "no boundary can move");
    }

    @Test
    void anotherKeyDoesNotOpen() throws IOException {
        byte[] sealed = Vault.open(folder.resolve("a")).seal("ministry", "r1", BODY);
        var other = Vault.open(folder.resolve("b"));
        assertThrows(SealBrokenException.class, () -> other.open("ministry", "r1", sealed));
    }

    @Test
    void twoSealsOfOneBodyDiffer() throws IOException {
        var vault = Vault.open(folder);
        assertFalse(Arrays.equals(vault.seal("t", "r", BODY), vault.seal("t", "r", BODY)));
    }

    @Test
    void bodiesOfAnySizeUpToTheLimitComeBackAndLargerOnesAreRefused() throws IOException {
        var vault = Vault.open(folder);
        Seeded.forAll(50, random -> {
            byte[] body = new byte[random.nextInt(20_000)];
            random.nextBytes(body);
            assertArrayEquals(body, vault.open("t", "r", vault.seal("t", "r", body)));
        });
        var refused = assertThrows(
                IllegalArgumentException.class, () -> vault.seal("t", "r", new byte[Vault.MAX_BODY_SIZE + 1]));
        assertEquals("a body has at most 16777216 bytes, not 16777217", refused.getMessage());
    }

    @Test
    void theKeyFileIsItsOwnersAloneAndAnOpenOrDamagedOneIsRefused() throws IOException {
        Vault.open(folder);
        Path key = folder.resolve("vault.key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThrows(IOException.class, () -> Vault.open(folder));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(key, "{\"primaryKeyId\":");
        assertThrows(IOException.class, () -> Vault.open(folder));
    }
}
