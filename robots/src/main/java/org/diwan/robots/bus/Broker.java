package org.diwan.robots.bus;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import org.diwan.robots.bus.Bus.Message;

/// A broker and how this side of the connection presents itself.
///
/// @param address `mqtt://host:port` or, with TLS, `mqtts://host:port`; the ports are 1883 and 8883 unless said
/// @param client the session's name, unique at the broker: who comes with the same name ends the other's session
/// @param login if the broker wants to know
/// @param authorities certificates (PEM) that may have signed the broker's; empty: those the JDK trusts
/// @param keepAlive the longest silence: a broker that hears nothing for 1.5 times that calls it broken (MQTT
///     3.1.1, §3.1.2.10); whole seconds, 1 to 65,535
/// @param will what the broker says to all in this side's place when the connection breaks without goodbye
public record Broker(
        URI address,
        String client,
        Optional<Login> login,
        Optional<Path> authorities,
        Duration keepAlive,
        Optional<Message> will) {
    /// Without a will, silence is short enough to notice a broker that is gone.
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /// Who.
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    public Broker {
        String scheme = address.getScheme();
        if (address.getHost() == null || !("mqtt".equals(scheme) || "mqtts".equals(scheme)))
            throw new IllegalArgumentException("broker " + address + ", must be mqtt://host:port or mqtts://host:port");
        if (address.getUserInfo() != null)
            throw new IllegalArgumentException("a broker's address shows in logs: give user and password apart");
        if (keepAlive.toSeconds() < 1 || keepAlive.toSeconds() > 65_535)
            throw new IllegalArgumentException("a keep-alive of " + keepAlive + ", must be 1 s to 65,535 s");
        if (client.isEmpty()) throw new IllegalArgumentException("a client without a name");
        will.ifPresent(message -> Topics.checkTopic(message.topic()));
    }

    /// The broker at `address` as `client`, without login and will.
    public static Broker at(String address, String client) {
        return new Broker(
                URI.create(address), client, Optional.empty(), Optional.empty(), KEEP_ALIVE, Optional.empty());
    }

    /// The same with a login.
    public Broker login(String user, String password) {
        return new Broker(address, client, Optional.of(new Login(user, password)), authorities, keepAlive, will);
    }

    /// The same, trusting only whom `certificates` (PEM) signed.
    public Broker trusting(Path certificates) {
        return new Broker(address, client, login, Optional.of(certificates), keepAlive, will);
    }

    /// The same with another keep-alive.
    public Broker keepAlive(Duration next) {
        return new Broker(address, client, login, authorities, next, will);
    }

    /// The same with a will.
    public Broker will(Message message) {
        return new Broker(address, client, login, authorities, keepAlive, Optional.of(message));
    }

    boolean isSecure() {
        return address.getScheme().equals("mqtts");
    }

    int port() {
        if (address.getPort() >= 0) return address.getPort();
        return isSecure() ? 8883 : 1883;
    }

    /// @throws IOException if the authorities cannot be read or are no certificates
    MqttClientSslConfig security() throws IOException {
        var trusted = authorities.isPresent() ? trust(authorities.get()) : null;
        return MqttClientSslConfig.builder().trustManagerFactory(trusted).build();
    }

    private static TrustManagerFactory trust(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in))
                store.setCertificateEntry("authority " + store.size(), certificate);
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no certificates in PEM: " + e.getMessage(), e);
        }
    }

    Mqtt3Connect hello() {
        return Mqtt3Connect.builder()
                .cleanSession(true)
                .keepAlive((int) keepAlive.toSeconds())
                .simpleAuth(login.map(Broker::credentials).orElse(null))
                .willPublish(will.map(Broker::packet).orElse(null))
                .build();
    }

    private static Mqtt3SimpleAuth credentials(Login as) {
        return Mqtt3SimpleAuth.builder()
                .username(as.user())
                .password(as.password().getBytes(StandardCharsets.UTF_8))
                .build();
    }

    static Mqtt3Publish packet(Message message) {
        return Mqtt3Publish.builder()
                .topic(message.topic())
                .payload(message.payload())
                .qos(message.atLeastOnce() ? MqttQos.AT_LEAST_ONCE : MqttQos.AT_MOST_ONCE)
                .retain(message.retained())
                .build();
    }
}
