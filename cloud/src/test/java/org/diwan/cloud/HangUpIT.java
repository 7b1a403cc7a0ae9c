package org.diwan.cloud;

import static org.diwan.cloud.GatewayIT.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.Family;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that hangs up frees its slot. The model has room for answers and prompts that take
/// minutes, so a slot that is free after seconds was freed by the hang-up; that it is still
/// taken just before is asserted too.
class HangUpIT {
    private static final int CONTEXT = 100_000;
    private static final int LONGEST = CONTEXT - 200;

    @TempDir
    Path folder;

    private TestGateway server;

    @BeforeEach
    void start() throws IOException {
        var shape = new Shape(
                new Family.Llama(), 8, 512, 1024, 8, 2, 64, 320, CONTEXT, 10_000f, 1, 1e-5f, false, true, false);
        Path model = folder.resolve("slow.gguf");
        RandomModel.write(model, shape, TensorType.F32, 1);
        server = TestGateway.start(
                TestGateway.config(folder.resolve("data"), model, "kr", new EngineLimits(1, 8, 4), 16));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// The second is a resident registration number, so that its answer passes the output guard.
    @ParameterizedTest
    @CsvSource({"hello, false", "971013-9019902, false", "971013-9019902, true"})
    void inTheMiddleOfAnAnswer(String text, boolean stream) throws Exception {
        try (var _ = ask(text, stream)) {
            await(
                    () -> server.get("/metrics").text().lines().anyMatch("diwan_first_token_seconds_count 1"::equals),
                    "the first token is chosen");
            Thread.sleep(300); // some tokens long
            generating();
        }
        free();
        await(() -> server.last("answered") != null, "the outcome is recorded");
        var answered = Objects.requireNonNull(server.last("answered"));
        assertEquals("cancelled", answered.path("finish").asText());
        assertEquals(!text.equals("hello"), answered.has("redacted"));
        int said = answered.path("completionTokens").asInt();
        assertTrue(said >= 1 && said < LONGEST, said + " tokens");

        // What was said until then is as good a record as any: it can be generated again.
        String id = answered.path("receipt").asText();
        await(() -> server.get("/v1/receipts/" + id).json().path("answered").isObject(), "the receipt is complete");
        byte[] receipt = server.get("/v1/receipts/" + id).text().getBytes(StandardCharsets.UTF_8);
        var verifier = new ReceiptVerifier(server.keys(), step -> {});
        verifier.replay(verifier.bindings(receipt), folder, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whileALongPromptIsRead(boolean stream) throws Exception {
        try (var _ = ask("x".repeat(90_000), stream)) {
            generating();
        }
        free();
        await(() -> server.last("failed") != null, "the outcome is recorded");
        assertEquals(
                "client_closed_request",
                Objects.requireNonNull(server.last("failed")).path("reason").asText());
        assertNull(server.last("answered"), "no token was chosen");
    }

    @Test
    void inTheQueue() throws Exception {
        try (var _ = ask("hello", false)) {
            generating();
            try (var _ = ask("hello", false)) {
                await(() -> server.gateway.model().queued() == 1, "the second waits");
            }
            await(() -> server.gateway.model().queued() == 0, "its place is free");
            generating();
        }
        free();
    }

    /// The connection that was watched serves the next request, also one sent before the answer came.
    @Test
    void aClientThatStaysKeepsItsConnection() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.gateway.port())) {
            byte[] request = request("hello", false, 2);
            socket.getOutputStream().write(request);
            Thread.sleep(50);
            socket.getOutputStream().write(request);
            socket.setSoTimeout(20_000);
            var said = new StringBuilder();
            byte[] some = new byte[4096];
            while (said.toString().split("chat.completion\"", -1).length <= 2) {
                int count = socket.getInputStream().read(some);
                assertTrue(count > 0, "the connection ended after: " + said);
                said.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
            }
            assertEquals(2, said.toString().split("HTTP/1.1 200", -1).length - 1, said.toString());
        }
        assertNotNull(server.last("answered"));
    }

    private Socket ask(String text, boolean stream) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.gateway.port());
        socket.getOutputStream().write(request(text, stream, LONGEST - text.length()));
        return socket;
    }

    private byte[] request(String text, boolean stream, int maxTokens) {
        String body = ("{'model':'slow','messages':[{'role':'user','content':'" + text + "'}],'stream':" + stream
                        + ",'max_tokens':" + maxTokens + ",'logit_bias':{'100':100}}")
                .replace('\'', '"');
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + server.key
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void generating() throws Exception {
        await(() -> server.gateway.model().active() == 1, "one slot is taken");
    }

    private void free() throws Exception {
        await(() -> server.gateway.model().active() == 0, "the slot is free");
    }
}
