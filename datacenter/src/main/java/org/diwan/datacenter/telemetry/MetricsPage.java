package org.diwan.datacenter.telemetry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fetches a Prometheus page, such as DCGM's exporter serves at `http://HOST:9400/metrics`.
public final class MetricsPage {
    /// Longest page in bytes; DCGM's has some tens of kilobytes.
    public static final int MAX_SIZE = 8 << 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private MetricsPage() {}

    /// The samples at `address`.
    ///
    /// @throws IOException when there is no whole page of at most [#MAX_SIZE] within ten seconds
    public static PrometheusText.Page fetch(HttpClient http, URI address) throws IOException {
        var answer = http.sendAsync(
                HttpRequest.newBuilder(address).build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_SIZE));
        try {
            var response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) throw new IOException(address + " answered " + response.statusCode());
            return PrometheusText.parse(new String(response.body(), StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(address + ": no whole page within " + TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(address + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(address + ": interrupted", e);
        }
    }
}
