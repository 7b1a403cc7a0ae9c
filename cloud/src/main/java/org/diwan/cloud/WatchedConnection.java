package org.diwan.cloud;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// A client's connection, which notices that the client hung up while its answer is made.
///
/// Before the first byte of an answer nothing is written to the client, and of an answer in one piece
/// nothing until its end: a closed connection would show only then. So a thread reads ahead
/// meanwhile. The end of the connection shows at once; bytes are the start of the next request, and
/// are handed to whoever reads it. Nobody else reads until then, so there is one reader at a time.
/// A client that closes only its sending side counts as gone too.
///
/// Belongs to the connection's thread, on which Helidon answers all its requests.
final class WatchedConnection implements ConnectionContext {
    private static final ThreadLocal<@Nullable WatchedConnection> CURRENT = new ThreadLocal<>();

    private final ConnectionContext connection;
    private final DataReader reader = DataReader.create(this::next);
    private @Nullable CompletableFuture<byte[]> ahead;

    private WatchedConnection(ConnectionContext connection) {
        this.connection = connection;
    }

    /// Makes every connection of a server a watched one.
    static ServerConnectionSelector selector() {
        var http =
                Http1ConnectionSelector.builder().config(Http1Config.create()).build();
        return new ServerConnectionSelector() {
            @Override
            public ServerConnection connection(ConnectionContext context) {
                var watched = new WatchedConnection(context);
                CURRENT.set(watched);
                return http.connection(watched);
            }

            @Override
            public int bytesToIdentifyConnection() {
                return http.bytesToIdentifyConnection();
            }

            @Override
            public Support supports(BufferData data) {
                return http.supports(data);
            }

            @Override
            public Set<String> supportedApplicationProtocols() {
                return http.supportedApplicationProtocols();
            }
        };
    }

    /// The connection whose request this thread answers.
    static WatchedConnection current() {
        var current = CURRENT.get();
        if (current == null) throw new IllegalStateException("this thread answers no request");
        return current;
    }

    /// Calls `hungUp` from another thread when the client hangs up before its next request. The body
    /// of the present request must have been read to its end.
    void watch(Runnable hungUp) {
        if (ahead == null)
            ahead = CompletableFuture.supplyAsync(
                    this::read,
                    task -> Thread.ofVirtual().name("diwan-read-ahead").start(task));
        var _ = ahead.whenComplete((bytes, end) -> {
            if (end != null) hungUp.run();
        });
    }

    /// @throws RuntimeException of Helidon's at the end of the connection, whatever ended it
    private byte[] read() {
        var source = connection.dataReader();
        source.ensureAvailable();
        return source.readBytes(source.available());
    }

    private byte @Nullable [] next() {
        var reading = ahead;
        if (reading == null) return read();
        try {
            byte[] bytes = reading.get();
            ahead = null;
            return bytes;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException end) throw end;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null; // the server stops: as if the client had closed
        }
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public ListenerContext listenerContext() {
        return connection.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return connection.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return connection.dataWriter();
    }

    @Override
    public Router router() {
        return connection.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return connection.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return connection.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return connection.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return connection.localPeer();
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }

    @Override
    public String socketId() {
        return connection.socketId();
    }

    @Override
    public String childSocketId() {
        return connection.childSocketId();
    }
}
