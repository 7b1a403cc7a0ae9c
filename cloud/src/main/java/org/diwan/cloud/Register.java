package org.diwan.cloud;

import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.diwan.cloud.Guard.Ruling;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatReply;
import org.diwan.cloud.receipt.AnsweredEntry;
import org.diwan.cloud.receipt.DecidedEntry;
import org.diwan.cloud.receipt.FailedEntry;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.Opening;
import org.diwan.cloud.receipt.Outcome.DecisionReference;
import org.diwan.cloud.receipt.Receipt;
import org.diwan.cloud.receipt.Told;
import org.diwan.cloud.store.Caller;
import org.diwan.cloud.store.Store;
import org.diwan.cloud.store.StoredReceipt;
import org.diwan.cloud.store.Tenant;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.vault.ErasedException;
import org.diwan.sovereignty.vault.KeyRefusedException;
import org.diwan.sovereignty.vault.Vault;
import org.jspecify.annotations.Nullable;

/// Writes what happens into the ledger, keeps the openings for the tenant, and hands out receipts.
///
/// The order is the promise: an entry is on disk before what it speaks of goes on. An allowed decision gets
/// one outcome, also where the texts cannot be sealed.
final class Register {
    /// A decided request that waits for its outcome.
    record Case(String receipt, Tenant tenant, DecisionReference decided) {}

    /// The parts of a record in the vault.
    private static final String REQUEST = "request";

    private static final String ANSWER = "answer";

    /// Checkpoints are published every second, so the second attempt finds the same one.
    private static final int MAX_PROOF_ATTEMPTS = 100;

    private static final System.Logger LOG = System.getLogger(Register.class.getName());

    private final EntryLog entries;
    private final Ledger ledger;
    private final Store store;
    private final Vault vault;
    private final SealingGate gate;
    private final Metrics metrics;
    private final InstantSource clock;

    Register(
            EntryLog entries,
            Ledger ledger,
            Store store,
            Vault vault,
            SealingGate gate,
            Metrics metrics,
            InstantSource clock) {
        this.entries = entries;
        this.ledger = ledger;
        this.store = store;
        this.vault = vault;
        this.gate = gate;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Now, in ISO 8601 with milliseconds.
    private String time() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /// Records a decision. What it allows may begin when this returns, not before.
    ///
    /// @param model as the client named it
    /// @throws ApiError 503 when it cannot be recorded, or its texts cannot be kept
    Case decided(String model, Site site, Ruling ruling, Opening request, Caller caller) {
        var asked = ruling.request();
        var tenant = caller.tenant();
        var entry = new DecidedEntry(
                Store.newReceiptId(),
                time(),
                tenant.pseudonym(),
                caller.key(),
                model,
                asked.origin().code(),
                asked.destination().code(),
                site instanceof Site.Elsewhere elsewhere
                        ? elsewhere.upstream().address().name()
                        : null,
                asked.dataClass().label(),
                asked.sector().label(),
                asked.personal(),
                asked.sensitive(),
                asked.traits().stream()
                        .filter(trait -> trait != Trait.PERSONAL && trait != Trait.SENSITIVE)
                        .map(Trait::label)
                        .sorted()
                        .toList(),
                asked.purpose(),
                ruling.allows() ? "allow" : "deny",
                ruling.ruleIds(),
                ruling.articles(),
                ruling.obligations(),
                ruling.policy(),
                request.commitment());
        byte[] bytes = entry.bytes();
        long index = append(bytes, "Nothing was generated.");
        var decided = new Case(entry.receipt(), tenant, DecisionReference.of(index, bytes));
        try (var _ = gate.sealing(tenant)) {
            String person = Erasure.id(tenant, caller.person());
            byte[] sealed = vault.sealNew(tenant.id(), person, entry.receipt(), REQUEST, request.bytes());
            store.addReceipt(entry.receipt(), tenant, index, sealed);
        } catch (IOException e) {
            var error = unsealed(e);
            if (ruling.allows()) appendFailure(decided, error);
            throw error;
        }
        return decided;
    }

    /// Records an answer, or that it could not be kept.
    ///
    /// @param told null where the client was told what the model said
    /// @throws ApiError 503 when it cannot be recorded, 410 when the request was erased meanwhile; the answer
    ///     must be withheld
    void answered(
            Maker by, ChatReply.@Nullable Usage usage, String finish, Opening answer, @Nullable Told told, Case of) {
        var entry = new AnsweredEntry(
                of.receipt(),
                time(),
                of.tenant().pseudonym(),
                of.decided(),
                by,
                usage == null ? null : usage.promptTokens(),
                usage == null ? null : usage.completionTokens(),
                finish,
                answer.commitment(),
                told == null ? null : told.redacted());
        try (var _ = gate.sealing(of.tenant())) {
            complete(entry, of, vault.seal(of.tenant().id(), of.receipt(), ANSWER, answer.bytes()));
        } catch (IOException e) {
            var error = unsealed(e);
            failed(of, error);
            throw error;
        }
    }

    /// What a client gets for a text that cannot be kept.
    private static ApiError unsealed(IOException e) {
        return switch (e) {
            case KeyRefusedException refused -> Http.unavailable("key_refused", refused);
            case ErasedException erased ->
                new ApiError(
                        410,
                        "invalid_request_error",
                        "receipt_erased",
                        null,
                        "What was asked was erased before the answer was kept; the answer is withheld.");
            default -> Http.unavailable("vault_unavailable", e);
        };
    }

    /// Records that an allowed request came to nothing. The client gets `error` in any case.
    void failed(Case of, ApiError error) {
        var index = appendFailure(of, error);
        if (index.isEmpty()) return;
        try {
            store.completeReceipt(of.receipt(), index.getAsLong(), null);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "{0}: outcome not kept: {1}", of.receipt(), e.getMessage());
        }
    }

