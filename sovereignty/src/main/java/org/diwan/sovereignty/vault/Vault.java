package org.diwan.sovereignty.vault;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.diwan.base.Digest;
import org.diwan.sovereignty.vault.KeyShelf.RecordKey;
import org.diwan.sovereignty.vault.KeyShelf.TenantKey;

/// Seals and opens bodies, and makes them unreadable for ever.
///
/// # Keys
///
/// ```
/// root key  (file, hardware module, or the tenant's own service)
///   └ wraps a tenant's key
///       └ wraps a person's key: whom the record is about, or nobody
///           └ wraps a record's key, one for each record
///               └ seals its bodies
/// ```
///
/// All are 256-bit keys of AES-GCM (NIST SP 800-38D; Tink's `AesGcmJce`: 12 random bytes of nonce before,
/// 16 of tag behind). What is sealed or wrapped opens only in its place, which is authenticated with it:
///
/// ```
/// associated data = "diwan-vault/v2\n" ‖ for each of kind, tenant, person or id, part: u32 length ‖ UTF-8
/// ```
///
/// # Erasing
///
/// To erase a record, a person or a tenant is to destroy one key, however many records hang below it: the
/// wrapped keys lie on the [KeyShelf] and nowhere else. The ledger's commitments stay and open to nothing.
///
/// # Changing keys
///
/// [#rotate] gives a tenant a new key and wraps its persons' keys again; [#rewrap] wraps all tenants' keys
/// with another root key. Neither touches a body, and neither trusts a root key that does not give back
/// what it just wrapped.
///
/// Tenants' keys are remembered for a minute where their root key lends them ([RootKey#lends]), so that
/// not each request asks a hardware module. Safe to share between threads.
public final class Vault implements AutoCloseable {
    /// Bytes in one body: the largest request that the platform accepts, with room to spare.
    public static final int MAX_BODY_SIZE = 16 << 20;

    /// The person of records that are about nobody in particular.
    public static final String NOBODY = "";

    /// Tenants' and persons' keys that are remembered, 32 bytes each.
    private static final int REMEMBERED = 4_096;

    private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int KEY_SIZE = 32;
    private static final byte[] LABEL = "diwan-vault/v2\n".getBytes(StandardCharsets.UTF_8);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RootKey root;
    private final Map<String, RootKey> roots = new HashMap<>();
    private final Map<String, RootKey> held;
    private final KeyShelf shelf;
    private final Map<String, Remembered> memory = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// @param until `System.nanoTime()` at which the key is forgotten
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Remembered(byte[] key, long until) {}

    /// What came of [#rewrap].
    ///
    /// @param done tenants whose key is wrapped by the root key that they have now
    /// @param refused those whose key is wrapped as before
    public record Rewrapped(List<String> done, List<Refusal> refused) {
        public Rewrapped {
            done = List.copyOf(done);
            refused = List.copyOf(refused);
        }
    }

    /// A tenant's key that was not lent, or not as it was wrapped.
    ///
    /// @param root name of the root key that wraps it
    /// @param reason says who refused it
    public record Refusal(String tenant, String root, String reason) {}

    /// @param root wraps the keys of tenants that have no root key of their own
    /// @param older root keys that may still have wrapped some
    /// @param held tenants' own root keys, by tenant
    public Vault(RootKey root, List<RootKey> older, Map<String, RootKey> held, KeyShelf shelf) {
        this.root = root;
        this.held = Map.copyOf(held);
        this.shelf = shelf;
        for (RootKey each : older) roots.put(each.name(), each);
        for (RootKey each : held.values()) roots.put(each.name(), each);
        roots.put(root.name(), root);
    }

    /// What the shelf calls a person whom `tenant` calls `label`: a SHA-256 in hexadecimal, so that a
    /// stolen shelf is no list of names.
    public static String person(String tenant, String label) {
        return Digest.hex(Digest.sha256(place("person-id", tenant, label, "")));
    }

    /// `plain`, sealed as `part` of the new record `id`, which is about `person`.
    ///
    /// @throws IllegalArgumentException when the body is larger than [#MAX_BODY_SIZE]
    /// @throws KeyRefusedException when the tenant's key is not lent
    public byte[] sealNew(String tenant, String person, String id, String part, byte[] plain) throws IOException {
        checkSize(plain);
        byte[] key = fresh();
        byte[] wrapped = encrypt(makePersonKey(tenant, person), key, place("record", tenant, id, ""));
        shelf.addRecordKey(id, new RecordKey(tenant, person, wrapped));
        return encrypt(key, plain, place("body", tenant, id, part));
    }

