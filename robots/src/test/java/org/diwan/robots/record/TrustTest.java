package org.diwan.robots.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.record.OrderDesk.Origin;
import org.diwan.sovereignty.ledger.Cosigner.Answer;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.Witness;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that publishes with whichever of its two witnesses answer, and those who believe it on conditions. A log
/// alone could show a vehicle one history and an auditor another: what too few have cosigned moves nothing and proves
/// nothing.
class TrustTest {
    private static final List<String> NAMES = List.of("w0", "w1");

    @TempDir
    private Path folder;

    private final List<Witness> witnesses = new ArrayList<>();
    private HttpServer server;
    private boolean secondIsDead;

    @BeforeEach
    void open() throws IOException {
        var logs = Map.of(Hall.ORIGIN, Hall.signer(folder).keys());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (String name : NAMES) {
            var witness = Witness.open(folder.resolve(name), folder.resolve(name + ".key"), name + ".example", logs);
            witnesses.add(witness);
            server.createContext("/" + name + "/", exchange -> cosign(exchange, witness));
        }
        server.start();
    }

    @AfterEach
    void close() throws IOException {
        server.stop(0);
        for (var witness : witnesses) witness.close();
    }

    private void cosign(HttpExchange exchange, Witness witness) throws IOException {
        try (exchange) {
            var text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean dead = secondIsDead && witness == witnesses.getLast();
            switch (witness.addCheckpoint(text)) {
                case Answer.Cosigned(String lines) -> send(exchange, dead ? 503 : 200, lines);
                case Answer.Conflict(long size) -> send(exchange, 409, size + "\n");
                case Answer.Refused(int status, String reason) -> send(exchange, status, reason);
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private WitnessPolicy policy(String quorum) {
        var text = new StringBuilder();
        for (int i = 0; i < NAMES.size(); i++)
            text.append("witness %s %s http://127.0.0.1:%d/%s/%n"
                    .formatted(
                            NAMES.get(i),
                            witnesses.get(i).verifierKeys().getFirst(),
                            server.getAddress().getPort(),
                            NAMES.get(i)));
        return WitnessPolicy.parse((text + quorum).getBytes(StandardCharsets.UTF_8));
    }

    private Trust trust(Hall hall, String quorum) {
        return new Trust(hall.signer.keys(), policy(quorum));
    }

    /// One job, as far as its first order.
    private Hall ordered() throws IOException {
        var hall = new Hall(folder, policy("quorum none\n"));
        hall.desk.permit(Hall.coffee("m-1", "hall"), Hall.CLERK, new Origin(Optional.empty(), "clean"));
        return hall;
    }

    /// How many orders a vehicle behind an adapter that believes `trust` hears.
    private static int heard(Hall hall, Trust trust) {
        var own = new LocalBus(hall.timeline, LocalBus.Quality.PERFECT, 2);
        var heard = new ArrayList<String>();
        own.subscribe("+/+/+/+/order", (topic, _) -> heard.add(topic));
        var check = new WarrantCheck(trust, Hall.ROBOT, hall.map, hall.timeline);
        try (var adapter = new Adapter(hall.bus, own, Hall.ROBOT, check)) {
            hall.desk.send("m-1", Hall.order("m-1", 0, List.of("bar"), Hall.action("pick", "m-1-1", "coffee")));
            hall.pass(Duration.ofSeconds(1));
            assertEquals(heard.isEmpty(), adapter.refused() > 0);
        }
        return heard.size();
    }

    private static Trace trace(Hall hall, Trust trust) throws IOException, VerificationException {
        return Trace.of("m-1", hall.kept(), TileSource.of(hall.folder.resolve("ledger")), trust);
    }

    @Test
    void whatTheWitnessesCosignedMovesTheVehicleAndIsTraced() throws Exception {
        try (var hall = ordered()) {
            for (String quorum : List.of("group both all w0 w1\nquorum both\n", "quorum w1\n", "quorum none\n")) {
                var trust = trust(hall, quorum);
                assertEquals(1, heard(hall, trust), quorum);
                assertEquals(List.of(), trace(hall, trust).faults(), quorum);
            }
        }
    }

    @Test
    void whatTooFewCosignedMovesNothingAndFailsInATrace() throws Exception {
        secondIsDead = true;
        try (var hall = ordered()) {
            for (String quorum : List.of("group both all w0 w1\nquorum both\n", "quorum w1\n")) {
                var trust = trust(hall, quorum);
                assertEquals(0, heard(hall, trust), quorum);
                var refused = assertThrows(VerificationException.class, () -> trace(hall, trust));
                assertTrue(String.valueOf(refused.getMessage()).contains("it is cosigned by w0"), refused.getMessage());
            }
            var enough = trust(hall, "quorum w0\n");
            assertEquals(1, heard(hall, enough));
            assertEquals(List.of(), trace(hall, enough).faults());
        }
    }

    /// Nobody checked the lines of witnesses whom the policy does not name: a warrant with such lines is refused.
    @Test
    void whoDoesNotKnowTheWitnessesCannotCheckTheWarrant() throws Exception {
        try (var hall = ordered()) {
            assertEquals(0, heard(hall, Trust.of(hall.signer.keys())));
        }
    }

    /// A warrant from before there were witnesses does not become good by checkpoints that came after it.
    @Test
    void aWarrantThatNobodyCosignedStaysRefused() throws Exception {
        try (var hall = new Hall(folder)) {
            hall.desk.permit(Hall.coffee("m-1", "hall"), Hall.CLERK, new Origin(Optional.empty(), "clean"));
            assertEquals(0, heard(hall, trust(hall, "quorum w0\n")));
            assertEquals(1, heard(hall, Trust.of(hall.signer.keys())));
        }
        try (var hall = new Hall(folder, policy("quorum w0\n"))) {
            hall.ledger.publish();
            var trace = trace(hall, trust(hall, "quorum w0\n"));
            assertTrue(
                    trace.faults().toString().contains("it is cosigned by nobody"),
                    trace.faults().toString());
        }
    }
}
