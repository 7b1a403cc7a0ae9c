package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.vault.FileRootKey;
import org.diwan.sovereignty.vault.KeyRefusedException;
import org.diwan.sovereignty.vault.RootKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tenant's key service says no when a text should be sealed: the ledger says what came of the request.
class RefusedSealTest {
    /// So that a test on a very busy machine ends.
    private static final int MAX_ENTRIES = 100;

    @TempDir
    Path folder;

    /// A tenant's own root key.
    private record Held(FileRootKey key, AtomicBoolean says) implements RootKey {
        @Override
        public String name() {
            return "https://bank.example/keys";
        }

        @Override
        public byte[] wrap(byte[] plain, byte[] context) throws IOException {
            if (!says.get()) throw new KeyRefusedException("no", null);
            return key.wrap(plain, context);
        }

        @Override
        public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException {
            if (!says.get()) throw new KeyRefusedException("no", null);
            return key.unwrap(wrapped, context);
        }

        @Override
        public boolean lends() {
            return false;
        }
    }

    @Test
    void anAllowedRequestHasOneOutcomeWhereverTheServiceSaysNo() throws Exception {
        var says = new AtomicBoolean(true);
        var held = new Held(FileRootKey.open(folder.resolve("theirs.key")), says);
        try (var desk = new Desk(folder.resolve("data"), Map.of("bank", held), entry -> {})) {
            var caller = desk.caller("bank", "");
            desk.answer(desk.ask(caller));

            says.set(false);
            assertThrows(ApiError.class, () -> desk.ask(caller));
            assertThrows(ApiError.class, () -> desk.deny(caller));
            says.set(true);
            var decided = desk.ask(caller);
            says.set(false);
            var withheld = assertThrows(ApiError.class, () -> desk.answer(decided));
            assertEquals(503, withheld.status());
            says.set(true);

            assertEquals(
                    List.of(
                            "decided",
                            "answered",
                            "decided",
                            "failed key_refused",
                            "decided", // a denial has no outcome
                            "decided",
                            "failed key_refused"),
                    desk.log());
            desk.check(Set.of(), caller.tenant());
            var receipt = desk.register.receipt(decided.receipt(), caller.tenant());
            assertEquals(null, receipt.answer(), "the receipt proves the failure and holds no answer");
        }
    }

    /// Over HTTP, where the service lends the tenant's key for what was asked and no more.
    @Test
    void anAnswerThatCannotBeKeptIsWithheldOrCutShortAndOnRecord() throws Exception {
        var lends = new AtomicInteger(Integer.MAX_VALUE);
        var service = keyService(FileRootKey.open(folder.resolve("theirs.key")), lends);
        var url = URI.create("http://127.0.0.1:" + service.getAddress().getPort());
        var config = TestGateway.config(
                TestGateway.config(folder.resolve("data"), TestGateway.model(folder)),
                new VaultConfig(null, Map.of(Gateway.OPERATOR, url)));
        var refusing = new AtomicBoolean();
        try (var server = new TestGateway(
                Gateway.start(config, (ledger, entry) -> {
                    if (refusing.get() && new String(entry, StandardCharsets.UTF_8).contains("\"decided\""))
                        lends.set(1);
                    return ledger.append(entry);
                }),
                folder.resolve("data"))) {
            while (ask(server, false).status() != 200)
                assertTrue(server.entries().size() < MAX_ENTRIES);
            refusing.set(true);
            var whole = refused(server, false);
            assertEquals(503, whole.status());
            assertEquals("key_refused", whole.error().path("code").asText());
            var streamed = refused(server, true);
            assertEquals(200, streamed.status(), "the words were on their way");
            String error = streamed.events().get(streamed.events().size() - 2);
            assertEquals(
                    "key_refused",
                    Json.parse(error.getBytes(StandardCharsets.UTF_8))
                            .path("error")
                            .path("code")
                            .asText());

            refusing.set(false);
            lends.set(Integer.MAX_VALUE);
            var outcomes = new HashMap<String, List<String>>();
            for (var entry : server.entries()) {
                var of = outcomes.computeIfAbsent(entry.path("receipt").asText(), id -> new ArrayList<>());
                if (!entry.path("type").asText().equals("decided"))
                    of.add(entry.path("reason").asText(""));
            }
            outcomes.forEach((receipt, reasons) -> assertEquals(1, reasons.size(), receipt));
            for (var reply : List.of(whole, streamed))
                assertEquals(List.of("key_refused"), outcomes.get(reply.header("diwan-receipt")));
        } finally {
            service.stop(0);
        }
    }

    private static TestGateway.Reply ask(TestGateway server, boolean stream) throws Exception {
        return server.chat("{'model':'tiny','max_tokens':2,'temperature':0,'stream':" + stream
                + ",'messages':[{'role':'user','content':'x'}]}");
    }

    /// The reply whose answer was refused: it has a receipt. On a busy machine the service may be too slow
    /// for the question already.
    private static TestGateway.Reply refused(TestGateway server, boolean stream) throws Exception {
        var reply = ask(server, stream);
        while (reply.header("diwan-receipt").isEmpty()) {
            assertTrue(server.entries().size() < MAX_ENTRIES);
            reply = ask(server, stream);
        }
        return reply;
    }

    /// Wraps always, and unwraps as often as `lends` says.
    private static HttpServer keyService(FileRootKey key, AtomicInteger lends) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var lines = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(Base64.getDecoder()::decode)
                        .toList();
                boolean wraps = exchange.getRequestURI().getPath().endsWith("/wrap");
                if (!wraps && lends.getAndDecrement() <= 0) {
                    exchange.sendResponseHeaders(403, -1);
                    return;
                }
                byte[] out = wraps
                        ? key.wrap(lines.getLast(), lines.getFirst())
                        : key.unwrap(lines.getLast(), lines.getFirst());
                byte[] text = Base64.getEncoder().encode(out);
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            }
        });
        server.start();
        return server;
    }
}
