package org.diwan.cloud;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.diwan.cloud.api.ApiError;

/// The ledger's public files, read-only, for anyone: an auditor needs a web server, not us
/// (C2SP tlog-tiles, "APIs").
final class LogFiles {
    /// `tile/<level>/<index>` and `tile/entries/<index>`, index in groups of three digits, all but the
    /// last after an `x`; a partial tile ends with its width. Nothing else, no dot-files, no `..`.
    private static final Pattern TILE =
            Pattern.compile("tile/(?:[0-9]{1,2}|entries)/(?:x[0-9]{3}/){0,6}[0-9]{3}(?:\\.p/[0-9]{1,3})?");

    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String FRESH = "no-cache";

    private final Path ledger;
    private final Path keys;

    /// @param ledger folder of the log
    /// @param keys folder of `log.vkey`, one verifier key a line, and `log.policy`
    LogFiles(Path ledger, Path keys) {
        this.ledger = ledger;
        this.keys = keys;
    }

    void handle(ServerRequest request, ServerResponse response) {
        String path = request.path().path().replaceFirst("^/log/", "");
        if (path.equals("checkpoint")) send(response, ledger.resolve("checkpoint"), "text/plain; charset=utf-8", FRESH);
        else if (path.equals("vkey")) send(response, keys.resolve("log.vkey"), "text/plain; charset=utf-8", FRESH);
        else if (path.equals("policy")) send(response, keys.resolve("log.policy"), "text/plain; charset=utf-8", FRESH);
        else if (TILE.matcher(path).matches())
            send(response, ledger.resolve(path), "application/octet-stream", FOR_EVER);
        else throw notFound();
    }

    private static void send(ServerResponse response, Path file, String type, String caching) {
        try (var in = Files.newInputStream(file)) {
            response.header(HeaderNames.CONTENT_TYPE, type).header(HeaderNames.CACHE_CONTROL, caching);
            response.contentLength(Files.size(file));
            try (var out = response.outputStream()) {
                in.transferTo(out);
            }
        } catch (NoSuchFileException e) {
            throw notFound();
        } catch (IOException e) {
            throw Http.unavailable("ledger_unavailable", e);
        }
    }

    private static ApiError notFound() {
        return ApiError.notFound(null, "not_found", "The log has no such file.");
    }
}