    /// `plain`, sealed as one more `part` of record `id`; two seals of one body differ.
    ///
    /// @throws ErasedException when the record was erased
    /// @throws IllegalArgumentException as [#sealNew], and so for [KeyRefusedException]
    public byte[] seal(String tenant, String id, String part, byte[] plain) throws IOException {
        checkSize(plain);
        return encrypt(recordKey(tenant, id), plain, place("body", tenant, id, part));
    }

    private static void checkSize(byte[] plain) {
        if (plain.length > MAX_BODY_SIZE)
            throw new IllegalArgumentException("a body has at most " + MAX_BODY_SIZE + " bytes, not " + plain.length);
    }

    /// The body that was sealed as `part` of record `id` of `tenant`.
    ///
    /// @throws ErasedException when the record was erased
    /// @throws KeyRefusedException when the tenant's key is not lent
    /// @throws SealBrokenException when `sealed` is anything else than what [#seal] gave for them
    public byte[] open(String tenant, String id, String part, byte[] sealed) throws IOException {
        return decrypt(recordKey(tenant, id), sealed, place("body", tenant, id, part));
    }

    private byte[] recordKey(String tenant, String id) throws IOException {
        var kept = shelf.recordKey(id)
                .orElseThrow(() -> new ErasedException("record " + id + " was erased: its key is destroyed"));
        if (!kept.tenant().equals(tenant)) throw new SealBrokenException("record " + id + " is another tenant's", null);
        byte[] person = shelf.personKey(tenant, kept.person())
                .orElseThrow(() -> new ErasedException("record " + id + " was erased with its person or tenant"));
        byte[] personKey = personKey(tenant, kept.person(), person);
        return decrypt(personKey, kept.wrapped(), place("record", tenant, id, ""));
    }

    private byte[] makePersonKey(String tenant, String person) throws IOException {
        var kept = shelf.personKey(tenant, person);
        if (kept.isPresent()) return personKey(tenant, person, kept.get());
        byte[] wrapped = encrypt(makeTenantKey(tenant), fresh(), place("person", tenant, person, ""));
        return personKey(tenant, person, shelf.addPersonKey(tenant, person, wrapped));
    }

    private byte[] personKey(String tenant, String person, byte[] wrapped) throws IOException {
        byte[] key = tenantKey(tenant)
                .orElseThrow(() -> new ErasedException("tenant " + tenant + " was erased: its key is destroyed"));
        return decrypt(key, wrapped, place("person", tenant, person, ""));
    }

    private byte[] makeTenantKey(String tenant) throws IOException {
        var key = tenantKey(tenant);
        if (key.isPresent()) return key.get();
        var by = held.getOrDefault(tenant, root);
        var kept =
                shelf.addTenantKey(tenant, new TenantKey(by.name(), by.wrap(fresh(), place("tenant", tenant, "", ""))));
        return unwrap(tenant, kept);
    }

    private Optional<byte[]> tenantKey(String tenant) throws IOException {
        // Asked first: what is no longer on the shelf is not remembered either.
        var kept = shelf.tenantKey(tenant);
        return kept.isEmpty() ? Optional.empty() : Optional.of(unwrap(tenant, kept.get()));
    }

    private byte[] unwrap(String tenant, TenantKey kept) throws IOException {
        var by = roots.get(kept.root());
        if (by == null)
            throw new KeyRefusedException(
                    "the key of tenant " + tenant + " is wrapped by root key " + kept.root() + ", which is not here",
                    null);
        String name = tenant + "\n" + HexFormat.of().formatHex(kept.wrapped());
        synchronized (memory) {
            var remembered = memory.get(name);
            if (remembered != null && remembered.until() - System.nanoTime() > 0) return remembered.key();
        }
        byte[] key = by.unwrap(kept.wrapped(), place("tenant", tenant, "", ""));
        if (by.lends()) {
            synchronized (memory) {
                memory.put(name, new Remembered(key, System.nanoTime() + REMEMBERED_NANOS));
            }
        }
        return key;
    }

    /// By which root key each tenant's key is wrapped now.
    public Map<String, String> roots() throws IOException {
        var names = new TreeMap<String, String>();
        for (String tenant : shelf.tenants()) shelf.tenantKey(tenant).ifPresent(kept -> names.put(tenant, kept.root()));
        return names;
    }

    /// Asks for the key of `tenant`.
    ///
    /// @throws ErasedException when it has none
    /// @throws KeyRefusedException when it is not lent
    public void check(String tenant) throws IOException {
        presentKey(tenant);
    }

