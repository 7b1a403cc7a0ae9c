package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.store.Store;
import org.diwan.cloud.store.Tenant;
import org.diwan.sovereignty.vault.Vault;

/// The operator's texts in the vault of a data folder, for whichever process holds the folder's ledger: a gateway, a
/// process without models, or a command while none runs.
///
/// An erasure is the same in each. Its intention stands in the gateway's database, then what becomes unreadable is on
/// record, then the keys are destroyed; whoever opens this next on the folder finishes what was begun.
/// Safe to share between threads.
public final class OperatorVault implements AutoCloseable {
    private final Store store;
    private final Vault vault;
    private final SealingGate gate;
    private final Erasure erasure;
    private final Tenant operator;

    /// @param erasure whose earlier life is finished
    OperatorVault(Store store, Vault vault, SealingGate gate, Erasure erasure, Tenant operator) {
        this.store = store;
        this.vault = vault;
        this.gate = gate;
        this.erasure = erasure;
        this.operator = operator;
    }

    /// That of `data`, made where there is none. Whoever calls has the ledger of `data` open ([SignedLedger]) until
    /// this is closed, so that nobody else erases meanwhile.
    ///
    /// @param entries of that ledger
    /// @throws IOException when the root key is elsewhere, or the disk fails
    public static OperatorVault open(Path data, VaultConfig config, EntryLog entries) throws IOException {
        Path keys = data.resolve("keys");
        Path root = keys.resolve("root.key");
        // Another root key would be made, and could open nothing.
        if (config.hsm() == null && Files.exists(keys.resolve("vault.db")) && !Files.exists(root))
            throw new IOException(root + ": the vault's root key is not here; if it is in a token, say --root-in-hsm"
                    + " and --hsm FILE as for ./diwan up");
        var store = Store.open(data.resolve("diwan.db"));
        try {
            var vault = config.open(keys);
            try {
                var gate = new SealingGate();
                var erasure = new Erasure(entries, store, vault, gate, InstantSource.system());
                erasure.finish();
                return new OperatorVault(store, vault, gate, erasure, store.tenant(Gateway.OPERATOR));
            } catch (IOException | RuntimeException e) {
                vault.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// `plain`, sealed as `part` of the new record `id`; an erasure of the record, of `person` or of everything reaches
    /// it and names it.
    ///
    /// @param person whom it is about, as requests name it; empty for nobody
    /// @throws IOException when it cannot be kept
    public byte[] seal(String id, String person, String part, byte[] plain) throws IOException {
        try (var _ = gate.sealing(operator)) {
            return vault.sealNew(operator.id(), Erasure.id(operator, person), id, part, plain);
        }
    }

    /// What [#seal] was given.
    ///
    /// @throws org.diwan.sovereignty.vault.ErasedException when it was erased
    public byte[] open(String id, String part, byte[] sealed) throws IOException {
        return vault.open(operator.id(), id, part, sealed);
    }

    /// Makes the record `id` unreadable for ever; what was done, as the gateway answers it.
    ///
    /// @throws ApiError 404 when there is no such record; 503 when it cannot be recorded, as of the others
    public ObjectNode eraseRecord(String id) {
        return erasure.receipt(id, operator);
    }

    /// Makes everything about `person`, as requests name it, unreadable for ever.
    ///
    /// @throws ApiError 400 when that names nobody
    public ObjectNode erasePerson(String person) {
        if (person.isEmpty())
            throw ApiError.invalid(
                    "person",
                    "A person needs a name; what is about nobody is erased one by one, by its"
                            + " ID, or with everything.");
        return erasure.person(person, operator);
    }

    /// Makes everything that was sealed until now unreadable for ever.
    public ObjectNode eraseEverything() {
        return erasure.tenant(operator);
    }

    @Override
    public void close() {
        vault.close();
        store.close();
    }
}