    /// The index of the entry; empty when the ledger does not take it.
    private OptionalLong appendFailure(Case of, ApiError error) {
        String code = error.code();
        var entry = new FailedEntry(
                of.receipt(), time(), of.tenant().pseudonym(), of.decided(), code == null ? "error" : code);
        try {
            return OptionalLong.of(append(entry.bytes(), "There is no answer."));
        } catch (ApiError e) {
            LOG.log(System.Logger.Level.ERROR, "{0}: outcome not recorded: {1}", of.receipt(), e.getMessage());
            return OptionalLong.empty();
        }
    }

    private void complete(AnsweredEntry entry, Case of, byte[] sealed) {
        long index = append(entry.bytes(), "The answer is withheld.");
        try {
            store.completeReceipt(of.receipt(), index, sealed);
        } catch (IOException e) {
            throw Http.unavailable("database_unavailable", e);
        }
    }

    private long append(byte[] entry, String consequence) {
        try {
            return metrics.timeAppend(() -> entries.append(entry));
        } catch (IOException e) {
            throw Http.unavailable(
                    "ledger_unavailable",
                    new IOException("the ledger cannot append (" + e.getMessage() + "). " + consequence, e));
        }
    }

    /// The receipt `id` of `tenant`, with proofs under the log's newest checkpoint.
    ///
    /// @throws ApiError 404 when the tenant has no such receipt
    Receipt receipt(String id, Tenant tenant) {
        try {
            return receipt(
                    id,
                    tenant,
                    store.receipt(id, tenant)
                            .orElseThrow(() -> ApiError.notFound(
                                    "id", "receipt_not_found", "No receipt '" + id + "' for this key.")));
        } catch (VerificationException e) {
            throw new IllegalStateException("receipt " + id + " as kept is damaged: " + e.getMessage(), e);
        } catch (ErasedException e) {
            throw new ApiError(
                    410,
                    "invalid_request_error",
                    "receipt_erased",
                    "id",
                    "The texts of receipt '" + id + "' were erased and cannot be had any more; the ledger keeps its"
                            + " entries, and one that says so.");
        } catch (IOException e) {
            throw Http.unavailable("receipt_unavailable", e);
        }
    }

    private Receipt receipt(String id, Tenant tenant, StoredReceipt kept) throws IOException, VerificationException {
        Long answered = kept.answeredIndex();
        byte[] sealedAnswer = kept.sealedAnswer();
        var proofs = proofs(kept.decidedIndex(), answered);
        return Receipt.assemble(
                id,
                ledger.entry(kept.decidedIndex()),
                proofs.decided(),
                answered == null ? null : ledger.entry(answered),
                proofs.answered(),
                Opening.parse(vault.open(tenant.id(), id, REQUEST, kept.sealedRequest())),
                sealedAnswer == null ? null : Opening.parse(vault.open(tenant.id(), id, ANSWER, sealedAnswer)));
    }

    private record Proofs(String decided, @Nullable String answered) {}

    /// Both proofs under one checkpoint: a new one may be published between the two calls.
    private Proofs proofs(long decided, @Nullable Long answered) throws IOException {
        if (answered == null) return new Proofs(ledger.prove(decided), null);
        for (int attempt = 0; attempt < MAX_PROOF_ATTEMPTS; attempt++) {
            String later = ledger.prove(answered);
            String earlier = ledger.prove(decided);
            if (Receipt.sameCheckpoint(earlier, later)) return new Proofs(earlier, later);
        }
        throw new IOException("the ledger grows too fast for a proof; try again");
    }
}
