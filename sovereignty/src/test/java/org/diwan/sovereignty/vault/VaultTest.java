package org.diwan.sovereignty.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracles: the inverse (what was sealed opens, in its place only), and a map of what should still be
/// readable beside random seals, erasures and changes of keys.
class VaultTest {
    private static final byte[] BODY = "ما عاصمة المملكة؟".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final MemoryShelf shelf = new MemoryShelf();
    private FileRootKey root;
    private Vault vault;

    @BeforeEach
    void open() throws IOException {
        root = FileRootKey.open(folder.resolve("root.key"));
        vault = vault();
    }

    private Vault vault() {
        return new Vault(root, List.of(), Map.of(), shelf);
    }

    @Test
    void aSealedBodyOpensForItsTenantRecordAndPartAfterARestart() throws IOException {
        byte[] request = vault.sealNew("ministry", "ali", "r1", "request", BODY);
        byte[] answer = vault.seal("ministry", "r1", "answer", BODY);
        root = FileRootKey.open(folder.resolve("root.key"));
        var later = vault();
        assertArrayEquals(BODY, later.open("ministry", "r1", "request", request));
        assertArrayEquals(BODY, later.open("ministry", "r1", "answer", answer));
        assertFalse(Arrays.equals(answer, later.seal("ministry", "r1", "answer", BODY)), "two seals differ");
        vault.sealNew("ministry", "ali", "r2", "request", BODY);
        for (String[] other :
                new String[][] {{"ministry", "r1", "answer"}, {"ministry", "r2", "request"}, {"bank", "r1", "request"}})
            assertThrows(SealBrokenException.class, () -> later.open(other[0], other[1], other[2], request), other[1]);
    }

