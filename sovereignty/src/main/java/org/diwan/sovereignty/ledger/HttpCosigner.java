package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A witness behind a URL, over connections that are kept open.
final class HttpCosigner implements Cosigner {
    /// A publisher waits for this.
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final URI address;
    private final HttpClient client;

    HttpCosigner(URI prefix) {
        this.address = URI.create(prefix + (prefix.toString().endsWith("/") ? "" : "/") + "add-checkpoint");
        this.client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    }

    @Override
    public Answer addCheckpoint(String text) throws IOException {
        var request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build();
        try {
            var response = send(request);
            try (var body = response.body()) {
                byte[] bytes = body.readNBytes(Checkpoint.MAX_TEXT + 1);
                if (bytes.length > Checkpoint.MAX_TEXT)
                    throw new TooLongException(address.toString(), Checkpoint.MAX_TEXT);
                return answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(address + ": interrupted");
        }
    }

    /// The JDK names neither address nor, at times, reason.
    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException(address + ": " + e, e);
        }
    }

    private Answer answer(int status, String body) throws IOException {
        try {
            return switch (status) {
                case 200 -> new Answer.Cosigned(body);
                case 409 -> new Answer.Conflict(Checkpoint.number(body.strip()));
                case 400, 403, 404, 422 -> new Answer.Refused(status, firstLine(body));
                default -> throw new IOException(address + ": answered " + status);
            };
        } catch (IllegalArgumentException e) {
            throw new IOException(address + ": answered 409 without a size: " + e.getMessage(), e);
        }
    }

    private static String firstLine(String body) {
        return body.lines()
                .findFirst()
                .map(line -> line.substring(0, Math.min(line.length(), 200)))
                .orElse("");
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
