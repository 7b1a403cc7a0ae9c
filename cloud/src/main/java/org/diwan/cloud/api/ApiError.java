package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A refusal in OpenAI's shape: `{"error":{"message","type","param","code"}}` under an HTTP status.
///
/// Thrown anywhere between the first byte of a request and the first byte of its answer; the gateway
/// turns it into the response in one place. It carries no stack trace: it describes the caller's
/// request, not our code.
public final class ApiError extends RuntimeException {
    private final int status;
    private final String message;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;
    private @Nullable Duration retryAfter;
    private @Nullable String receipt;
    private @Nullable ObjectNode details;

    /// @param status HTTP status, 400 to 599
    /// @param message one sentence or two: what is wrong, the limit, the way out
    /// @param param the field of the request that is at fault, or null
    public ApiError(int status, String type, @Nullable String code, @Nullable String param, String message) {
        super(message, null, false, false);
        assert status >= 400 && status <= 599 : "status " + status;
        this.status = status;
        this.message = message;
        this.type = type;
        this.code = code;
        this.param = param;
    }

    /// 400: the field `param` is not what it must be.
    public static ApiError invalid(@Nullable String param, String message) {
        return new ApiError(400, "invalid_request_error", null, param, message);
    }

    /// 400: the field `param` asks for something that Diwan does not do.
    public static ApiError unsupported(String param, String message) {
        return new ApiError(400, "invalid_request_error", "unsupported_parameter", param, message);
    }

    /// 401: no key, or one that was never issued. Says nothing about which keys exist.
    public static ApiError unauthorized(String message) {
        return new ApiError(401, "invalid_request_error", "invalid_api_key", null, message);
    }

    /// 404: nothing of that name, or nothing that this key may see.
    public static ApiError notFound(@Nullable String param, String code, String message) {
        return new ApiError(404, "invalid_request_error", code, param, message);
    }

    /// 429: this key has as many requests open as it may.
    public static ApiError tooMany(String message, Duration retryAfter) {
        return new ApiError(429, "requests", "rate_limit_exceeded", null, message).retryAfter(retryAfter);
    }

    /// 503: the platform cannot do this now; nothing was generated.
    public static ApiError unavailable(String code, String message, Duration retryAfter) {
        return new ApiError(503, "server_error", code, null, message).retryAfter(retryAfter);
    }

    /// 502: the upstream failed or answered what is no answer.
    public static ApiError badUpstream(String message) {
        return new ApiError(502, "server_error", "upstream_error", null, message);
    }

    /// The same refusal, asking the client to wait at least this long.
    public ApiError retryAfter(Duration wait) {
        retryAfter = wait;
        return this;
    }

    /// The same refusal, with the id of the receipt that proves it was decided and recorded.
    public ApiError receipt(String id) {
        receipt = id;
        return this;
    }

    /// The same refusal, with `details` as the body's extra field `diwan`.
    public ApiError details(ObjectNode diwan) {
        details = diwan;
        return this;
    }

    public int status() {
        return status;
    }

    public @Nullable String code() {
        return code;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public @Nullable String receipt() {
        return receipt;
    }

    /// The response body.
    public ObjectNode body() {
        var error = Json.object();
        error.put("message", message);
        error.put("type", type);
        error.put("param", param);
        error.put("code", code);
        if (details != null) error.set("diwan", details);
        var body = Json.object();
        body.set("error", error);
        return body;
    }
}
