package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.ledger.Ledger;

/// The ledger's entries, decoded, for a page to list: `{"size":n,"entries":[{"index","entry"},…]}`.
final class LedgerEntries {
    /// Most entries in one response.
    static final int MAX_COUNT = 500;

    private static final int DEFAULT_COUNT = 50;

    private LedgerEntries() {}

    /// The entries `[from, from + count)` of those that a checkpoint covers; a checkpoint is published
    /// first, so that whatever is listed can be verified at once.
    static ObjectNode list(ServerRequest request, Ledger ledger) {
        try {
            long size = ledger.publish().size();
            long from = number(request, "from", Math.max(0, size - DEFAULT_COUNT));
            long count = number(request, "count", DEFAULT_COUNT);
            if (count > MAX_COUNT)
                throw ApiError.invalid("count", "'count' is " + count + "; the limit is " + MAX_COUNT + ".");
            var body = Json.object();
            body.put("size", size);
            ArrayNode entries = body.putArray("entries");
            for (long index = from; index < size && index - from < count; index++) {
                var row = entries.addObject();
                row.put("index", index);
                row.set("entry", Json.parse(ledger.entry(index)));
            }
            return body;
        } catch (IOException e) {
            throw Http.unavailable("ledger_unavailable", e);
        }
    }

    private static long number(ServerRequest request, String name, long otherwise) {
        String text = request.query().first(name).orElse(null);
        if (text == null) return otherwise;
        if (!text.matches("[0-9]{1,18}"))
            throw ApiError.invalid(name, "'" + name + "' must be a whole number from 0, not '" + text + "'.");
        return Long.parseLong(text);
    }
}
