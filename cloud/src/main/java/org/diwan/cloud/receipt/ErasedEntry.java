package org.diwan.cloud.receipt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The ledger entry written before keys are destroyed: whose texts nobody can read any more. An auditor
/// who is not handed a receipt finds the reason here. Canonical JSON:
///
/// ```
/// {"receipts":["r-…"],"scope":"person","tenant":"t-…","time":"2026-01-01T00:00:00Z","type":"erased"}
/// ```
///
/// @param receipts those that were erased, [#MAX_RECEIPTS] in one entry at most; none for a whole
///     tenant, of whom everything before this entry is erased
public record ErasedEntry(String time, String tenant, Scope scope, List<String> receipts) {
    /// So that an entry stays below the ledger's 65,535 bytes.
    public static final int MAX_RECEIPTS = 1_000;

    private static final Set<String> MEMBERS = Set.of("type", "time", "tenant", "scope", "receipts");

    /// What was erased.
    public enum Scope {
        RECORD("record"),
        PERSON("person"),
        TENANT("tenant");

        private final String label;

        Scope(String label) {
            this.label = label;
        }

        /// As entries spell it.
        public String label() {
            return label;
        }

        /// The scope that `label` spells.
        public static Scope of(String label) throws VerificationException {
            for (Scope scope : values()) if (scope.label.equals(label)) return scope;
            throw new VerificationException("scope " + label + " is neither record, person nor tenant");
        }
    }

    public ErasedEntry {
        receipts = List.copyOf(receipts);
        if (receipts.size() > MAX_RECEIPTS)
            throw new IllegalArgumentException(receipts.size() + " receipts; the limit is " + MAX_RECEIPTS);
    }

    /// Whether it says that the receipt `id` of `tenant`, answered before, was erased.
    public boolean covers(String id, String tenant) {
        return this.tenant.equals(tenant) && (scope == Scope.TENANT || receipts.contains(id));
    }

    /// The entry as the ledger keeps it.
    public byte[] bytes() {
        return CanonicalJson.bytes(
                Map.of("type", "erased", "time", time, "tenant", tenant, "scope", scope.label(), "receipts", receipts));
    }

    /// The entry that `json` is.
    public static ErasedEntry parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, MEMBERS);
        if (!fields.text("type").equals("erased"))
            throw new VerificationException(fields.path("type") + " is not \"erased\"");
        var receipts = fields.texts("receipts");
        if (receipts.size() > MAX_RECEIPTS) throw new VerificationException(fields.path("receipts") + " is too long");
        return new ErasedEntry(fields.text("time"), fields.text("tenant"), Scope.of(fields.text("scope")), receipts);
    }
}
