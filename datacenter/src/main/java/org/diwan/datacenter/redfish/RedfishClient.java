package org.diwan.datacenter.redfish;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.diwan.datacenter.redfish.Answer.Dangling;
import org.diwan.datacenter.redfish.Answer.Denied;
import org.diwan.datacenter.redfish.Answer.Failed;
import org.diwan.datacenter.redfish.Answer.Found;
import org.jspecify.annotations.Nullable;

/// One controller's Redfish service, spoken to as one user: over a session (DSP0266 §13.3.4) where the
/// controller has them, else with basic authentication. Credentials go to that controller alone: a link
/// or a redirect to another host is not followed.
///
/// One `HttpClient` serves thousands of these; whoever made it gave it the trust store. Safe to share
/// between threads.
public final class RedfishClient implements AutoCloseable {
    /// Longest body in bytes; the largest seen, an HPE log, has 300 kB.
    public static final int MAX_BODY = 8 << 20;

    /// From the request to the last byte of its answer. Controllers are slow: a second is common.
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// A controller may send `/redfish/v1` to `/redfish/v1/`, not on a journey.
    private static final int MAX_REDIRECTS = 3;

    private static final Pattern NOT_IN_URI = Pattern.compile("[^A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]");

    private static final ObjectMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxDocumentLength(MAX_BODY)
                            .build())
                    .build())
            .build();

    /// Who asks.
    public record Credentials(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    private final HttpClient http;
    private final URI service;
    private final Optional<Credentials> credentials;

    /// How requests are authenticated now; the session's address, if there is one.
    private record Identity(String header, String value, Optional<String> session) {}

    private volatile @Nullable Identity identity;
    private final LongAdder received = new LongAdder();

    /// A client that has asked nothing yet.
    ///
    /// @param service scheme, host and port, such as `https://10.0.0.1`
    /// @throws IllegalArgumentException when `service` is not an `http` or `https` address with a host
    public RedfishClient(HttpClient http, URI service, Optional<Credentials> credentials) {
        if (service.getHost() == null || !("https".equals(service.getScheme()) || "http".equals(service.getScheme())))
            throw new IllegalArgumentException(
                    "'" + service + "' must be https://HOST or http://HOST, with a port if need be");
        this.http = http;
        this.service = URI.create(service.getScheme() + "://" + service.getRawAuthority());
        this.credentials = credentials;
    }

    public URI service() {
        return service;
    }

    /// Bytes of bodies that the service has sent.
    long received() {
        return received.sum();
    }

    /// The resource at `path`, which begins with `/`.
    Answer get(String path) {
        return send("GET", path, Optional.empty(), Optional.empty());
    }

    Answer post(String path, ObjectNode body) {
        return send("POST", path, Optional.of(body), Optional.empty());
    }

    /// Changes members of the resource at `path`, if it still is what `etag` names (empty: whatever it is).
    Answer patch(String path, ObjectNode body, String etag) {
        return send("PATCH", path, Optional.of(body), etag.isEmpty() ? Optional.empty() : Optional.of(etag));
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /// Ends the session; a controller that has gone keeps it until it times out.
    @Override
    public void close() {
        var ending = identity;
        identity = null;
        if (ending != null)
            ending.session()
                    .ifPresent(session -> exchange("DELETE", session, Optional.empty(), Optional.empty(), ending));
    }

    /// A session that ran out is opened again, once.
    private Answer send(String method, String path, Optional<ObjectNode> body, Optional<String> etag) {
        if (credentials.isEmpty()) return exchange(method, path, body, etag, null);
        var used = identified();
        var answer = exchange(method, path, body, etag, used);
        if (!(answer instanceof Denied(int status))
                || status != 401
                || used.session().isEmpty()) return answer;
        synchronized (this) {
            if (used.equals(identity)) identity = null;
        }
        return exchange(method, path, body, etag, identified());
    }

    private synchronized Identity identified() {
        var known = identity;
        if (known == null) {
            known = login();
            identity = known;
        }
        return known;
    }

    /// A session, or basic authentication where none can be made (no session service, or it is full).
    private Identity login() {
        var who = credentials.orElseThrow();
        var body = object().put("UserName", who.user()).put("Password", who.password());
        try {
            var response =
                    raw("POST", uri("/redfish/v1/SessionService/Sessions"), Optional.of(body), Optional.empty(), null);
            var token = response.headers().firstValue("X-Auth-Token");
            if (response.statusCode() / 100 == 2 && token.isPresent())
                return new Identity(
                        "X-Auth-Token",
                        token.get(),
                        response.headers().firstValue("Location").flatMap(this::own));
        } catch (IOException e) {
            // The request itself will meet the same trouble and say so.
        }
        String basic = Base64.getEncoder()
                .encodeToString((who.user() + ":" + who.password()).getBytes(StandardCharsets.UTF_8));
        return new Identity("Authorization", "Basic " + basic, Optional.empty());
    }

    private Answer exchange(
            String method, String path, Optional<ObjectNode> body, Optional<String> etag, @Nullable Identity as) {
        try {
            URI at = uri(path);
            for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
                var response = raw(method, at, body, etag, as);
                int status = response.statusCode();
                if (status == 401 || status == 403) return new Denied(status);
                if (status == 404 || status == 410) return new Dangling(status);
                if (status / 100 == 2) return found(response);
                var next = response.headers().firstValue("Location").flatMap(this::own);
                if (status / 100 != 3 || next.isEmpty()) return new Failed("status " + status);
                at = uri(next.get());
            }
            return new Failed("more than " + MAX_REDIRECTS + " redirects");
        } catch (IOException | IllegalArgumentException e) {
            return new Failed(String.valueOf(e.getMessage()));
        }
    }

    private static Answer found(HttpResponse<byte[]> response) throws IOException {
        if (response.body().length == 0) return new Found(object(), "");
        JsonNode body = JSON.readTree(response.body());
        if (!(body instanceof ObjectNode object)) return new Failed("not a JSON object");
        String etag = response.headers().firstValue("ETag").orElseGet(() -> Found.text(object, "@odata.etag"));
        return new Found(object, etag);
    }

    /// The JDK's request timeout ends with the headers; this one ends with the body.
    private HttpResponse<byte[]> raw(
            String method, URI at, Optional<ObjectNode> body, Optional<String> etag, @Nullable Identity as)
            throws IOException {
        var request = HttpRequest.newBuilder(at)
                .header("Accept", "application/json")
                .header("OData-Version", "4.0")
                .method(
                        method,
                        body.map(b -> BodyPublishers.ofString(b.toString())).orElse(BodyPublishers.noBody()));
        if (body.isPresent()) request.header("Content-Type", "application/json");
        if (as != null) request.header(as.header(), as.value());
        etag.ifPresent(tag -> request.header("If-Match", tag));
        var answer = http.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
        try {
            var response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            received.add(response.body().length);
            return response;
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no whole answer within " + TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// A place on this controller: paths are quoted where a vendor forgot to.
    private URI uri(String path) throws IOException {
        if (!path.startsWith("/") || path.startsWith("//"))
            throw new IOException("'" + path + "' is not a path on " + service);
        String quoted = NOT_IN_URI.matcher(path).replaceAll(match -> quote(match.group()));
        try {
            return URI.create(service + quoted);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + path + "' is not a path: " + e.getMessage(), e);
        }
    }

    private static String quote(String character) {
        var quoted = new StringBuilder();
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) quoted.append("%%%02X".formatted(b));
        return quoted.toString();
    }

    /// The path in a `Location` header, unless it leads to another host.
    private Optional<String> own(String location) {
        if (location.startsWith("/") && !location.startsWith("//")) return Optional.of(location);
        return location.startsWith(service + "/")
                ? Optional.of(location.substring(service.toString().length()))
                : Optional.empty();
    }
}
