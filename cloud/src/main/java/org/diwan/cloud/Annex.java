package org.diwan.cloud;

import java.io.IOException;
import java.util.Map;
import org.diwan.cloud.api.ApiError;

/// A part of the API that another module answers, everything below `/v1/NAME/`, for the operator's key alone.
/// The gateway authenticates, reads the body within its limit, counts, and turns refusals into responses; it
/// knows nothing of what is said.
public interface Annex {
    /// One word of `[a-z]`: the path's second part, and the route's name in the metrics.
    String name();

    /// What to send, JSON in UTF-8, under status 200. Called by the request's thread, many at once.
    ///
    /// @throws ApiError for any other status
    /// @throws IOException when something of the platform fails: 503
    byte[] answer(Call call) throws IOException, InterruptedException;

    /// A request.
    ///
    /// @param path what follows `/v1/NAME/`
    /// @param body as UTF-8; what is none is replaced by U+FFFD
    /// @param query the first value of each name
    /// @param key names the caller's key in public, as the ledger does
    /// @param entries takes what must be on record
    record Call(String method, String path, Map<String, String> query, String body, String key, EntryLog entries) {
        public Call {
            query = Map.copyOf(query);
        }
    }
}
