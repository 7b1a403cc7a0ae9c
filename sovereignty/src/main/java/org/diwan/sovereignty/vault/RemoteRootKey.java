package org.diwan.sovereignty.vault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A root key that a tenant keeps to itself, behind a service of its own. Diwan sends a key to be wrapped
/// or unwrapped with every reading and writing of that tenant, and keeps nothing of the answer: when the
/// service says no, or says nothing for [#LIMIT], nothing of the tenant can be read from that moment on.
///
/// ```
/// POST <url>/wrap      context and key, each in base64, on a line   →  200 and the wrapped key in base64
/// POST <url>/unwrap    context and wrapped key                      →  200 and the key; 403 for no
/// ```
///
/// The service authenticates Diwan by its network or by TLS in front of it; what it wraps with, and
/// whether a person has to agree, is its own affair.
public final class RemoteRootKey implements RootKey {
    /// How long a reading waits for the service before it fails.
    public static final Duration LIMIT = Duration.ofMillis(200);

    private static final int MAX_ANSWER = 4_096;

    private final URI url;
    private final Duration limit;
    private final HttpClient client;

    /// @param url without a slash at its end
    public RemoteRootKey(URI url) {
        this(url, LIMIT);
    }

    RemoteRootKey(URI url, Duration limit) {
        this.url = url;
        this.limit = limit;
        this.client = HttpClient.newBuilder().connectTimeout(limit).build();
    }

    @Override
    public String name() {
        return url.toString();
    }

    @Override
    public byte[] wrap(byte[] key, byte[] context) throws IOException {
        return ask("wrap", key, context);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException {
        return ask("unwrap", wrapped, context);
    }

    @Override
    public boolean lends() {
        return false;
    }

    private byte[] ask(String act, byte[] key, byte[] context) throws IOException {
        var base64 = Base64.getEncoder();
        var request = HttpRequest.newBuilder(URI.create(url + "/" + act))
                .timeout(limit)
                .POST(HttpRequest.BodyPublishers.ofString(
                        base64.encodeToString(context) + "\n" + base64.encodeToString(key) + "\n"))
                .build();
        var answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MAX_ANSWER));
        try {
            // The request's own limit ends with the headers; this one is for all of it.
            var response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200)
                throw new KeyRefusedException(url + " refuses to " + act + ": status " + response.statusCode(), null);
            return Base64.getDecoder().decode(response.body().strip());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new KeyRefusedException(url + " did not answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new KeyRefusedException(url + " cannot be asked: " + e.getCause(), e);
        } catch (IllegalArgumentException e) {
            throw new KeyRefusedException(url + " did not answer with base64", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeyRefusedException("interrupted while asking " + url, e);
        }
    }
}
