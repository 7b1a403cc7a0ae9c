package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.diwan.cloud.Guard.Ruling;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Obligation;

/// The few things that every handler does with Helidon's requests and responses.
final class Http {
    static final HeaderName RECEIPT = HeaderNames.create("diwan-receipt");
    static final HeaderName DATA_CLASS = HeaderNames.create("diwan-data-class");
    static final HeaderName PURPOSE = HeaderNames.create("diwan-purpose");
    static final HeaderName TRAITS = HeaderNames.create("diwan-traits");
    static final HeaderName LABEL = HeaderNames.create("diwan-label");
    static final HeaderName NOTICE = HeaderNames.create("diwan-notice");

    private static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");
    private static final Header TEXT =
            HeaderValues.createCached("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    /// Bytes of an oversized body that are read past before the connection is closed.
    private static final int MAX_DISCARDED = 64 << 20;

    private static final int MAX_PURPOSE_LENGTH = 64;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private Http() {}

    /// The body of `request`, in memory.
    ///
    /// @throws ApiError 413 when it is larger than [Json#MAX_BODY_SIZE], 400 when it breaks off
    static byte[] body(ServerRequest request) {
        if (!request.content().hasEntity()) return new byte[0];
        try (var in = request.content().inputStream()) {
            byte[] body = in.readNBytes(Json.MAX_BODY_SIZE + 1);
            if (body.length <= Json.MAX_BODY_SIZE) return body;
            // A client that is still sending would meet a closed connection, and never read why.
            long discarded = 0;
            while (discarded < MAX_DISCARDED && in.read(body) >= 0) discarded += body.length;
            throw tooLarge();
        } catch (IOException e) {
            throw ApiError.invalid(null, "The request body broke off: " + e.getMessage());
        }
    }

    private static ApiError tooLarge() {
        return new ApiError(
                413,
                "invalid_request_error",
                "request_too_large",
                null,
                "The request body is larger than " + Json.MAX_BODY_SIZE + " bytes, the most that Diwan reads.");
    }

    /// What the client declares.
    ///
    /// @throws ApiError 400 when there is no such class or trait, or the purpose is no word
    static Declared declared(ServerRequest request) {
        return new Declared(dataClass(request), traits(request), purpose(request));
    }

    /// The class that the client declares its data to be; internal when it says nothing.
    private static DataClass dataClass(ServerRequest request) {
        String label = request.headers().value(DATA_CLASS).orElse(null);
        try {
            return label == null ? DataClass.INTERNAL : DataClass.of(label);
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid("diwan-data-class", "Header " + e.getMessage() + ".");
        }
    }

    /// What the client knows of its data and no classifier can find, parted by commas: `credit, bulk`.
    private static Set<Trait> traits(ServerRequest request) {
        String labels = request.headers().value(TRAITS).orElse("");
        var traits = new HashSet<Trait>();
        try {
            if (!labels.isBlank()) for (var label : labels.split(",", -1)) traits.add(Trait.of(label.strip()));
            return traits;
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid("diwan-traits", "Header diwan-traits: " + e.getMessage() + ".");
        }
    }

    /// What the client says it asks for; [DecisionRequest#CHAT] when it says nothing.
    private static String purpose(ServerRequest request) {
        String purpose = request.headers().value(PURPOSE).orElse(DecisionRequest.CHAT);
        if (!purpose.matches("[a-z][a-z0-9-]*") || purpose.length() > MAX_PURPOSE_LENGTH)
            throw ApiError.invalid(
                    "diwan-purpose",
                    "Header diwan-purpose is not a word of [a-z0-9-], at most " + MAX_PURPOSE_LENGTH + " long.");
        return purpose;
    }

    /// Says under which class and where a request was processed, and that a machine answers, if the
    /// policy obliges to.
    static void label(ServerResponse response, Ruling ruling) {
        if (ruling.obliges(Obligation.LABEL))
            response.header(
                    LABEL,
                    ruling.request().dataClass().label() + "; "
                            + ruling.request().destination());
        if (ruling.obliges(Obligation.NOTIFY)) response.header(NOTICE, "generated by artificial intelligence");
    }

    static void send(ServerResponse response, ObjectNode body) {
        response.header(JSON).header(NO_SNIFF).send(Json.bytes(body));
    }

    /// JSON that is in its final form already.
    static void sendCanonical(ServerResponse response, byte[] json) {
        response.header(JSON).header(NO_SNIFF).send(json);
    }

    static void sendText(ServerResponse response, String text) {
        response.header(TEXT).header(NO_SNIFF).send(text.getBytes(StandardCharsets.UTF_8));
    }

    static void send(ServerResponse response, ApiError error) {
        response.status(error.status());
        if (error.retryAfter() != null)
            response.header(
                    HeaderNames.RETRY_AFTER, Long.toString(error.retryAfter().toSeconds()));
        if (error.receipt() != null) response.header(RECEIPT, error.receipt());
        // What is left of an oversized body is not worth reading: the connection ends with the answer.
        if (error.status() == 413) response.header(HeaderValues.CONNECTION_CLOSE);
        send(response, error.body());
    }

    /// 503: a part of the platform fails, and `cause` says which and how.
    static ApiError unavailable(String code, IOException cause) {
        return ApiError.unavailable(code, "Diwan cannot do this now: " + cause.getMessage(), RETRY_AFTER);
    }
}
