package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.diwan.cloud.TestGateway.Reply;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.Opening;
import org.diwan.cloud.store.ApiKey;
import org.diwan.cloud.store.Store;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A breach goes on record, its clock runs, and neither a restart nor a crash loses it.
@SuppressWarnings("NullAway.Init") // set before each test
class BreachIT {
    private static final Instant START = Instant.parse("2026-11-28T00:00:00Z");

    @TempDir
    Path folder;

    private Path model;
    private Path data;
    private volatile Instant now = START;
    private volatile boolean crash;

    @BeforeEach
    void model() throws IOException {
        model = TestGateway.model(folder);
        data = folder.resolve("data");
    }

    private TestGateway start() throws IOException {
        InstantSource clock = () -> now;
        var gateway = Gateway.start(
                TestGateway.config(data, model),
                (ledger, entry) -> {
                    long index = ledger.append(entry);
                    if (crash) throw new IOException("the power failed");
                    return index;
                },
                clock);
        return new TestGateway(gateway, data);
    }

    private static Reply post(TestGateway server, String path, String body) throws Exception {
        return server.send(server.request(path).POST(BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private static JsonNode only(TestGateway server) throws Exception {
        var data = server.get("/v1/breaches").json().path("data");
        assertEquals(1, data.size(), data.toString());
        return data.path(0);
    }

    @Test
    void theClockRunsUntilTheAuthorityIsTold() throws Exception {
        String id;
        try (var server = start()) {
            assertEquals(
                    0,
                    server.get("/health")
                            .json()
                            .path("breaches")
                            .path("running")
                            .asInt());
            var reply = post(server, "/v1/breaches", "{'what': 'a laptop was stolen', 'personal': true}");
            assertEquals(200, reply.status(), reply.text());
            id = reply.json().path("id").asText();
            JsonNode clock = reply.json().path("clocks").path(0);
            assertEquals(72, clock.path("hours").asInt());
            assertEquals("2026-12-01T00:00:00Z", clock.path("due").asText());
            assertEquals(72.0, clock.path("hours_left").asDouble());

            // The ledger says that there is one, not what it is; the words open its commitment.
            JsonNode entry = server.last("breach-opened");
            assertTrue(entry != null
                    && entry.path("personal").asBoolean()
                    && entry.path("says").isNull());
            assertFalse(server.entries().toString().contains("laptop"));
            var opening = Opening.parse(Json.bytes(reply.json().path("opening")));
            assertEquals(opening.commitment(), entry.path("what").asText());
            assertTrue(reply.json().path("opening").toString().contains("a laptop was stolen"));

            now = START.plus(Duration.ofHours(70)).plus(Duration.ofMinutes(30));
            assertEquals(
                    1.5, only(server).path("clocks").path(0).path("hours_left").asDouble());
            var health = server.get("/health").json().path("breaches");
            assertEquals("{\"running\":1,\"overdue\":0,\"hours_left\":1.5}", health.toString());
            now = START.plus(Duration.ofHours(73));
            health = server.get("/health").json().path("breaches");
            assertEquals("{\"running\":1,\"overdue\":1,\"hours_left\":-1}", health.toString());

            reply = post(server, "/v1/breaches/" + id + "/notified", "");
            assertEquals(
                    "notified too late",
                    reply.json().path("clocks").path(0).path("state").asText());
            assertEquals(
                    409, post(server, "/v1/breaches/" + id + "/notified", "").status());
            assertEquals(200, post(server, "/v1/breaches/" + id + "/closed", "").status());
            assertEquals(409, post(server, "/v1/breaches/" + id + "/closed", "").status());
            assertEquals(404, post(server, "/v1/breaches/b-none/closed", "").status());
            health = server.get("/health").json().path("breaches");
            assertEquals("{\"running\":0,\"overdue\":0}", health.toString());
        }
        Path breaches = data.resolve("breaches");
        assertFalse(Files.readString(breaches.resolve(id + ".json")).contains("from"), "nothing is pending");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(breaches)));
        try (var server = start()) {
            JsonNode breach = only(server);
            assertTrue(breach.has("opened") && breach.has("notified") && breach.has("closed"), breach.toString());
        }
    }

    @Test
    void whatWasAppendedInTheLastMomentIsFoundAgain() throws Exception {
        String id;
        try (var server = start()) {
            crash = true;
            var reply = post(server, "/v1/breaches", "{'what': 'lost', 'personal': true, 'says': 'A loss.'}");
            assertEquals(503, reply.status());
            crash = false;
            assertEquals(0, server.get("/v1/breaches").json().path("data").size(), "not known yet");
        }
        try (var server = start()) {
            id = only(server).path("id").asText();
            assertEquals("A loss.", only(server).path("says").asText());
            crash = true;
            assertEquals(
                    503, post(server, "/v1/breaches/" + id + "/notified", "").status());
            crash = false;
        }
        try (var server = start()) {
            assertEquals(
                    "notified in time",
                    only(server).path("clocks").path(0).path("state").asText());
        }
    }

    @Test
    void onlyTheOperatorReportsAndEveryFieldIsHeldToItsForm() throws Exception {
        var key = ApiKey.random();
        try (var store = Store.open(data.resolve("diwan.db"))) {
            store.addKey(key, store.tenant("ministry"));
        }
        try (var server = start()) {
            for (String body : new String[] {
                "",
                "[]",
                "{}",
                "{'what': ''}",
                "{'what': 1}",
                "{'what': 'a', 'personal': 'yes'}",
                "{'what': 'a', 'more': 1}",
                "{'what': 'a', 'says': '" + "x".repeat(501) + "'}",
                "{'what': '" + "x".repeat(10_001) + "'}"
            }) assertEquals(400, post(server, "/v1/breaches", body).status(), body);
            var tenants = server.send(server.request("/v1/breaches")
                    .setHeader("authorization", "Bearer " + key.text())
                    .GET());
            assertEquals(403, tenants.status());
            assertEquals("operator_only", tenants.error().path("code").asText());
            assertEquals(
                    401,
                    server.send(server.request("/v1/breaches")
                                    .setHeader("authorization", "")
                                    .GET())
                            .status());
            assertEquals(0, server.entries().size());
        }
    }
}
