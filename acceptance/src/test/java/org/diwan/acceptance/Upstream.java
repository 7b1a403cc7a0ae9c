package org.diwan.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// An OpenAI-compatible service abroad, as far as the tests need one: it names a model, counts the
/// conversations that reach it, and streams an answer that goes on until its reader goes away.
final class Upstream implements AutoCloseable {
    /// A stream that nobody stops ends by itself, after this many words.
    private static final int WORDS = 400;

    private static final int WORD_MS = 50;

    private final HttpServer server;
    private final AtomicInteger conversations = new AtomicInteger();
    private final CountDownLatch abandoned = new CountDownLatch(1);

    Upstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, """
                {"object":"list","data":[{"id":"large","object":"model","created":0,"owned_by":"abroad"}]}""");
        });
        server.createContext("/v1/chat/completions", this::chat);
        server.start();
    }

    /// For `diwan up --upstream`: a partner under German law.
    String argument() {
        return "partner=http://127.0.0.1:" + server.getAddress().getPort() + "/v1@de";
    }

    /// Conversations that reached this service.
    int conversations() {
        return conversations.get();
    }

    /// Waits until a reader has gone away in the middle of a stream; whether that happened in time.
    boolean abandoned(Duration patience) throws InterruptedException {
        return abandoned.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void chat(HttpExchange exchange) throws IOException {
        conversations.incrementAndGet();
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (request.matches("(?s).*\"stream\"\\s*:\\s*true.*")) stream(exchange);
        else answer(exchange, """
                    {"id":"c-1","object":"chat.completion","created":0,"model":"large","choices":[{"index":0,
                    "message":{"role":"assistant","content":"Guten Tag"},"finish_reason":"stop"}],
                    "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""");
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (exchange) {
            for (int i = 0; i < WORDS; i++) {
                event(exchange, "{\"content\":\"Wort " + i + " \"}", "null");
                Thread.sleep(WORD_MS);
            }
            event(exchange, "{}", "\"stop\"");
            exchange.getResponseBody().write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            abandoned.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void event(HttpExchange exchange, String delta, String finish) throws IOException {
        String chunk = "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\"large\","
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
        exchange.getResponseBody().write(chunk.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
