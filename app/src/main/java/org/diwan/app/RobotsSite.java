package org.diwan.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.diwan.cloud.OperatorVault;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.store.ApiKey;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Drawing;
import org.diwan.robots.control.Refusal;
import org.diwan.robots.control.RobotsApi;

/// A page and `/v1/robots/` on this machine alone, for a process that serves no models; and what `./diwan vault erase`
/// asks a gateway for:
///
/// ```text
/// DELETE /v1/receipts/{id}             what was said under one id, as a job's
/// DELETE /v1/persons/{label}           what was said by, or about, one whom requests name so
/// DELETE /v1/receipts?everything=true  all that was said
/// ```
final class RobotsSite implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RobotsSite.class.getName());

    private static final String API = "/v1/robots/";
    private static final String RECORDS = "DELETE /v1/receipts";
    private static final String PERSONS = "DELETE /v1/persons/";

    /// Longest body, bytes.
    private static final int MAX_BODY = 1 << 20;

    private final HttpServer server;
    private final ApiKey key;
    private final RobotsApi api;
    private final Building building;
    private final OperatorVault words;

    /// @param port 0 takes a free one
    RobotsSite(int port, ApiKey key, RobotsApi api, Building building, OperatorVault words) throws IOException {
        this.key = key;
        this.api = api;
        this.building = building;
        this.words = words;
        server = Loopback.listen(port);
        server.createContext("/", this::answer);
        server.start();
    }

    /// The page, with the key that it speaks with.
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/#key=" + key.text();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            var query = Loopback.query(exchange);
            if (path.startsWith("/v1/")) call(exchange, path, query);
            else if (path.equals("/"))
                Loopback.send(
                        exchange,
                        200,
                        "text/html; charset=utf-8",
                        Drawing.page(building, query.getOrDefault("language", "en"), "v1/robots/view")
                                .getBytes(StandardCharsets.UTF_8));
            else refuse(exchange, 404, "There is no such page.", "");
        }
    }

    private void call(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("authorization");
        byte[] wanted = ("Bearer " + key.text()).getBytes(StandardCharsets.UTF_8);
        if (given == null || !MessageDigest.isEqual(wanted, given.getBytes(StandardCharsets.UTF_8))) {
            refuse(exchange, 401, "The key is missing or wrong; it is in operator.key of the data folder.", "");
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            refuse(exchange, 413, "The body is longer than " + MAX_BODY + " bytes.", "");
            return;
        }
        try {
            String method = exchange.getRequestMethod();
            byte[] answer = path.startsWith(API)
                    ? api.answer(new RobotsApi.Request(
                            method,
                            path.substring(API.length()),
                            query,
                            new String(body, StandardCharsets.UTF_8),
                            key.publicId()))
                    : Json.bytes(erase(method + " " + path, query));
            Loopback.send(exchange, 200, "application/json", answer);
        } catch (Refusal e) {
            refuse(exchange, e.status(), String.valueOf(e.getMessage()), e.field());
        } catch (ApiError e) {
            Loopback.send(exchange, e.status(), "application/json", Json.bytes(e.body()));
        } catch (IOException e) {
            LOG.log(Level.ERROR, path, e);
            refuse(exchange, 503, String.valueOf(e.getMessage()), "");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, path, e);
            refuse(exchange, 500, "Something went wrong; it is in the log.", "");
        }
    }

    private ObjectNode erase(String request, Map<String, String> query) {
        if (request.equals(RECORDS) && query.getOrDefault("everything", "").equals("true"))
            return words.eraseEverything();
        if (request.startsWith(RECORDS + "/")) return words.eraseRecord(request.substring(RECORDS.length() + 1));
        if (request.startsWith(PERSONS)) return words.erasePerson(request.substring(PERSONS.length()));
        throw ApiError.notFound(null, "unknown_url", "There is nothing here to " + request + ".");
    }

    private static void refuse(HttpExchange exchange, int status, String message, String field) throws IOException {
        var body = Json.object();
        var error = body.putObject("error");
        error.put("message", message);
        if (!field.isEmpty()) error.put("param", field);
        Loopback.send(exchange, status, "application/json", Json.bytes(body));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