    /// Gives `tenant` a new key; what was sealed before still opens.
    ///
    /// @throws ErasedException when the tenant has no key
    /// @throws KeyRefusedException when its key is not lent; nothing changed
    public void rotate(String tenant) throws IOException {
        byte[] old = presentKey(tenant);
        byte[] key = fresh();
        replace(tenant, old, key, held.getOrDefault(tenant, root));
    }

    /// Wraps the keys of all tenants with the root key that they have now: after it, older ones are needed
    /// for nothing but the keys that were refused. One tenant's no stops no other tenant.
    public Rewrapped rewrap() throws IOException {
        var done = new ArrayList<String>();
        var refused = new ArrayList<Refusal>();
        for (String tenant : shelf.tenants()) {
            var kept = shelf.tenantKey(tenant);
            if (kept.isEmpty()) continue;
            try {
                byte[] key = unwrap(tenant, kept.get());
                replace(tenant, key, key, held.getOrDefault(tenant, root));
                done.add(tenant);
            } catch (KeyRefusedException | SealBrokenException e) {
                refused.add(new Refusal(tenant, kept.get().root(), String.valueOf(e.getMessage())));
            }
        }
        return new Rewrapped(done, refused);
    }

    private byte[] presentKey(String tenant) throws IOException {
        return tenantKey(tenant).orElseThrow(() -> new ErasedException("tenant " + tenant + " has no key"));
    }

    private void replace(String tenant, byte[] old, byte[] key, RootKey by) throws IOException {
        byte[] place = place("tenant", tenant, "", "");
        var wrapped = new TenantKey(by.name(), by.wrap(key, place));
        // A service that gives nonsense back would cost the tenant all of its texts.
        if (!Arrays.equals(key, by.unwrap(wrapped.wrapped(), place)))
            throw new KeyRefusedException(by.name() + " does not give back what it wrapped", null);
        try {
            shelf.replaceTenantKey(tenant, wrapped, (person, bytes) -> {
                byte[] below = place("person", tenant, person, "");
                try {
                    return encrypt(key, decrypt(old, bytes, below), below);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
        forget();
    }

    /// Makes record `id` of `tenant` unreadable for ever.
    ///
    /// @return whether there was such a record
    public boolean eraseRecord(String tenant, String id) throws IOException {
        return shelf.eraseRecord(tenant, id);
    }

    /// Makes everything about `person` unreadable for ever.
    public void erasePerson(String tenant, String person) throws IOException {
        shelf.erasePerson(tenant, person);
    }

    /// Makes everything of `tenant` unreadable for ever.
    public void eraseTenant(String tenant) throws IOException {
        shelf.eraseTenant(tenant);
        forget();
    }

    /// Whether there is a record `id` of `tenant` that was not erased by itself.
    public boolean has(String tenant, String id) throws IOException {
        return shelf.recordKey(id).filter(kept -> kept.tenant().equals(tenant)).isPresent();
    }

    /// Ids of the records about `person`, in order: at most `limit` of those after `after`.
    public List<String> records(String tenant, String person, String after, int limit) throws IOException {
        return shelf.records(tenant, person, after, limit);
    }

    private void forget() {
        synchronized (memory) {
            memory.clear();
        }
    }

    @Override
    public void close() {
        forget();
        shelf.close();
    }

    private static byte[] fresh() {
        byte[] key = new byte[KEY_SIZE];
        RANDOM.nextBytes(key);
        return key;
    }

    private static byte[] encrypt(byte[] key, byte[] plain, byte[] place) {
        try {
            return new AesGcmJce(key).encrypt(plain, place);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal: " + e.getMessage(), e);
        }
    }

    private static byte[] decrypt(byte[] key, byte[] sealed, byte[] place) throws SealBrokenException {
        try {
            return new AesGcmJce(key).decrypt(sealed, place);
        } catch (GeneralSecurityException e) {
            throw new SealBrokenException(
                    "a sealed body or key does not open: changed, out of its place, or another" + " key's", e);
        }
    }

    private static byte[] place(String... parts) {
        byte[][] texts = new byte[parts.length][];
        int size = LABEL.length;
        for (int i = 0; i < parts.length; i++) {
            texts[i] = parts[i].getBytes(StandardCharsets.UTF_8);
            size += Integer.BYTES + texts[i].length;
        }
        var place = ByteBuffer.allocate(size).put(LABEL);
        for (byte[] text : texts) place.putInt(text.length).put(text);
        return place.array();
    }
}
