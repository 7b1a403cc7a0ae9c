package org.diwan.robots.bus;

import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import io.moquette.broker.security.IAuthenticator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// An MQTT broker (3.1.1) within this process, Moquette, for a fleet that has none: a building runs on one
/// process, and any other broker can take its place.
///
/// It sends no telemetry and keeps nothing unless it is given a folder. What is sent at most once it drops where
/// a subscriber is more than 64 KiB behind what its socket holds.
public final class EmbeddedBroker implements AutoCloseable {
    /// Commands that may wait for one of its threads; what comes faster is refused. Moquette's own 1,024 are
    /// fewer than one message of each of 1,000 vehicles and its acknowledgement.
    private static final int QUEUE = 65_536;

    /// A message is its payload and the name of its topic.
    private static final int MAX_BYTES = MqttBus.MAX_PAYLOAD + Topics.MAX_BYTES + 16;

    /// Ports that are tried where any will do.
    private static final int PORTS = 10;

    /// Moquette logs each connection as INFO. Held here, since loggers are forgotten with their levels.
    private static final Logger MOQUETTE = Logger.getLogger("io.moquette");

    /// How it listens.
    ///
    /// @param host the address; beyond loopback only with users
    /// @param port 0: any that is free
    /// @param users a file as `mosquitto_passwd` writes it; empty: everybody may come
    /// @param identity certificates and key in PEM: TLS and nothing else is spoken; empty: no TLS
    /// @param folder where retained messages and sessions are kept; empty: nowhere
    public record Settings(
            String host, int port, Optional<Path> users, Optional<Identity> identity, Optional<Path> folder) {
        /// Loopback, without users, TLS and memory.
        public static Settings loopback(int port) {
            return new Settings("127.0.0.1", port, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /// Who the broker is.
    ///
    /// @param certificates its own first, then those that signed it, PEM
    /// @param key its private key, PKCS #8 in PEM, without password
    public record Identity(Path certificates, Path key) {}

    private final Server server = new Server();
    private final int port;

    private EmbeddedBroker(int port) {
        this.port = port;
    }

    /// A broker that listens.
    ///
    /// @throws IOException if it cannot listen there, or a file cannot be read
    /// @throws IllegalArgumentException if anybody could come from outside
    public static EmbeddedBroker start(Settings settings) throws IOException {
        if (settings.users().isEmpty()
                && !InetAddress.getByName(settings.host()).isLoopbackAddress())
            throw new IllegalArgumentException("a broker on " + settings.host()
                    + " commands vehicles for whoever reaches it: give it users, or let it listen on 127.0.0.1");
        if (MOQUETTE.getLevel() == null) MOQUETTE.setLevel(Level.WARNING);
        IAuthenticator users =
                settings.users().isPresent() ? Passwords.read(settings.users().get())::accepts : (_, _, _) -> true;
        var identity = tls(settings.identity());
        if (settings.port() != 0) return at(settings.port(), settings, users, identity);
        for (int attempt = 1; ; attempt++) {
            try {
                return at(free(settings.host()), settings, users, identity);
            } catch (IOException e) {
                // Another process took the port that was free.
                if (attempt == PORTS) throw e;
            }
        }
    }

    private static EmbeddedBroker at(int port, Settings settings, IAuthenticator users, @Nullable SslContext identity)
            throws IOException {
        var broker = new EmbeddedBroker(port);
        try {
            var wills = new RetainedWills(broker.server);
            broker.server.startServer(configuration(settings, port), List.of(wills), () -> identity, users, null);
            return broker;
        } catch (IOException | RuntimeException e) {
            broker.server.stopServer();
            throw new IOException("no broker on " + settings.host() + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /// Moquette would choose a port itself, but it notes which in a map that is not made for two threads, where
    /// asking for it can make it forget.
    private static int free(String host) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        }
    }

    private static @Nullable SslContext tls(Optional<Identity> identity) throws IOException {
        if (identity.isEmpty()) return null;
        var files = identity.get();
        try {
            return SslContextBuilder.forServer(
                            files.certificates().toFile(), files.key().toFile())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException(files + " are no certificates and key in PEM: " + e.getMessage(), e);
        }
    }

    private static MemoryConfig configuration(Settings settings, int listens) {
        var properties = new Properties();
        boolean secure = settings.identity().isPresent();
        String port = Integer.toString(listens);
        properties.setProperty(IConfig.HOST_PROPERTY_NAME, settings.host());
        properties.setProperty(IConfig.PORT_PROPERTY_NAME, secure ? "disabled" : port);
        if (secure) properties.setProperty(IConfig.SSL_PORT_PROPERTY_NAME, port);
        properties.setProperty(
                IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME,
                Boolean.toString(settings.users().isEmpty()));
        properties.setProperty(IConfig.ENABLE_TELEMETRY_NAME, "false");
        properties.setProperty(IConfig.SESSION_QUEUE_SIZE, Integer.toString(QUEUE));
        properties.setProperty(IConfig.NETTY_MAX_BYTES_PROPERTY_NAME, Integer.toString(MAX_BYTES));
        properties.setProperty(
                IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME,
                Boolean.toString(settings.folder().isPresent()));
        settings.folder().ifPresent(folder -> {
            properties.setProperty(IConfig.DATA_PATH_PROPERTY_NAME, folder.toString());
            properties.setProperty(IConfig.PERSISTENT_QUEUE_TYPE_PROPERTY_NAME, "h2");
        });
        return new MemoryConfig(properties);
    }

    /// Where it listens.
    public int port() {
        return port;
    }

    /// Ends all connections; wills are not executed.
    @Override
    public void close() {
        server.stopServer();
    }
}
