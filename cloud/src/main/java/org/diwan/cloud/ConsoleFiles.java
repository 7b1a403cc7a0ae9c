package org.diwan.cloud;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.diwan.cloud.api.ApiError;

/// The console's pages and the libraries that they import: static files on the class path, under
/// `/console/` and `/META-INF/resources/webjars/`.
final class ConsoleFiles {
    private static final Pattern NAME = Pattern.compile("(?:/[A-Za-z0-9@_-][A-Za-z0-9@._-]*)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "woff2", "font/woff2");

    private static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header NO_FRAME = HeaderValues.createCached("X-Frame-Options", "DENY");

    private ConsoleFiles() {}

    static void handle(ServerRequest request, ServerResponse response) {
        String path = request.path().path();
        if (path.equals("/")) path = "/index.html";
        boolean library = path.startsWith("/webjars/");
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(path).matches()) throw notFound(path);
        // The version is in a library's path; the pages change with the program.
        String caching = library ? "public, max-age=31536000, immutable" : "no-cache";
        try (var in = ConsoleFiles.class.getResourceAsStream((library ? "/META-INF/resources" : "/console") + path)) {
            if (in == null) throw notFound(path);
            response.header(HeaderNames.CONTENT_TYPE, type)
                    .header(HeaderNames.CACHE_CONTROL, caching)
                    .header(NO_SNIFF)
                    .header(NO_FRAME)
                    .send(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("class path: " + path, e);
        }
    }

    private static ApiError notFound(String path) {
        return ApiError.notFound(null, "not_found", "There is nothing at " + path + ".");
    }
}
