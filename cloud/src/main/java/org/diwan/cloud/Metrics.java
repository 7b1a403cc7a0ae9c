package org.diwan.cloud;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What an operator watches, for Prometheus: requests, tokens, time to the first token, the engine's
/// queue, ledger appends. No tenant, key or text is a label.
final class Metrics {
    /// Work that may fail as the disk fails.
    interface Append {
        long run() throws IOException;
    }

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer firstToken = Timer.builder("diwan.first.token")
            .description("From the request to the first token of a local answer")
            .serviceLevelObjectives(
                    Duration.ofMillis(50),
                    Duration.ofMillis(200),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60))
            .register(registry);
    private final Timer append = Timer.builder("diwan.ledger.append")
            .description("Durable ledger appends")
            .register(registry);
    private final Counter appendFailures = Counter.builder("diwan.ledger.append.failures")
            .description("Ledger appends that the disk refused")
            .register(registry);

    /// @param active answers being generated
    /// @param queued answers waiting
    Metrics(Supplier<Number> active, Supplier<Number> queued) {
        Gauge.builder("diwan.engine.active", active)
                .description("Answers being generated")
                .register(registry);
        Gauge.builder("diwan.engine.queued", queued)
                .description("Answers waiting for a slot")
                .register(registry);
    }

    void request(String route, int status) {
        registry.counter("diwan.requests", "route", route, "status", Integer.toString(status))
                .increment();
    }

    void tokens(int prompt, int completion) {
        registry.counter("diwan.tokens", "kind", "prompt").increment(prompt);
        registry.counter("diwan.tokens", "kind", "completion").increment(completion);
    }

    void firstToken(long nanos) {
        firstToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    long timeAppend(Append work) throws IOException {
        long start = System.nanoTime();
        try {
            long index = work.run();
            append.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            return index;
        } catch (IOException e) {
            appendFailures.increment();
            throw e;
        }
    }

    /// The text exposition format, version 0.0.4.
    String scrape() {
        return registry.scrape();
    }
}
