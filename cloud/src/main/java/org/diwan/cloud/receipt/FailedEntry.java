package org.diwan.cloud.receipt;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The ledger entry of a request that was allowed and then could not be answered, or whose answer could
/// not be kept: it was withheld, and what had been streamed of it by then is committed to nowhere.
///
/// @param reason the error code that the client got, such as `overloaded`, `upstream_error`, `key_refused`
///     when the tenant's key was not lent, or `receipt_erased` when the request was erased meanwhile
public record FailedEntry(String receipt, String time, String tenant, DecisionReference decided, String reason)
        implements Outcome {
    @Override
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put("type", "failed");
        map.put("receipt", receipt);
        map.put("time", time);
        map.put("tenant", tenant);
        map.put("decided", decided.json());
        map.put("reason", reason);
        return map;
    }

    static FailedEntry parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("type", "receipt", "time", "tenant", "decided", "reason"));
        return new FailedEntry(
                fields.text("receipt"),
                fields.text("time"),
                fields.text("tenant"),
                DecisionReference.parse(fields.value("decided"), fields.path("decided")),
                fields.text("reason"));
    }
}
