package org.diwan.robots.vda5050;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fleet control's answers to the requests in a vehicle's state (§6.9, §7.5); from 3.0.0 on.
public record Responses(Header header, List<Response> responses) implements Message {
    /// What becomes of a request.
    public enum GrantType {
        GRANTED,
        QUEUED,
        REVOKED,
        REJECTED
    }

    /// One answer.
    ///
    /// @param leaseExpiry until when a grant holds, to the millisecond
    public record Response(
            String requestId, GrantType grantType, @Nullable Instant leaseExpiry) {
        public Response {
            if (leaseExpiry != null)
                leaseExpiry = Check.time("leaseExpiry", leaseExpiry).truncatedTo(ChronoUnit.MILLIS);
        }
    }

    public Responses {
        responses = List.copyOf(responses);
    }
}