    @Test
    void anyFlippedBitAndAnyCutIsRefused() throws IOException {
        byte[] sealed = vault.sealNew("ministry", "", "r1", "request", BODY);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThrows(SealBrokenException.class, () -> vault.open("ministry", "r1", "request", changed));
        }
        for (int size = 0; size < sealed.length; size++) {
            byte[] cut = Arrays.copyOf(sealed, size);
            assertThrows(SealBrokenException.class, () -> vault.open("ministry", "r1", "request", cut));
        }
    }

    @Test
    void keysThatWereMovedOnTheShelfDoNotUnwrap() throws IOException {
        byte[] sealed = vault.sealNew("a", "x", "r1", "request", BODY);
        vault.sealNew("a", "y", "r2", "request", BODY);
        vault.sealNew("b", "x", "r3", "request", BODY);
        shelf.records.put("r1", shelf.records.get("r2"));
        assertThrows(SealBrokenException.class, () -> vault.open("a", "r1", "request", sealed));
        shelf.persons.put(List.of("a", "y"), shelf.persons.get(List.of("a", "x")));
        assertThrows(SealBrokenException.class, () -> vault.open("a", "r2", "request", sealed));
        shelf.tenants.put("b", shelf.tenants.get("a"));
        assertThrows(SealBrokenException.class, () -> vault.open("b", "r3", "request", sealed));
    }

    @Test
    void anotherRootKeyOpensNothing() throws IOException {
        byte[] sealed = vault.sealNew("ministry", "", "r1", "request", BODY);
        root = FileRootKey.open(folder.resolve("other.key"));
        var other = vault();
        assertThrows(SealBrokenException.class, () -> other.open("ministry", "r1", "request", sealed));
    }

    /// Against a plain map: what should still be readable, and as what.
    @Test
    void whatIsErasedIsGoneAndNothingElseIs() {
        Seeded.forAll(20, random -> {
            @SuppressWarnings("ArrayRecordComponent") // compared with assertArrayEquals
            record Kept(String tenant, String person, byte[] plain, byte[] sealed) {}
            var store = new MemoryShelf();
            var key = FileRootKey.open(folder.resolve("root" + random.nextInt() + ".key"));
            var tested = new Vault(key, List.of(), Map.of(), store);
            Map<String, Kept> alive = new HashMap<>();
            Map<String, Kept> gone = new HashMap<>();
            for (int step = 0; step < 120; step++) {
                String tenant = "t" + random.nextInt(3);
                String person = random.nextInt(4) == 0 ? Vault.NOBODY : "p" + random.nextInt(3);
                switch (random.nextInt(12)) {
                    case 0 -> {
                        tested.erasePerson(tenant, person);
                        move(
                                alive,
                                gone,
                                kept -> kept.tenant().equals(tenant)
                                        && kept.person().equals(person));
                    }
                    case 1 -> {
                        if (random.nextInt(4) > 0) break;
                        tested.eraseTenant(tenant);
                        move(alive, gone, kept -> kept.tenant().equals(tenant));
                    }
                    case 2 -> {
                        String id = "r" + random.nextInt(step + 1);
                        var kept = alive.get(id);
                        boolean his = kept != null && kept.tenant().equals(tenant);
                        // A key that is left of an erased person may still be deleted.
                        if (his) assertTrue(tested.eraseRecord(tenant, id));
                        else if (!gone.containsKey(id)) assertFalse(tested.eraseRecord(tenant, id));
                        if (his) gone.put(id, alive.remove(id));
                    }
                    case 3 -> {
                        if (store.tenants.containsKey(tenant)) tested.rotate(tenant);
                    }
                    case 4 -> {
                        key.rotate();
                        assertEquals(
                                store.tenants.size(), tested.rewrap().done().size());
                        key.dropOlder();
                    }
                    default -> {
                        byte[] plain = new byte[random.nextInt(200)];
                        random.nextBytes(plain);
                        String id = "r" + step;
                        byte[] sealed = tested.sealNew(tenant, person, id, "request", plain);
                        alive.put(id, new Kept(tenant, person, plain, sealed));
                    }
                }
            }
            for (var entry : alive.entrySet()) {
                var kept = entry.getValue();
                assertArrayEquals(kept.plain(), tested.open(kept.tenant(), entry.getKey(), "request", kept.sealed()));
            }
            for (var entry : gone.entrySet()) {
                var kept = entry.getValue();
                assertThrows(
                        ErasedException.class,
                        () -> tested.open(kept.tenant(), entry.getKey(), "request", kept.sealed()));
                assertThrows(ErasedException.class, () -> tested.seal(kept.tenant(), entry.getKey(), "answer", BODY));
            }
        });
    }

    private static <T> void move(Map<String, T> alive, Map<String, T> gone, Predicate<T> which) {
        alive.entrySet().removeIf(entry -> {
            if (which.test(entry.getValue())) gone.put(entry.getKey(), entry.getValue());
            return which.test(entry.getValue());
        });
    }

    @Test
    void aRotationThatFailsChangesNothing() throws IOException {
        byte[] sealed = vault.sealNew("a", "x", "r1", "request", BODY);
        byte[] wrapped = shelf.persons.get(List.of("a", "x"));
        shelf.persons.put(List.of("a", "y"), new byte[60]);
        assertThrows(SealBrokenException.class, () -> vault.rotate("a"));
        assertArrayEquals(wrapped, shelf.persons.get(List.of("a", "x")));
        assertArrayEquals(BODY, vault.open("a", "r1", "request", sealed));
    }

    @Test
    void bodiesLargerThanTheLimitAreRefused() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> vault.sealNew("t", "", "r", "request", new byte[Vault.MAX_BODY_SIZE + 1]));
        assertEquals("a body has at most 16777216 bytes, not 16777217", refused.getMessage());
        assertTrue(shelf.records.isEmpty());
    }

    @Test
    void theKeyFileIsItsOwnersAloneAndAnOpenOrDamagedOneIsRefused() throws IOException {
        Path key = folder.resolve("root.key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThrows(IOException.class, () -> FileRootKey.open(key));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(key, "{\"primaryKeyId\":");
        assertThrows(IOException.class, () -> FileRootKey.open(key));
    }
}
