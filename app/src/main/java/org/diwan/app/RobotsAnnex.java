package org.diwan.app;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.diwan.cloud.Annex;
import org.diwan.cloud.Gateway;
import org.diwan.cloud.api.ApiError;
import org.diwan.robots.control.Refusal;
import org.diwan.robots.control.RobotsApi;
import org.diwan.robots.record.EntryBook;
import org.diwan.robots.record.JobFolder;
import org.diwan.robots.record.Trace;
import org.diwan.robots.record.Trust;
import org.diwan.sovereignty.ledger.TileSource;
import org.jspecify.annotations.Nullable;

/// The robots' part of the gateway's API: the words of one module in those of the other.
final class RobotsAnnex implements Annex {
    /// There once the gateway's ledger is.
    private final AtomicReference<RobotsOptions.@Nullable Opened> opened = new AtomicReference<>();

    /// Takes the robots under control, on record in the gateway's ledger.
    void open(Gateway gateway, RobotsOptions options, DataFolder data) throws IOException {
        var trust = new Trust(data.verifierKeys(List.of()), data.policy(null, true));
        var source = TileSource.of(data.ledger());
        var jobs = new JobFolder(data.folder().resolve("robots"), Optional.of(RobotsWords.sealing(gateway.words())));
        opened.set(options.open(book(gateway), jobs, job -> {
            gateway.publish();
            return Trace.of(job, jobs, source, trust);
        }));
    }

    private static EntryBook book(Gateway gateway) {
        return new EntryBook() {
            @Override
            public long append(byte[] entry) throws IOException {
                return gateway.entries().append(entry);
            }

            @Override
            public String prove(long index) throws IOException {
                return gateway.prove(index);
            }
        };
    }

    @Override
    public String name() {
        return "robots";
    }

    @Override
    public byte[] answer(Call call) throws IOException {
        var robots = opened.get();
        if (robots == null) throw new IOException("the robots are not under control yet");
        try {
            return robots.api()
                    .answer(new RobotsApi.Request(call.method(), call.path(), call.query(), call.body(), call.key()));
        } catch (Refusal e) {
            String message = String.valueOf(e.getMessage());
            String field = e.field().isEmpty() ? null : e.field();
            throw switch (e.status()) {
                case 404 -> ApiError.notFound(field, "not_found", message);
                case 429 -> new ApiError(429, "rate_limit_error", "busy", field, message);
                default -> ApiError.invalid(field, message);
            };
        }
    }

    void close() {
        var robots = opened.getAndSet(null);
        if (robots != null) robots.close();
    }
}
