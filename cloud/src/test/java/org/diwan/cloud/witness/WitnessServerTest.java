package org.diwan.cloud.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.diwan.base.Digest;
import org.diwan.sovereignty.ledger.Checkpoint;
import org.diwan.sovereignty.ledger.Cosigner;
import org.diwan.sovereignty.ledger.Cosigners;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.NoQuorum;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.Witness;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real witnesses behind real sockets: what tlog-witness says of statuses and media types, and a ledger
/// that publishes through them.
class WitnessServerTest {
    private static final String ORIGIN = "log.example/witnessed";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private record Reply(int status, String type, String text) {}

    private Reply send(HttpRequest.Builder request) throws Exception {
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(
                response.statusCode(),
                response.headers().firstValue("content-type").orElse(""),
                response.body());
    }

    private Reply post(WitnessServer server, String body) throws Exception {
        return send(HttpRequest.newBuilder(server.address().resolve("add-checkpoint"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private Witness witness(String name, LogSigner log) throws IOException {
        return Witness.open(
                folder.resolve(name), folder.resolve(name + ".key"), name, Map.of(log.origin(), log.keys()));
    }

    @Test
    void statusesAndMediaTypesAreThoseOfTheSpecification() throws Exception {
        var signer = LogSigner.create(folder.resolve("log.key"), ORIGIN);
        try (var ledger = Ledger.open(folder.resolve("log"), signer);
                var witness = witness("w.example", signer);
                var server = WitnessServer.start("127.0.0.1", 0, witness)) {
            ledger.append(new byte[] {1});
            String first = ledger.publish().text();
            String hash = Digest.hex(Digest.sha256(ORIGIN.getBytes(StandardCharsets.UTF_8)));
            var monitoring = HttpRequest.newBuilder(server.address().resolve(hash + "/checkpoint"));
            assertEquals(404, send(monitoring).status());

            var cosigned = post(server, "old 0\n\n" + first);
            assertEquals(200, cosigned.status(), cosigned.text());
            assertEquals(
                    2,
                    cosigned.text()
                            .lines()
                            .filter(line -> line.startsWith("— w.example "))
                            .count());
            var latest = send(monitoring);
            assertEquals(200, latest.status());
            for (String line : (first + cosigned.text()).lines().toList())
                assertTrue(latest.text().contains(line), line);
            assertEquals(first.lines().count() + 2, latest.text().lines().count());

            assertEquals(new Reply(409, "text/x.tlog.size", "1\n"), post(server, "old 0\n\n" + first));
            assertEquals(400, post(server, "").status());
            assertEquals(400, post(server, "old 2\n\n" + first).status());
            assertEquals(
                    400, post(server, "x".repeat(Cosigner.MAX_REQUEST + 10)).status());
            assertEquals(
                    403,
                    post(server, "old 1\n\n" + first.replaceFirst("\n1\n", "\n2\n"))
                            .status());
            assertEquals(
                    404,
                    post(server, "old 0\n\n" + first.replace(ORIGIN + "\n", "other.example\n"))
                            .status());
            String proof = Base64.getEncoder().encodeToString(new byte[32]) + "\n";
            assertEquals(422, post(server, "old 1\n" + proof + "\n" + first).status());
            assertEquals(
                    404,
                    send(HttpRequest.newBuilder(server.address().resolve("nothing")))
                            .status());
        }
    }

    @Test
    void aLedgerPublishesThroughWitnessesOfTwoJurisdictionsAndStopsWhenOneIsMissing() throws Exception {
        var signer = LogSigner.create(folder.resolve("log.key"), ORIGIN);
        try (var sa = witness("w.sa.example", signer);
                var eu = witness("w.eu.example", signer);
                var saServer = WitnessServer.start("127.0.0.1", 0, sa)) {
            var euServer = WitnessServer.start("127.0.0.1", 0, eu);
            var policy = policy(signer, sa, saServer.address(), eu, euServer.address());
            try (var ledger = Ledger.open(folder.resolve("log"), signer, Cosigners.of(policy))) {
                for (int i = 0; i < 300; i++) ledger.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
                var published = ledger.publish();
                assertEquals(List.of("sa1", "eu1", "sa2", "eu2"), policy.cosignedBy(published));
                ledger.append(new byte[] {1});
                published = ledger.publish();
                assertEquals(301, published.size(), "from 300, by a consistency proof");
                TlogProof.parse(ledger.prove(7))
                        .verify("entry 7".getBytes(StandardCharsets.UTF_8), signer.keys(), policy);
                assertNull(
                        Fsck.check(folder.resolve("log"), signer.keys(), policy).difference());

                String dead = euServer.address().toString();
                euServer.close();
                ledger.append(new byte[] {2});
                var refused = assertThrows(NoQuorum.class, ledger::publish);
                assertTrue(String.valueOf(refused.getMessage()).contains(dead), refused.getMessage());
                assertEquals(301, ledger.checkpoint().size());
                assertEquals(302, ledger.size());
            }
            String other = Fsck.check(folder.resolve("log"), signer.keys(), stricter(policy))
                    .difference();
            assertTrue(other != null && other.contains("the witness policy asks for all"), other);
        }
    }

    private static WitnessPolicy policy(LogSigner log, Witness sa, URI saUrl, Witness eu, URI euUrl) {
        var text = new StringBuilder("log " + log.verifierKeys().getFirst() + "\n");
        for (int i = 0; i < 2; i++) {
            text.append(
                    "witness sa%d %s %s%n".formatted(i + 1, sa.verifierKeys().get(i), saUrl));
            text.append(
                    "witness eu%d %s %s%n".formatted(i + 1, eu.verifierKeys().get(i), euUrl));
        }
        return parse(text + "group sa all sa1 sa2\ngroup eu all eu1 eu2\ngroup both all sa eu\nquorum both\n");
    }

    /// The same, and somebody who has never signed.
    private static WitnessPolicy stricter(WitnessPolicy policy) {
        String stranger = "stranger.example";
        return parse(new String(policy.bytes(), StandardCharsets.UTF_8)
                .replace("quorum both", "witness x " + strangersKey(stranger) + "\ngroup all all both x\nquorum all"));
    }

    private static String strangersKey(String name) {
        try {
            Path temporary = Files.createTempDirectory("diwan-stranger");
            try (var witness = Witness.open(temporary, temporary.resolve("key"), name, Map.of())) {
                return witness.verifierKeys().getFirst();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static WitnessPolicy parse(String text) {
        return WitnessPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCosignerOverHttpAnswersAsTheWitnessBehindItDoes() throws Exception {
        var signer = LogSigner.create(folder.resolve("log.key"), ORIGIN);
        try (var ledger = Ledger.open(folder.resolve("log"), signer);
                var witness = witness("w.example", signer);
                var server = WitnessServer.start("127.0.0.1", 0, witness)) {
            var cosigner = Cosigner.of(server.address());
            ledger.append(new byte[] {1});
            String request = "old 0\n\n" + ledger.publish().text();
            var cosigned = assertInstanceOf(Cosigner.Answer.Cosigned.class, cosigner.addCheckpoint(request));
            Checkpoint.parse(ledger.checkpoint().text() + cosigned.lines());
            for (String other :
                    List.of(request, "", "old 9\n\n" + ledger.checkpoint().text()))
                assertEquals(
                        witness.addCheckpoint(other).toString(),
                        cosigner.addCheckpoint(other).toString());
        }
    }
}
