package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.diwan.cloud.Guard.Ruling;
import org.diwan.cloud.Register.Case;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.AnsweredEntry;
import org.diwan.cloud.receipt.DecidedEntry;
import org.diwan.cloud.receipt.ErasedEntry;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.Opening;
import org.diwan.cloud.receipt.Outcome;
import org.diwan.cloud.receipt.RerankOpening;
import org.diwan.cloud.receipt.ScoresOpening;
import org.diwan.cloud.store.Caller;
import org.diwan.cloud.store.SqlKeyShelf;
import org.diwan.cloud.store.Store;
import org.diwan.cloud.store.Tenant;
import org.diwan.cloud.upstream.Upstream;
import org.diwan.cloud.upstream.UpstreamAddress;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.vault.ErasedException;
import org.diwan.sovereignty.vault.FileRootKey;
import org.diwan.sovereignty.vault.RootKey;
import org.diwan.sovereignty.vault.Vault;

/// The books of a gateway without its server: a real ledger, database and vault in a folder, written by
/// the register and by erasures.
final class Desk implements AutoCloseable {
    private static final Decision ALLOW = new Decision.Allow(List.of(), Set.of());
    private static final Decision DENY = new Decision.Deny(List.of());

    final Store store;
    final Vault vault;
    final SignedLedger signed;
    final Register register;
    final Erasure erasure;
    private final Upstream upstream = new Upstream(UpstreamAddress.parse("p=http://127.0.0.1:9/v1@sa", null));

    /// What stands before the ledger, and may refuse an entry.
    interface Before {
        void entry(byte[] entry) throws IOException;
    }

    Desk(Path folder) throws IOException {
        this(folder, Map.of(), entry -> {});
    }

    /// @param held tenants' own root keys
    Desk(Path folder, Map<String, RootKey> held, Before before) throws IOException {
        Path keys = Files.createDirectories(folder.resolve("keys"));
        store = Store.open(folder.resolve("diwan.db"));
        vault = new Vault(
                FileRootKey.open(keys.resolve("root.key")),
                List.of(),
                held,
                SqlKeyShelf.open(keys.resolve("vault.db")));
        signed = SignedLedger.open(folder, LedgerConfig.ALONE);
        EntryLog entries = entry -> {
            before.entry(entry);
            return signed.ledger().append(entry);
        };
        var gate = new SealingGate();
        var clock = InstantSource.system();
        register = new Register(entries, signed.ledger(), store, vault, gate, new Metrics(() -> 0, () -> 0), clock);
        erasure = new Erasure(entries, store, vault, gate, clock);
    }

    Caller caller(String tenant, String person) throws IOException {
        return new Caller(store.tenant(tenant), "k-1", person);
    }

    /// A request that is allowed.
    Case ask(Caller caller) {
        return decided(ALLOW, caller);
    }

    /// A request that is denied.
    Case deny(Caller caller) {
        return decided(DENY, caller);
    }

    private Case decided(Decision decision, Caller caller) {
        var home = new Jurisdiction("sa");
        var request = new DecisionRequest(DataClass.PUBLIC, false, false, home, home, DecisionRequest.CHAT);
        return register.decided(
                "p/m",
                new Site.Elsewhere(upstream, "m"),
                new Ruling(request, decision, "9f".repeat(32), List.of()),
                Opening.of(new RerankOpening("which?", List.of("this"))),
                caller);
    }

    void answer(Case decided) {
        register.answered(
                new Maker.Upstream("p", "m", "sa", Map.of()),
                null,
                "stop",
                Opening.of(new ScoresOpening(List.of(1f))),
                null,
                decided);
    }

    /// Whether its texts are readable, all that it has.
    boolean isReadable(String receipt, Tenant tenant) throws IOException {
        var kept = store.receipt(receipt, tenant).orElseThrow();
        try {
            vault.open(tenant.id(), receipt, "request", kept.sealedRequest());
            byte[] answer = kept.sealedAnswer();
            if (answer != null) vault.open(tenant.id(), receipt, "answer", answer);
            return true;
        } catch (ErasedException e) {
            return false;
        }
    }

    /// What the ledger promises: an allowed decision has one outcome, unless it is among `running`; a denied one has
    /// none; and whatever is unreadable is named as erased by an entry after its last.
    void check(Set<String> running, Tenant... tenants) throws Exception {
        Map<String, DecidedEntry> decided = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        Map<String, Integer> outcomes = new HashMap<>();
        Map<Long, ErasedEntry> erased = new HashMap<>();
        for (long index = 0; index < signed.ledger().size(); index++) {
            byte[] bytes = signed.ledger().entry(index);
            switch (Json.parse(bytes).path("type").asText()) {
                case "decided" -> {
                    var entry = DecidedEntry.read(bytes).orElseThrow();
                    decided.put(entry.receipt(), entry);
                    last.put(entry.receipt(), index);
                }
                case "erased" -> erased.put(index, ErasedEntry.parse(Json.plain(Json.parse(bytes)), "entry"));
                default -> {
                    var outcome = Outcome.read(bytes);
                    outcomes.merge(outcome.receipt(), 1, Integer::sum);
                    if (outcome instanceof AnsweredEntry) last.put(outcome.receipt(), index);
                }
            }
        }
        for (var entry : decided.values()) {
            String id = entry.receipt();
            int due = entry.allowed() && !running.contains(id) ? 1 : 0;
            assertEquals(due, outcomes.getOrDefault(id, 0), id);
            for (var tenant : tenants) {
                if (!tenant.pseudonym().equals(entry.tenant())
                        || store.receipt(id, tenant).isEmpty()) continue;
                boolean named = erased.entrySet().stream()
                        .anyMatch(one -> one.getKey() > Objects.requireNonNull(last.get(id))
                                && one.getValue().covers(id, entry.tenant()));
                assertTrue(isReadable(id, tenant) || named, id + " is unreadable and no entry says why");
            }
        }
        assertFalse(decided.isEmpty());
    }

    /// Types of the entries, and reasons of failures: `decided`, `failed key_refused`.
    List<String> log() throws IOException {
        var types = new ArrayList<String>();
        for (long index = 0; index < signed.ledger().size(); index++) {
            var entry = Json.parse(signed.ledger().entry(index));
            types.add((entry.path("type").asText() + " " + entry.path("reason").asText("")).strip());
        }
        return types;
    }

    @Override
    public void close() throws IOException {
        upstream.close();
        signed.close();
        vault.close();
        store.close();
    }
}
