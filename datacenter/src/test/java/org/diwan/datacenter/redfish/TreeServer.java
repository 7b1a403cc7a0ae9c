package org.diwan.datacenter.redfish;

import com.github.luben.zstd.ZstdInputStream;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A controller for tests: resources by path, a user with a session, and a list of what it was told.
final class TreeServer implements AutoCloseable {
    /// Largest tree in the captures, with room.
    private static final int MAX_FILES = 10_000;

    final Map<String, String> resources = new ConcurrentHashMap<>();
    final List<String> told = new CopyOnWriteArrayList<>();

    /// Statuses to answer instead of a resource, by path.
    final Map<String, Integer> faults = new ConcurrentHashMap<>();

    boolean sessions = true;

    @Nullable
    String password;

    /// Tokens of sessions that count.
    final List<String> tokens = new CopyOnWriteArrayList<>();

    private final HttpServer server;

    TreeServer(Map<String, String> resources) throws IOException {
        this.resources.putAll(resources);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = exchange.getRequestURI().getQuery();
            String key = ResourceTree.target(path) + (query == null || query.startsWith("$expand") ? "" : "?" + query);
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!exchange.getRequestMethod().equals("GET"))
                told.add(exchange.getRequestMethod() + " " + path + " " + body);
            if (path.equals("/redfish/v1/SessionService/Sessions")
                    && exchange.getRequestMethod().equals("POST")) {
                login(exchange, body);
                return;
            }
            if (!allowed(exchange)) reply(exchange, 401, "");
            else if (faults.containsKey(key)) reply(exchange, faults.get(key), "");
            else if (!exchange.getRequestMethod().equals("GET")) reply(exchange, 204, "");
            else if (resources.containsKey(key)) reply(exchange, 200, resources.get(key));
            else reply(exchange, 404, "");
        }
    }

    private void login(HttpExchange exchange, String body) throws IOException {
        if (!sessions) reply(exchange, 405, "");
        else if (password == null || !body.contains("\"" + password + "\"")) reply(exchange, 401, "");
        else {
            String token = "t" + told.size();
            tokens.add(token);
            exchange.getResponseHeaders().set("X-Auth-Token", token);
            exchange.getResponseHeaders().set("Location", "/redfish/v1/SessionService/Sessions/" + token);
            reply(exchange, 201, "{}");
        }
    }

    private boolean allowed(HttpExchange exchange) {
        if (password == null) return true;
        String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        return (token != null && tokens.contains(token)) || (basic != null && !sessions);
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
    }

    /// The resources of a captured tree: a tar file, zstd-compressed, in which `…/index.json` under `root`
    /// is the resource `/redfish/v1/…`. The tar format (POSIX 1003.1 ustar) is 512-byte headers with the
    /// name at 0, the size in octal at 124 and the kind at 156, each followed by its content.
    static Map<String, String> capture(Path file, String root) throws IOException {
        var resources = new HashMap<String, String>();
        try (var in = new DataInputStream(new ZstdInputStream(Files.newInputStream(file)))) {
            String longName = null;
            for (int i = 0; i < MAX_FILES; i++) {
                byte[] header = in.readNBytes(512);
                if (header.length < 512 || header[0] == 0) return resources;
                int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
                byte[] content = in.readNBytes((size + 511) / 512 * 512);
                String name = longName != null ? longName : text(header, 345, 155) + text(header, 0, 100);
                longName = header[156] == 'L' ? text(content, 0, size) : null;
                if (name.startsWith(root) && name.endsWith("/index.json") && header[156] != 'L')
                    resources.put(
                            "/redfish/v1" + name.substring(root.length(), name.length() - "/index.json".length()),
                            new String(content, 0, size, StandardCharsets.UTF_8));
            }
        }
        throw new IOException(file + " has more than " + MAX_FILES + " files");
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) end++;
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
