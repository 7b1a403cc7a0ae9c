package org.diwan.cloud;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.BreachRequest;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.BreachEntry;
import org.diwan.cloud.receipt.BreachEntry.Step;
import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.store.ApiKey;
import org.diwan.cloud.store.Store;
import org.diwan.cloud.upstream.Upstream;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.Mirror;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.vault.Vault;

/// The running platform: one HTTP server in front of a model, a policy and a ledger.
///
/// The data folder holds `ledger/` (served at `/log/`), `keys/` (`log.key`, `log.vkey`, `log.policy`,
/// `root.key`, `vault.db`), `diwan.db`, `breaches/` and `operator.key`, the first API key, readable by its owner alone.
public final class Gateway implements AutoCloseable {
    /// The tenant whose key is made with the data folder.
    public static final String OPERATOR = "operator";

    private static final Duration PUBLISH_EVERY = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());

    private record Records(Ledger ledger, LogSigner signer, Vault vault) {}

    private final GatewayConfig config;
    private final Records records;
    private final EntryLog entries;
    private final OperatorVault words;
    private final LocalModel model;
    private final List<LocalEncoder> encoders;
    private final List<Upstream> upstreams;
    private final ApiKey operatorKey;
    private final Metrics metrics;
    private final Breaches breaches;
    private final AtomicInteger walking = new AtomicInteger();
    private final WebServer server;
    private final Thread publisher;
    private volatile boolean closing;

    /// Serves until [#close]; requests are answered when this returns.
    ///
    /// @throws IOException when a part cannot start: the model file, the data folder, the packs, the port
    public static Gateway start(GatewayConfig config) throws IOException {
        return start(config, Premises.UNKNOWN);
    }

    /// As [#start(GatewayConfig)], with what is known of the house.
    public static Gateway start(GatewayConfig config, Premises premises) throws IOException {
        return start(config, Ledger::append, InstantSource.system(), premises);
    }

    /// How an entry is appended to the ledger; a test puts a full disk here.
    @FunctionalInterface
    interface Append {
        long append(Ledger ledger, byte[] entry) throws IOException;
    }

    static Gateway start(GatewayConfig config, Append append) throws IOException {
        return start(config, append, InstantSource.system());
    }

    /// @param clock of everything that is written into the ledger; a test moves it
    static Gateway start(GatewayConfig config, Append append, InstantSource clock) throws IOException {
        return start(config, append, clock, Premises.UNKNOWN);
    }

    private static Gateway start(GatewayConfig config, Append append, InstantSource clock, Premises premises)
            throws IOException {
        try (var starters =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            // Warm while the others start: the first chat then takes 0.7–1.0 s instead of 1.3–1.7 s (2 busy cores).
            var model = starters.submit(() -> LocalModel.load(config.model(), config.threads(), config.limits())
                    .warm());
            var encoders = starters.submit(() -> encoders(config));
            var law = starters.submit(() -> Law.load(config.packs(), LocalDate.now(ZoneOffset.UTC)));
            var records = starters.submit(() -> records(config.data(), config.ledger(), config.vault()));
            var store = starters.submit(() -> Store.open(config.data().resolve("diwan.db")));
            try {
                return new Gateway(
                        config,
                        append,
                        clock,
                        premises,
                        get(model),
                        get(encoders).list(),
                        get(law),
                        get(records),
                        get(store));
            } catch (IOException | RuntimeException e) {
                closeIfMade(model);
                closeIfMade(encoders);
                closeIfMade(store);
                if (records.state() == Future.State.SUCCESS) close(records.resultNow());
                throw e;
            }
        }
    }

    private Gateway(
            GatewayConfig config,
            Append append,
            InstantSource clock,
            Premises premises,
            LocalModel model,
            List<LocalEncoder> encoders,
            Law law,
            Records records,
            Store store)
            throws IOException {
        this.config = config;
        this.model = model;
        this.encoders = encoders;
        this.records = records;
        this.operatorKey = OperatorKey.of(config.data());
        var operator = store.tenant(OPERATOR);
        store.addKey(operatorKey, operator);
        this.metrics = new Metrics(model::active, model::queued);
        this.upstreams = config.upstreams().stream().map(Upstream::new).toList();
        var sites = new Sites(
                model,
                encoders,
                upstreams,
                premises.replicas(),
                config.home(),
                clock.instant().getEpochSecond());
        this.entries = entry -> append.append(records.ledger(), entry);
        var gate = new SealingGate();
        var register = new Register(entries, records.ledger(), store, records.vault(), gate, metrics, clock);
        var erasure = new Erasure(entries, store, records.vault(), gate, clock);
        erasure.finish();
        this.words = new OperatorVault(store, records.vault(), gate, erasure, operator);
        this.breaches = new Breaches(
                config.data().resolve("breaches"), entries, records.ledger(), law.packs(), config.home(), clock);
        var access = new Access(store, config.openPerKey());
        var guard = new Guard(law.classifier(), law.policy(), config.home(), config.sector(), config.purposes());
        var usage = new UsageBook(premises.meter(), clock.instant(), System::nanoTime);
        var chat = new ChatWalk(access, sites, guard, register, metrics, usage);
        var encode = new EncodeWalk(access, sites, guard, register, metrics, usage);
        this.server = serve(access, sites, register, erasure, chat, encode, usage, premises.annexes());
        this.publisher = Thread.ofVirtual().name("diwan-publisher").start(this::publishing);
        var mirrored = config.ledger().mirror();
        if (mirrored != null) Thread.ofVirtual().name("diwan-mirror").start(() -> mirror(mirrored));
        if (premises.meter() != null)
            Thread.ofVirtual().name("diwan-meter").start(() -> repeat("energy is not metered", usage::tick));
        // The first answer would wait for it: a gigabyte takes seconds.
        Thread.ofPlatform().daemon().name("diwan-digest").start(this::digest);
    }

    private record Encoders(List<LocalEncoder> list) implements AutoCloseable {
        @Override
        public void close() {
            list.forEach(LocalEncoder::close);
        }
    }

    private static Encoders encoders(GatewayConfig config) throws IOException {
        var list = new ArrayList<LocalEncoder>();
        var names = new HashSet<>(Set.of(config.model().getFileName().toString()));
        try {
            for (Path file : config.encoders()) {
                if (!names.add(file.getFileName().toString()))
                    throw new IOException(file + ": another model has this name; rename one of the files");
                list.add(LocalEncoder.load(file, config.threads()).warm());
            }
            return new Encoders(list);
        } catch (IOException | RuntimeException e) {
            list.forEach(LocalEncoder::close);
            throw e;
        }
    }

    private static Records records(Path data, LedgerConfig config, VaultConfig vault) throws IOException {
        var signed = SignedLedger.open(data, config);
        return new Records(signed.ledger(), signed.signer(), vault.open(data.resolve("keys")));
    }

    private WebServer serve(
            Access access,
            Sites sites,
            Register register,
            Erasure erasure,
            ChatWalk chat,
            EncodeWalk encode,
            UsageBook usage,
            List<Annex> annexes)
            throws IOException {
        var log = new LogFiles(config.data().resolve("ledger"), config.data().resolve("keys"));
        var routing = HttpRouting.builder();
        for (var annex : annexes) routing.any("/v1/" + annex.name() + "/*", on(annex.name(), annexed(access, annex)));
        routing.post("/v1/chat/completions", on("chat", chat::handle))
                .post("/v1/embeddings", on("embeddings", encode::embed))
                .post("/v1/rerank", on("rerank", encode::rerank))
                .get("/v1/models", on("models", (request, response) -> {
                    access.authenticate(request);
                    Http.send(response, sites.list());
                }))
                .get("/v1/models/{+id}", on("models", (request, response) -> {
                    access.authenticate(request);
                    Http.send(
                            response,
                            sites.describe(request.path().pathParameters().get("id")));
                }))
                .get("/v1/receipts/{id}", on("receipts", (request, response) -> {
                    var tenant = access.authenticate(request).tenant();
                    String id = request.path().pathParameters().get("id");
                    response.header(Http.RECEIPT, id);
                    Http.sendCanonical(response, register.receipt(id, tenant).bytes());
                }))
                .delete("/v1/receipts/{id}", on("erasures", (request, response) -> {
                    var tenant = access.authenticate(request).tenant();
                    Http.send(
                            response,
                            erasure.receipt(request.path().pathParameters().get("id"), tenant));
                }))
                .delete("/v1/persons/{person}", on("erasures", (request, response) -> {
                    var tenant = access.authenticate(request).tenant();
                    Http.send(
                            response,
                            erasure.person(request.path().pathParameters().get("person"), tenant));
                }))
                .delete("/v1/receipts", on("erasures", (request, response) -> {
                    var tenant = access.authenticate(request).tenant();
                    if (!request.query().first("everything").orElse("").equals("true"))
                        throw ApiError.invalid(
                                "everything",
                                "This erases all texts of this tenant, for ever; say ?everything=true if so.");
                    Http.send(response, erasure.tenant(tenant));
                }))
                .get("/v1/usage", on("usage", (request, response) -> {
                    var tenant = access.authenticate(request).tenant().id();
                    Http.send(response, usage.usage(tenant, tenant.equals(OPERATOR)));
                }))
                .get("/v1/ledger/entries", on("ledger", (request, response) -> {
                    access.authenticate(request);
                    Http.send(response, LedgerEntries.list(request, records.ledger()));
                }))
                .post("/v1/breaches", on("breaches", (request, response) -> {
                    access.authenticateOperator(request);
                    Http.send(response, breaches.open(BreachRequest.parse(Http.body(request), BreachEntry.MAX_SAYS)));
                }))
                .get("/v1/breaches", on("breaches", (request, response) -> {
                    access.authenticateOperator(request);
                    Http.send(response, breaches.list());
                }))
                .post("/v1/breaches/{id}/notified", on("breaches", (request, response) -> {
                    access.authenticateOperator(request);
                    Http.send(
                            response,
                            breaches.follow(request.path().pathParameters().get("id"), Step.NOTIFIED));
                }))
                .post("/v1/breaches/{id}/closed", on("breaches", (request, response) -> {
                    access.authenticateOperator(request);
                    Http.send(
                            response,
                            breaches.follow(request.path().pathParameters().get("id"), Step.CLOSED));
                }))
                .get("/log/*", on("log", log::handle))
                .get("/health", on("health", (request, response) -> health(response)))
                .get("/metrics", on("metrics", (request, response) -> Http.sendText(response, metrics.scrape())))
                .get("/*", on("console", ConsoleFiles::handle))
                .any("/*", on("other", (request, response) -> {
                    throw ApiError.notFound(
                            null,
                            "unknown_url",
                            "Unknown request URL: " + request.prologue().method() + " "
                                    + request.path().path() + ".");
                }));
        var server = WebServer.builder()
                .host(config.host())
                .port(config.port())
                .shutdownHook(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(WatchedConnection.selector())
                .routing(routing)
                .build()
                .start();
        // Helidon logs why it cannot listen, and returns.
        if (!server.isRunning())
            throw new IOException("cannot listen on " + config.host() + ":" + config.port()
                    + "; another server may run there, choose another port with --port");
        return server;
    }

    /// The handler with what every route has: refusals become responses, answers are counted.
    private Handler on(String route, Route work) {
        return (request, response) -> {
            walking.incrementAndGet();
            try {
                if (closing) throw ApiError.unavailable("shutting_down", "This server is shutting down.", RETRY_AFTER);
                work.handle(request, response);
            } catch (ApiError e) {
                Http.send(response, e);
            } catch (IOException e) {
                Http.send(response, Http.unavailable("unavailable", e));
            } catch (InterruptedException e) {
                Http.send(
                        response, ApiError.unavailable("shutting_down", "This server is shutting down.", RETRY_AFTER));
            } finally {
                walking.decrementAndGet();
                metrics.request(route, response.status().code());
            }
        };
    }

    private Route annexed(Access access, Annex annex) {
        return (request, response) -> {
            var caller = access.authenticateOperator(request);
            var query = new HashMap<String, String>();
            for (String name : request.query().names())
                query.put(name, request.query().first(name).orElse(""));
            var call = new Annex.Call(
                    request.prologue().method().text(),
                    request.path()
                            .path()
                            .substring("/v1/".length() + annex.name().length() + 1),
                    query,
                    new String(Http.body(request), StandardCharsets.UTF_8),
                    caller.key(),
                    entries);
            Http.sendCanonical(response, annex.answer(call));
        };
    }

    /// A handler that may refuse by throwing an [ApiError].
    private interface Route {
        void handle(ServerRequest request, ServerResponse response) throws InterruptedException, IOException;
    }

    private void health(ServerResponse response) {
        var body = Json.object();
        body.put("status", "ok");
        body.put("model", model.name());
        body.put("active", model.active());
        body.put("queued", model.queued());
        body.put("ledger", records.ledger().size());
        body.set("breaches", breaches.health());
        Http.send(response, body);
    }

    /// Keeps the public checkpoint at most a second behind the entries, and waits out witnesses that do
    /// not answer and disks that are full.
    private void publishing() {
        repeat("no checkpoint is published", this::publish);
    }

    /// Keeps the copy of the published files a second behind.
    private void mirror(Mirror.Store store) {
        var mirror = new Mirror(
                TileSource.of(config.data().resolve("ledger")), records.signer().keys(), store);
        var copied = new AtomicLong(-1);
        repeat("the mirror is behind", () -> {
            var published = records.ledger().checkpoint();
            if (published.size() == copied.get()) return;
            mirror.copy(published);
            copied.set(published.size());
        });
    }

    private interface Chore {
        void run() throws IOException;
    }

    /// Does a chore every second until the server closes. What stands in its way is said once, not every
    /// second.
    private void repeat(String consequence, Chore chore) {
        String trouble = "";
        while (!closing) {
            try {
                Thread.sleep(PUBLISH_EVERY);
                chore.run();
                trouble = "";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closing: the last checkpoint is published there
                return;
            } catch (IOException e) {
                String now = String.valueOf(e.getMessage());
                if (!now.equals(trouble) && !closing)
                    LOG.log(System.Logger.Level.ERROR, "{0}, tried again every second: {1}", consequence, now);
                trouble = now;
            }
        }
    }

    private void digest() {
        try {
            model.digest();
            for (var encoder : encoders) encoder.digest();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the model file cannot be read: {0}", e.getMessage());
        }
    }

    /// The port that it listens on.
    public int port() {
        return server.port();
    }

    /// Where clients on this machine find it.
    public URI address() {
        return URI.create("http://" + config.host() + ":" + server.port());
    }

    /// The first API key, which may do everything.
    public ApiKey operatorKey() {
        return operatorKey;
    }

    /// Where entries go; the index of an entry is returned when it is on disk.
    public EntryLog entries() {
        return entries;
    }

    /// Publishes a checkpoint that covers all entries, where that is due.
    ///
    /// @throws IOException when the disk refuses or witnesses are missing
    public void publish() throws IOException {
        if (records.ledger().isBehind()) records.ledger().publish();
    }

    /// The proof ([org.diwan.sovereignty.ledger.TlogProof]) that the entry at `index` is in the log; publishes first
    /// where that is due.
    ///
    /// @throws IOException when the disk refuses or witnesses are missing
    public String prove(long index) throws IOException {
        return records.ledger().prove(index);
    }

    /// What other modules keep of the operator's texts.
    public OperatorVault words() {
        return words;
    }

    /// The model that answers here.
    public LocalModel model() {
        return model;
    }

    /// Takes no more requests, lets answers finish for the grace period, cuts the rest (they are
    /// recorded as cancelled), publishes a last checkpoint, and frees everything. Idempotent.
    @Override
    public synchronized void close() {
        if (closing) return;
        closing = true;
        publisher.interrupt();
        awaitQuiet(Duration.ofSeconds(config.graceSeconds()));
        model.stop();
        encoders.forEach(LocalEncoder::stop);
        awaitQuiet(Duration.ofSeconds(2));
        server.stop();
        upstreams.forEach(Upstream::close);
        try {
            records.ledger().publish();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the last checkpoint is not published: {0}", e.getMessage());
        }
        try {
            records.ledger().close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the ledger does not close: {0}", e.getMessage());
        }
        words.close();
        model.close();
        encoders.forEach(LocalEncoder::close);
    }

    private void awaitQuiet(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (walking.get() > 0 && System.nanoTime() < end) Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever interrupts a shutdown wants it faster
        }
    }

    private static void close(Records records) throws IOException {
        records.vault().close();
        records.ledger().close();
    }

    private static <T> T get(Future<T> part) throws IOException {
        try {
            return part.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private static void closeIfMade(Future<? extends AutoCloseable> part) {
        try {
            part.get().close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "never started: {0}", e.getMessage());
        }
    }
}
