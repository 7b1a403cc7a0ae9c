package org.diwan.cloud;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.store.ApiKey;
import org.diwan.cloud.store.Caller;
import org.diwan.cloud.store.Store;
import org.diwan.cloud.store.Tenant;

/// Who is calling, and how much they may have open at a time.
final class Access {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /// A request that counts against its key until it is closed.
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    private final Store store;
    private final int openPerKey;
    /// One for each tenant that ever called: the store bounds them.
    private final ConcurrentMap<String, Semaphore> open = new ConcurrentHashMap<>();

    Access(Store store, int openPerKey) {
        this.store = store;
        this.openPerKey = openPerKey;
    }

    /// Whose key the request bears, and which.
    ///
    /// @throws ApiError 401 when it bears none, or one that was never issued
    Caller authenticate(ServerRequest request) {
        String header = request.headers().value(HeaderNames.AUTHORIZATION).orElse("");
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7))
            throw ApiError.unauthorized("You didn't provide an API key. Send it in an Authorization header using"
                    + " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
        try {
            return store.authenticate(new ApiKey(header.substring(7).strip()))
                    .orElseThrow(() -> ApiError.unauthorized("Incorrect API key provided."));
        } catch (IllegalArgumentException e) {
            throw ApiError.unauthorized("Incorrect API key provided: keys begin with dk-.");
        } catch (IOException e) {
            throw Http.unavailable("database_unavailable", e);
        }
    }

    /// The same, for what only the operator may do.
    ///
    /// @throws ApiError 403 when the key is not the operator's
    Caller authenticateOperator(ServerRequest request) {
        var caller = authenticate(request);
        if (caller.tenant().id().equals(Gateway.OPERATOR)) return caller;
        throw new ApiError(
                403,
                "permission_error",
                "operator_only",
                null,
                "This is for the operator's key; it is in the file operator.key of the data folder.");
    }

    /// Counts a request of `tenant` as open.
    ///
    /// @throws ApiError 429 when as many are open as may be
    Lease enter(Tenant tenant) {
        var places = open.computeIfAbsent(tenant.id(), id -> new Semaphore(openPerKey));
        if (!places.tryAcquire())
            throw ApiError.tooMany(
                    "Rate limit reached: " + openPerKey + " requests are open with this key. Wait for one to finish.",
                    RETRY_AFTER);
        return places::release;
    }
}
