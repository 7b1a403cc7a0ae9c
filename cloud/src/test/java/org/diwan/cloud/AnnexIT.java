package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.diwan.cloud.Replicas.Replica;
import org.diwan.cloud.api.ApiError;
import org.diwan.sovereignty.Jurisdiction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A part of the API that somebody else answers, and what answers cost: over real HTTP.
class AnnexIT {
    /// Says what it was asked, records what is posted, refuses what is called `refuse`.
    private static final Annex ECHO = new Annex() {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public byte[] answer(Call call) throws IOException {
            if (call.path().equals("refuse")) throw ApiError.invalid("word", "No such word.");
            long entry = call.method().equals("POST")
                    ? call.entries().append(call.body().getBytes(StandardCharsets.UTF_8))
                    : -1;
            String said = call.method() + " " + call.path() + " " + call.query() + " "
                    + call.key().startsWith("k-");
            return ("{\"said\":\"" + said + "\",\"entry\":" + entry + "}").getBytes(StandardCharsets.UTF_8);
        }
    };

    private static final Replicas REPLICAS = model ->
            model.equals("tiny") ? List.of(new Replica("chat#0", "riyadh-1", new Jurisdiction("sa"))) : List.of();

    @TempDir
    Path folder;

    @Test
    void itIsAskedByTheOperatorAloneAndWritesIntoTheLedger() throws Exception {
        var config = TestGateway.config(folder.resolve("data"), TestGateway.model(folder));
        var draw = new Meter.Draw(100, 40, 1.5, 500, true);
        try (var test = new TestGateway(
                        Gateway.start(config, new Premises(List.of(ECHO), () -> draw, REPLICAS)), config.data());
                var client = HttpClient.newHttpClient()) {
            var got = test.get("/v1/echo/a/b?x=1&x=2");
            assertEquals(200, got.status(), got.text());
            assertEquals("GET a/b {x=1} true", got.json().path("said").textValue());
            var posted = test.send(test.request("/v1/echo/a").POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}")));
            long entry = posted.json().path("entry").longValue();
            assertTrue(
                    test.get("/v1/ledger/entries").text().contains("\"a\":1"), "entry " + entry + " is in the ledger");
            var refused = test.get("/v1/echo/refuse");
            assertEquals(400, refused.status());
            assertEquals("word", refused.error().path("param").textValue());
            var stranger =
                    client.send(HttpRequest.newBuilder(test.uri("/v1/echo/a")).build(), BodyHandlers.ofString());
            assertEquals(401, stranger.statusCode());

            assertEquals(
                    "[{\"name\":\"chat#0\",\"site\":\"riyadh-1\",\"jurisdiction\":\"sa\"}]",
                    test.get("/v1/models/tiny")
                            .json()
                            .path("diwan")
                            .path("replicas")
                            .toString());

            var chat = test.chat("{'model':'tiny','max_tokens':4,'messages':[{'role':'user','content':'a'}]}");
            assertEquals(200, chat.status(), chat.text());
            var usage = test.get("/v1/usage").json();
            var answer = usage.path("answers").path(0);
            assertEquals(chat.header("diwan-receipt"), answer.path("receipt").textValue());
            assertEquals(
                    chat.json().path("usage").path("completion_tokens").intValue(),
                    answer.path("completion_tokens").intValue());
            assertTrue(answer.path("watt_hours").doubleValue() > 0);
            assertEquals(
                    answer.path("watt_hours").doubleValue() / 1000 * 500,
                    answer.path("grams_co2").doubleValue(),
                    1e-9);
            assertEquals(
                    answer.path("watt_hours"), usage.path("accounts").path(0).path("watt_hours"));
            assertTrue(usage.path("idle").path("watt_hours").doubleValue() > 0);
        }
    }
}
