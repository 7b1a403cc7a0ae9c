package org.diwan.cloud.witness;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.diwan.sovereignty.ledger.Cosigner;
import org.diwan.sovereignty.ledger.Cosigner.Answer;
import org.diwan.sovereignty.ledger.Witness;

/// Serves a witness: `POST /add-checkpoint` to logs, `GET /<origin hash>/checkpoint` to monitors. One
/// virtual thread a request. There is no authentication but the log's signature; put TLS in front.
public final class WitnessServer implements AutoCloseable {
    /// Requests at a time: the dear part, verifying signatures, is done by so many threads at most.
    private static final int MAX_REQUESTS = 64;

    private static final System.Logger LOG = System.getLogger(WitnessServer.class.getName());

    private final Witness witness;
    private final String host;
    private final WebServer server;

    private WitnessServer(Witness witness, String host, int port) {
        this.witness = witness;
        this.host = host;
        this.server = WebServer.builder()
                .host(host)
                .port(port)
                .maxConcurrentRequests(MAX_REQUESTS)
                .shutdownHook(false)
                .routing(HttpRouting.builder()
                        .post("/add-checkpoint", this::addCheckpoint)
                        .get("/{hash}/checkpoint", this::checkpoint))
                .build()
                .start();
    }

    /// Serves `witness`, which stays the caller's, until [#close]; port 0 takes a free one.
    ///
    /// @throws IOException when the port is taken
    public static WitnessServer start(String host, int port, Witness witness) throws IOException {
        var server = new WitnessServer(witness, host, port);
        // Helidon logs why it cannot listen, and returns.
        if (!server.server.isRunning())
            throw new IOException("cannot listen on " + host + ":" + port + "; choose another port with --port");
        return server;
    }

    /// The submission and monitoring prefix, for clients on this machine.
    public URI address() {
        return URI.create("http://" + host + ":" + server.port() + "/");
    }

    private void addCheckpoint(ServerRequest request, ServerResponse response) {
        try (var in = request.content().inputStream()) {
            byte[] body = in.readNBytes(Cosigner.MAX_REQUEST + 1);
            switch (witness.addCheckpoint(utf8(body))) {
                case Answer.Cosigned(String lines) -> send(response, 200, "text/plain; charset=utf-8", lines);
                case Answer.Conflict(long size) -> send(response, 409, "text/x.tlog.size", size + "\n");
                case Answer.Refused(int status, String reason) ->
                    send(response, status, "text/plain; charset=utf-8", reason + "\n");
            }
        } catch (CharacterCodingException e) {
            send(response, 400, "text/plain; charset=utf-8", "not UTF-8\n");
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "nothing is cosigned: {0}", e.getMessage());
            send(response, 503, "text/plain; charset=utf-8", "the witness cannot remember; nothing was cosigned\n");
        }
    }

    private static String utf8(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    private void checkpoint(ServerRequest request, ServerResponse response) {
        var latest = witness.latest(request.path().pathParameters().get("hash"));
        if (latest == null) send(response, 404, "text/plain; charset=utf-8", "nothing was cosigned of this log\n");
        else send(response, 200, "text/plain; charset=utf-8", latest.text());
    }

    private static void send(ServerResponse response, int status, String type, String body) {
        response.status(Status.create(status))
                .header(HeaderNames.CONTENT_TYPE, type)
                .send(body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop();
    }
}
