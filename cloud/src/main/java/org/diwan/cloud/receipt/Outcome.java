package org.diwan.cloud.receipt;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// What came of an allowed request: the ledger entry written after the fact.
public sealed interface Outcome permits AnsweredEntry, FailedEntry {
    /// The id of the receipt that the entry belongs to.
    String receipt();

    /// The pseudonym of whom it was done for.
    String tenant();

    /// The decision that allowed it.
    DecisionReference decided();

    /// The members of the entry.
    Map<String, @Nullable Object> json();

    /// The entry as the ledger keeps it.
    default byte[] bytes() {
        return CanonicalJson.bytes(json());
    }

    /// The outcome that `entry` records.
    ///
    /// @throws VerificationException when it is no entry of this platform, or records something else
    static Outcome read(byte[] entry) throws VerificationException {
        try {
            return parse(Json.plain(Json.parse(entry)), "entry");
        } catch (IOException | IllegalArgumentException e) {
            throw new VerificationException("entry: " + e.getMessage());
        }
    }

    static Outcome parse(@Nullable Object json, String path) throws VerificationException {
        boolean failed = json instanceof Map<?, ?> map && "failed".equals(map.get("type"));
        return failed ? FailedEntry.parse(json, path) : AnsweredEntry.parse(json, path);
    }

    /// Where a decision stands in the ledger, and its leaf hash: SHA-256(0x00 ‖ entry), as RFC 6962
    /// §2.1 hashes leaves. Whoever reads only the second entry can find and check the first.
    record DecisionReference(long index, String hash) {
        public static DecisionReference of(long index, byte[] entry) {
            return new DecisionReference(index, Digest.hex(Digest.sha256(new byte[] {0}, entry)));
        }

        Map<String, Object> json() {
            return Map.of("index", index, "hash", hash);
        }

        static DecisionReference parse(@Nullable Object json, String path) throws VerificationException {
            var fields = new EntryFields(json, path, Set.of("index", "hash"));
            return new DecisionReference(fields.whole("index"), fields.hash("hash"));
        }
    }
}
