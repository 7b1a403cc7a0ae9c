package org.diwan.sovereignty.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        NONSENSE,
        FORGETFUL
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
                // Base64, a well-formed answer, and another key than the one that it was asked to wrap.
                case FORGETFUL -> send(exchange, 200, Base64.getEncoder().encodeToString(new byte[60]));
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

    /// The service makes a new key whenever it likes; Diwan then has the tenant's key wrapped again.
    @Test
    void aTenantsKeyIsWrappedAgainByTheNewestKeyOfItsService() throws IOException {
        byte[] sealed = patient.sealNew("bank", "p", "r1", "request", BODY);
        byte[] other = patient.sealNew("ministry", "", "r2", "request", BODY);
        theirs.rotate();
        assertEquals(List.of("bank", "ministry"), patient.rewrap().done());
        theirs.dropOlder();
        assertArrayEquals(BODY, patient.open("bank", "r1", "request", sealed));
        patient.rotate("bank");
        assertArrayEquals(BODY, patient.open("bank", "r1", "request", sealed));
        assertArrayEquals(BODY, patient.open("ministry", "r2", "request", other));
    }

    /// One tenant's no: it keeps the key that it has, is named, and nobody else waits for it.
    @Test
    void aServiceThatDoesNotSayYesKeepsItsTenantsKeyAsItIs() throws IOException {
        byte[] sealed = patient.sealNew("bank", "p", "r1", "request", BODY);
        byte[] other = vault.sealNew("ministry", "", "r2", "request", BODY);
        byte[] kept = shelf.tenantKey("bank").orElseThrow().wrapped();
        for (Mood each : new Mood[] {Mood.NO, Mood.SILENT, Mood.NONSENSE}) {
            mood = each;
            var came = vault.rewrap();
            assertEquals(List.of("ministry"), came.done(), each.name());
            assertEquals(1, came.refused().size(), each.name());
            var refusal = came.refused().getFirst();
            assertEquals("bank", refusal.tenant());
            assertTrue(refusal.root().startsWith("http://127.0.0.1"), refusal.root());
            assertThrows(KeyRefusedException.class, () -> vault.rotate("bank"), each.name());
            assertArrayEquals(kept, shelf.tenantKey("bank").orElseThrow().wrapped(), each.name());
        }
        mood = Mood.FORGETFUL;
        // It lends another key than the tenant's: the persons' keys below do not open with it.
        assertEquals("bank", patient.rewrap().refused().getFirst().tenant());
        assertThrows(IOException.class, () -> patient.rotate("bank"));
        assertArrayEquals(kept, shelf.tenantKey("bank").orElseThrow().wrapped());
        mood = Mood.YES;
        assertArrayEquals(BODY, patient.open("bank", "r1", "request", sealed));
        assertArrayEquals(BODY, patient.open("ministry", "r2", "request", other));
    }

    /// A tenant takes its key into its own hands, and gives it back; a service that forgets loses nothing.
    @Test
    void aTenantsKeyMovesToItsServiceAndBack() throws IOException {
        var before = FileRootKey.open(folder.resolve("ours.key"));
        var own = new Vault(before, List.of(), Map.of(), shelf);
        byte[] sealed = own.sealNew("bank", "p", "r1", "request", BODY);
        mood = Mood.FORGETFUL;
        var came = patient.rewrap();
        assertTrue(came.refused().getFirst().reason().contains("does not give back what it wrapped"), "" + came);
        assertEquals("file", shelf.tenantKey("bank").orElseThrow().root());
        mood = Mood.YES;
        assertEquals(List.of("bank"), patient.rewrap().done());
        assertThrows(KeyRefusedException.class, () -> own.open("bank", "r1", "request", sealed));
        assertArrayEquals(BODY, patient.open("bank", "r1", "request", sealed));

        assertTrue(own.rewrap().refused().getFirst().reason().contains("which is not here"));
        var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        var left = new Vault(before, List.of(new RemoteRootKey(url, Duration.ofSeconds(30))), Map.of(), shelf);
        assertEquals(List.of("bank"), left.rewrap().done());
        assertArrayEquals(BODY, own.open("bank", "r1", "request", sealed));
    }
}
