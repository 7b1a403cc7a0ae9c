package org.diwan.sovereignty.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tenant's own key service, which may say no, nothing, or nonsense: reading fails closed, at once,
/// and goes on when it says yes again. Other tenants do not notice.
class RemoteRootKeyTest {
    private static final byte[] BODY = "نص".getBytes(StandardCharsets.UTF_8);

    private enum Mood {
        YES,
        NO,
        SILENT,
        SLOW_BODY,
        NONSENSE
    }

    @TempDir
    Path folder;

    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private FileRootKey theirs;
    private volatile Mood mood = Mood.YES;
    private final MemoryShelf shelf = new MemoryShelf();
    private Vault patient;
    private Vault vault;

    @BeforeEach
    void start() throws IOException {
        theirs = FileRootKey.open(folder.resolve("theirs.key"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        // Where yes is expected, a busy machine may take its time; the promise is about no.
        var ours = FileRootKey.open(folder.resolve("ours.key"));
        patient = new Vault(ours, List.of(), Map.of("bank", new RemoteRootKey(url, Duration.ofSeconds(30))), shelf);
        vault = new Vault(ours, List.of(), Map.of("bank", new RemoteRootKey(url)), shelf);
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] lines =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            byte[] context = Base64.getDecoder().decode(lines[0]);
            byte[] key = Base64.getDecoder().decode(lines[1]);
            switch (mood) {
                case YES -> {
                    boolean wraps = exchange.getRequestURI().getPath().endsWith("/wrap");
                    byte[] out = wraps ? theirs.wrap(key, context) : theirs.unwrap(key, context);
                    send(exchange, 200, Base64.getEncoder().encodeToString(out) + "\n");
                }
                case NO -> send(exchange, 403, "no");
                case NONSENSE -> send(exchange, 200, "?!");
                case SILENT -> end.await();
                case SLOW_BODY -> {
                    exchange.sendResponseHeaders(200, 44);
                    exchange.getResponseBody().write('A');
                    exchange.getResponseBody().flush();
                    end.await();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Test
    void readingFailsClosedWhileTheServiceDoesNotSayYes() throws IOException {
        byte[] sealed = patient.sealNew("bank", "", "r1", "request", BODY);
        byte[] other = vault.sealNew("ministry", "", "r2", "request", BODY);
        assertArrayEquals(BODY, patient.open("bank", "r1", "request", sealed));
        for (Mood each : new Mood[] {Mood.NO, Mood.SILENT, Mood.SLOW_BODY, Mood.NONSENSE}) {
            mood = each;
            assertThrows(KeyRefusedException.class, () -> vault.open("bank", "r1", "request", sealed), each.name());
            assertThrows(
                    KeyRefusedException.class,
                    () -> vault.sealNew("bank", "", "r" + each, "request", BODY),
                    each.name());
            assertArrayEquals(BODY, vault.open("ministry", "r2", "request", other), "others do not notice");
        }
        mood = Mood.YES;
        assertArrayEquals(BODY, patient.open("bank", "r1", "request", sealed));
        server.stop(0);
        assertThrows(KeyRefusedException.class, () -> vault.open("bank", "r1", "request", sealed));
    }
}
