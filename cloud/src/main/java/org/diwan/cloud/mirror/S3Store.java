package org.diwan.cloud.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.diwan.sovereignty.ledger.Mirror;
import org.jspecify.annotations.Nullable;

/// A bucket of an S3-compatible store, addressed by path (`endpoint/bucket/key`).
public final class S3Store implements Mirror.Store {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_REASON = 300;

    /// Keys of a log are letters, digits and these; others would need encoding, and a prefix is ours to
    /// choose.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/-]*");

    private final URI endpoint;
    private final String folder;
    private final SigV4 signature;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    private S3Store(URI endpoint, String folder, SigV4 signature) {
        this.endpoint = endpoint;
        this.folder = folder;
        this.signature = signature;
    }

    /// The store that `address` names, with the credentials that AWS's own tools read.
    ///
    /// @param address `s3://bucket` or `s3://bucket/folder`
    /// @param environment AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; AWS_REGION (default us-east-1);
    ///     AWS_ENDPOINT_URL for a store that is not Amazon's
    /// @throws IllegalArgumentException naming what is missing
    public static S3Store of(URI address, Map<String, String> environment) {
        String bucket = address.getHost();
        if (!"s3".equals(address.getScheme())
                || bucket == null
                || !PLAIN.matcher(address.getPath()).matches())
            throw new IllegalArgumentException(
                    address + ": expected s3://bucket or s3://bucket/folder, in plain letters");
        String region = environment.getOrDefault("AWS_REGION", "us-east-1");
        String endpoint = environment.getOrDefault("AWS_ENDPOINT_URL", "https://s3." + region + ".amazonaws.com");
        String path = address.getPath();
        String folder = "/" + bucket + (path.endsWith("/") ? path : path + "/");
        return new S3Store(
                URI.create(endpoint),
                folder,
                new SigV4(
                        required(environment, "AWS_ACCESS_KEY_ID"),
                        required(environment, "AWS_SECRET_ACCESS_KEY"),
                        region));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty())
            throw new IllegalArgumentException("a mirror in S3 needs " + name + " in the environment");
        return value;
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        boolean text = path.equals("checkpoint");
        var headers = Map.of(
                "content-type",
                text ? "text/plain; charset=utf-8" : "application/octet-stream",
                "cache-control",
                text ? "no-cache" : "public, max-age=31536000, immutable");
        var response = send("PUT", path, headers, bytes);
        try (var body = response.body()) {
            if (response.statusCode() != 200)
                throw new IOException(address(path) + ": answered " + response.statusCode() + " "
                        + new String(body.readNBytes(MAX_REASON), StandardCharsets.UTF_8));
        }
    }

    @Override
    public byte @Nullable [] read(String path, int limit) throws IOException {
        var response = send("GET", path, Map.of(), new byte[0]);
        try (var body = response.body()) {
            if (response.statusCode() == 404) return null;
            if (response.statusCode() != 200)
                throw new IOException(address(path) + ": answered " + response.statusCode());
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) throw new IOException(address(path) + ": larger than " + limit + " bytes");
            return bytes;
        }
    }

    private HttpResponse<InputStream> send(String method, String path, Map<String, String> headers, byte[] payload)
            throws IOException {
        var signed = new HashMap<>(headers);
        signed.put("host", endpoint.getAuthority());
        var request = HttpRequest.newBuilder(address(path))
                .timeout(TIMEOUT)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(payload));
        headers.forEach(request::header);
        signature.headers(method, folder + path, signed, payload, Instant.now()).forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(address(path) + ": interrupted");
        }
    }

    private URI address(String path) {
        return endpoint.resolve(folder + path);
    }

    @Override
    public String toString() {
        return endpoint + folder;
    }
}
