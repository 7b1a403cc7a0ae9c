package org.diwan.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.diwan.sovereignty.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/// A web server that shows a ledger's folder and the console, and can do nothing else: what an auditor
/// might set up beside a copy of the log. It has no model and asks for no key.
final class LedgerMirror implements AutoCloseable {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml");

    private final HttpServer server;
    private final Ledger ledger;
    private final Path folder;
    private final String verifierKeys;

    LedgerMirror(Ledger ledger, Path folder, String verifierKeys) throws IOException {
        this.ledger = ledger;
        this.folder = folder;
        this.verifierKeys = verifierKeys;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte @Nullable [] body = body(exchange.getRequestURI());
        String path = exchange.getRequestURI().getPath();
        String ending = path.equals("/") ? "html" : path.substring(path.lastIndexOf('.') + 1);
        exchange.getResponseHeaders().set("content-type", TYPES.getOrDefault(ending, "application/octet-stream"));
        exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
        try (exchange) {
            if (body != null) exchange.getResponseBody().write(body);
        }
    }

    private byte @Nullable [] body(URI address) throws IOException {
        String path = address.getPath();
        if (path.equals("/v1/models")) return text("{\"object\":\"list\",\"data\":[]}");
        if (path.equals("/v1/ledger/entries")) return text(entries(address.getQuery()));
        if (path.equals("/log/vkey")) return text(verifierKeys);
        if (path.startsWith("/log/")) {
            Path file = folder.resolve(path.substring("/log/".length())).normalize();
            return file.startsWith(folder) && Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        }
        String name = path.startsWith("/webjars/")
                ? "/META-INF/resources" + path
                : "/console" + (path.equals("/") ? "/index.html" : path);
        try (InputStream in = LedgerMirror.class.getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    /// `from=F&count=C` → `{"size":N,"entries":[{"index":F,"entry":{…}},…]}`
    private String entries(String query) throws IOException {
        String[] values = query.split("[=&]", -1);
        long from = Long.parseLong(values[1]);
        long to = Math.min(ledger.size(), from + Long.parseLong(values[3]));
        var list = new StringBuilder();
        for (long index = from; index < to; index++)
            list.append(index > from ? "," : "")
                    .append("{\"index\":")
                    .append(index)
                    .append(",\"entry\":")
                    .append(new String(ledger.entry(index), StandardCharsets.UTF_8))
                    .append('}');
        return "{\"size\":" + ledger.size() + ",\"entries\":[" + list + "]}";
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
