package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.diwan.cloud.audit.Audit;
import org.diwan.cloud.audit.Drawn;
import org.diwan.cloud.receipt.ModelShelf;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.diwan.sovereignty.vault.ErasedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts are erased over HTTP: nobody reads them again, the ledger says so and still verifies, an auditor
/// accepts it, and a crash between saying and doing is made good.
class ErasureIT {
    @TempDir
    Path folder;

    private GatewayConfig config() throws IOException {
        Path models = folder.resolve("models");
        Files.createDirectories(models);
        return TestGateway.config(folder.resolve("data"), TestGateway.model(models));
    }

    private static String ask(TestGateway server, String person) throws Exception {
        var reply = server.chat("{'model':'tiny','max_tokens':2,'temperature':0," + person
                + "'messages':[{'role':'user','content':'x'}]}");
        assertEquals(200, reply.status(), reply.text());
        return reply.header("diwan-receipt");
    }

    private static TestGateway.Reply delete(TestGateway server, String path) throws Exception {
        return server.send(server.request(path).DELETE());
    }

    private static int status(TestGateway server, String receipt) throws Exception {
        return server.get("/v1/receipts/" + receipt).status();
    }

    @Test
    void aReceiptAPersonAndATenantAreErased() throws Exception {
        try (var server = TestGateway.start(config())) {
            String alone = ask(server, "");
            String ali = ask(server, "'user':'ali@example.sa',");
            String aliToo = ask(server, "'safety_identifier':'ali@example.sa','user':'other',");
            String layla = ask(server, "'user':'layla',");
            assertFalse(
                    server.get("/v1/ledger/entries?from=0&count=500").text().contains("ali@"), "nobody is named there");

            assertEquals(200, delete(server, "/v1/receipts/" + alone).status());
            var gone = server.get("/v1/receipts/" + alone);
            assertEquals(410, gone.status());
            assertEquals("receipt_erased", gone.error().path("code").asText());
            assertEquals(404, delete(server, "/v1/receipts/r-nothing").status());

            var person = delete(server, "/v1/persons/ali%40example.sa");
            assertEquals(200, person.status(), person.text());
            assertEquals(2, person.json().path("receipts").asInt());
            assertEquals(410, status(server, ali));
            assertEquals(410, status(server, aliToo));
            assertEquals(200, status(server, layla));
            String back = ask(server, "'user':'ali@example.sa',");
            assertEquals(200, status(server, back), "who comes back has a new key");
            assertEquals(410, status(server, ali), "and the old ones stay erased");

            // An auditor who is shown the rest: three of the drawn are erased, as the log says.
            audit(server, Map.of(Drawn.Verdict.ERASED, 3L, Drawn.Verdict.IDENTICAL, 2L));

            assertEquals(400, delete(server, "/v1/receipts").status());
            assertEquals(200, status(server, layla));
            assertEquals(200, delete(server, "/v1/receipts?everything=true").status());
            assertEquals(410, status(server, layla));
            assertEquals(200, status(server, ask(server, "")));
            audit(server, Map.of(Drawn.Verdict.ERASED, 5L, Drawn.Verdict.IDENTICAL, 1L));
            server.gateway.close();
            var report = Fsck.check(server.data.resolve("ledger"), keys(server));
            assertEquals(null, report.difference());
        }
    }

    /// As what is said to robots is.
    @Test
    void whatAnotherModuleSealedIsErasedWithItsPerson() throws Exception {
        byte[] said = "bring ali the coffee".getBytes(StandardCharsets.UTF_8);
        try (var server = TestGateway.start(config())) {
            byte[] ali = server.gateway.words().seal("m-1", "ali", "words", said);
            byte[] layla = server.gateway.words().seal("m-2", "layla", "words", said);
            assertArrayEquals(said, server.gateway.words().open("m-1", "words", ali));
            var person = delete(server, "/v1/persons/ali");
            assertEquals(1, person.json().path("receipts").asInt(), person.text());
            assertThrows(ErasedException.class, () -> server.gateway.words().open("m-1", "words", ali));
            assertArrayEquals(said, server.gateway.words().open("m-2", "words", layla));
            assertTrue(server.get("/v1/ledger/entries?from=0&count=500").text().contains("m-1"), "on record");
        }
    }

    private List<VerifierKey> keys(TestGateway server) throws IOException {
        return Files.readAllLines(server.data.resolve("keys/log.vkey")).stream()
                .map(VerifierKey::parse)
                .toList();
    }

    private void audit(TestGateway server, Map<Drawn.Verdict, Long> expected) throws Exception {
        server.get("/v1/ledger/entries"); // publishes a checkpoint
        try (var shelf = new ModelShelf(folder.resolve("models"), 1, step -> {})) {
            var audit = new Audit(
                    TileSource.of(server.data.resolve("ledger")),
                    server.keys(),
                    WitnessPolicy.NONE,
                    id -> {
                        var reply = server.get("/v1/receipts/" + id);
                        return reply.status() == 200
                                ? Optional.of(reply.text().getBytes(StandardCharsets.UTF_8))
                                : Optional.empty();
                    },
                    shelf,
                    Map.of());
            var report = audit.run(100, "x", one -> {});
            assertEquals(expected, report.counts(), report.text());
            assertTrue(report.passes());
        }
    }

    /// The ledger takes the entry, or does not: here the disk is full when it should.
    @Test
    void anErasureThatWasBegunIsFinishedAtTheNextStart() throws Exception {
        var full = new AtomicBoolean();
        Path data = folder.resolve("data");
        String receipt;
        try (var server = new TestGateway(
                Gateway.start(config(), (ledger, entry) -> {
                    if (full.get() && new String(entry, StandardCharsets.UTF_8).contains("\"erased\""))
                        throw new IOException("no space left");
                    return ledger.append(entry);
                }),
                data)) {
            receipt = ask(server, "");
            full.set(true);
            var refused = delete(server, "/v1/receipts/" + receipt);
            assertEquals(503, refused.status(), refused.text());
            assertEquals(200, status(server, receipt), "nothing is destroyed that is not on record");
        }
        try (var server = TestGateway.start(config())) {
            assertEquals(410, status(server, receipt));
            assertEquals(
                    "record",
                    Objects.requireNonNull(server.last("erased")).path("scope").asText());
        }
    }

    @Test
    void theVaultOfAnOlderVersionIsNotTakenForErased() throws Exception {
        TestGateway.start(config()).close();
        Files.writeString(folder.resolve("data/keys/vault.key"), "{}");
        var refused = assertThrows(
                IOException.class, () -> TestGateway.start(config()).close());
        assertTrue(String.valueOf(refused.getMessage()).contains("older version"), refused.getMessage());
    }

    @Test
    void aVaultOfAnotherRootKeyDoesNotStart() throws Exception {
        String receipt;
        try (var server = TestGateway.start(config())) {
            receipt = ask(server, "");
        }
        Files.delete(folder.resolve("data/keys/root.key"));
        try (var server = TestGateway.start(config())) {
            assertEquals(503, status(server, receipt), "with a fresh root key nothing opens");
        }
        assertThrows(IOException.class, () -> {
            Files.writeString(folder.resolve("data/keys/root.key"), "no key");
            TestGateway.start(config()).close();
        });
    }
}
