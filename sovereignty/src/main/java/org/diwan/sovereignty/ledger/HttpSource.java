package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Published files behind a URL: the only place in this module that uses the network, and it only
/// reads. Redirects are not followed, so that a log speaks from the address that the auditor named.
final class HttpSource implements TileSource {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private final URI base;
    private final HttpClient client;

    HttpSource(URI base) {
        this.base = base.toString().endsWith("/") ? base : URI.create(base + "/");
        this.client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    }

    @Override
    public byte @Nullable [] read(String path, int limit) throws IOException {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(REQUEST_TIMEOUT)
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() == 404) return null;
                if (response.statusCode() != 200)
                    throw new IOException(request.uri() + ": answered " + response.statusCode());
                byte[] bytes = body.readNBytes(limit + 1);
                if (bytes.length > limit)
                    throw new TooLongException(request.uri().toString(), limit);
                return bytes;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(request.uri() + ": interrupted", e);
        }
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
