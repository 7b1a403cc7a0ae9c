package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.ErasedEntry;
import org.diwan.cloud.receipt.ErasedEntry.Scope;
import org.diwan.cloud.store.Store;
import org.diwan.cloud.store.Tenant;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.vault.Vault;

/// Destroys the keys of what a tenant wants forgotten (GDPR article 17, PDPL article 18), and says so in
/// the ledger, whose entries stay: commitments that nobody can open.
///
/// Intention, entry, destruction, in this order, each durable before the next: whenever the process ends,
/// the next start finishes what was begun. Nothing of the tenant is sealed meanwhile ([SealingGate]), so that
/// whatever becomes unreadable is named. An erasure that failed stands until it is finished, by the next
/// start or because it is asked for again: what is sealed until then goes with it.
final class Erasure {
    private final EntryLog entries;
    private final Store store;
    private final Vault vault;
    private final SealingGate gate;
    private final InstantSource clock;

    Erasure(EntryLog entries, Store store, Vault vault, SealingGate gate, InstantSource clock) {
        this.entries = entries;
        this.store = store;
        this.vault = vault;
        this.gate = gate;
        this.clock = clock;
    }

    /// Whom the keys of `person`, as a client names it, hang below.
    static String id(Tenant tenant, String person) {
        return person.isEmpty() ? Vault.NOBODY : Vault.person(tenant.id(), person);
    }

    /// Erases the receipt `id` of `tenant`, or what another module sealed as the record `id`.
    ///
    /// @throws ApiError 404 when the tenant has none; 503 when it cannot be recorded
    ObjectNode receipt(String id, Tenant tenant) {
        try {
            if (store.receipt(id, tenant).isEmpty() && !vault.has(tenant.id(), id))
                throw ApiError.notFound("id", "receipt_not_found", "No receipt '" + id + "' for this key.");
            return run(store.addErasure(tenant, Scope.RECORD.label(), id));
        } catch (IOException e) {
            throw Http.unavailable("erasure_unavailable", e);
        }
    }

    /// Erases everything about `person`, as the tenant's requests name it.
    ///
    /// @throws ApiError 503 when it cannot be recorded
    ObjectNode person(String person, Tenant tenant) {
        try {
            return run(store.addErasure(tenant, Scope.PERSON.label(), id(tenant, person)));
        } catch (IOException e) {
            throw Http.unavailable("erasure_unavailable", e);
        }
    }

    /// Erases everything of `tenant`.
    ///
    /// @throws ApiError 503 when it cannot be recorded
    ObjectNode tenant(Tenant tenant) {
        try {
            return run(store.addErasure(tenant, Scope.TENANT.label(), ""));
        } catch (IOException e) {
            throw Http.unavailable("erasure_unavailable", e);
        }
    }

    /// Finishes what an earlier life began.
    void finish() throws IOException {
        for (var erasure : store.erasures()) run(erasure);
    }

    private ObjectNode run(Store.Erasure erasure) throws IOException {
        try (var _ = gate.erasing(erasure.tenant())) {
            return alone(erasure);
        }
    }

    private ObjectNode alone(Store.Erasure erasure) throws IOException {
        var tenant = erasure.tenant();
        var body = Json.object();
        var indexes =
                body.put("object", "erasure").put("scope", erasure.scope()).putArray("entries");
        int count = 0;
        switch (scope(erasure)) {
            case RECORD -> {
                indexes.add(append(tenant, Scope.RECORD, List.of(erasure.subject())));
                vault.eraseRecord(tenant.id(), erasure.subject());
                count = 1;
            }
            case PERSON -> {
                String last = "";
                while (true) {
                    var some = vault.records(tenant.id(), erasure.subject(), last, ErasedEntry.MAX_RECEIPTS);
                    if (some.isEmpty()) break;
                    indexes.add(append(tenant, Scope.PERSON, some));
                    count += some.size();
                    last = some.getLast();
                }
                vault.erasePerson(tenant.id(), erasure.subject());
            }
            case TENANT -> {
                indexes.add(append(tenant, Scope.TENANT, List.of()));
                vault.eraseTenant(tenant.id());
            }
        }
        forget(erasure);
        if (scope(erasure) != Scope.TENANT) body.put("receipts", count);
        return body;
    }

    /// Forgets what is done, and what failed before and is done with it: finished at the next start, it would
    /// reach what has come since.
    private void forget(Store.Erasure done) throws IOException {
        for (var earlier : store.erasures())
            if (earlier.id() <= done.id() && covers(done, earlier)) store.erased(earlier);
    }

    private static boolean covers(Store.Erasure done, Store.Erasure other) throws IOException {
        return other.tenant().equals(done.tenant())
                && (scope(done) == Scope.TENANT
                        || (other.scope().equals(done.scope())
                                && other.subject().equals(done.subject())));
    }

    private static Scope scope(Store.Erasure erasure) throws IOException {
        try {
            return Scope.of(erasure.scope());
        } catch (VerificationException e) {
            throw new IOException("erasure " + erasure.id() + " as kept is damaged: " + e.getMessage(), e);
        }
    }

    private long append(Tenant tenant, Scope scope, List<String> receipts) throws IOException {
        String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        return entries.append(new ErasedEntry(time, tenant.pseudonym(), scope, receipts).bytes());
    }
}
