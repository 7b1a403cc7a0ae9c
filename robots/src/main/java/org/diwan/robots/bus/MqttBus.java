package org.diwan.robots.bus;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.diwan.robots.bus.Arrivals.Arrival;
import org.jspecify.annotations.Nullable;

/// A bus over an MQTT broker (3.1.1): QoS 0 is at most once, QoS 1 at least once.
///
/// It connects by itself, and again whenever the connection is lost, after a while that doubles from
/// [#FIRST_RETRY] to [#LAST_RETRY] and is shortened by up to half by chance, so that a fleet does not come back
/// in one instant. Each connection is a new session: it subscribes to all that is subscribed, then calls those
/// whom [#whenConnected] named, then sends what waited. What others sent meanwhile comes only if it is retained.
///
/// Nothing is sent while a subscription is unanswered, so what follows from a message cannot be missed. Where
/// several filters name a topic its messages may come once for each, and a new subscription may bring what is
/// retained to the older ones again.
///
/// Owned by the timeline's thread, but for [#publish], [#counters] and [#close], which any thread may call.
public final class MqttBus implements Bus, AutoCloseable {
    /// The largest payload that is taken or sent.
    public static final int MAX_PAYLOAD = 8 << 20;

    /// From the first loss to the next try.
    public static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /// The longest time between two tries.
    public static final Duration LAST_RETRY = Duration.ofSeconds(10);

    /// For a TCP connection, for the broker's answer on it, and for the last messages before goodbye.
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Handled in one go before other work on the timeline has its turn.
    private static final int BATCH = 64;

    private static final System.Logger LOG = System.getLogger(MqttBus.class.getName());

    /// What happened since the start.
    ///
    /// @param sent messages that are with the broker
    /// @param received messages that came
    /// @param unsent of those sent at most once: dropped because the broker was away
    /// @param unhandled of those received: dropped because they came faster than they could be handled
    /// @param oversized of those received: larger than [MqttBus#MAX_PAYLOAD]
    /// @param connections times that the broker was reached
    public record Counters(long sent, long received, long unsent, long unhandled, long oversized, long connections) {}

    private final class Subscriber implements Subscription {
        final String filter;
        final Handler handler;
        boolean closed;

        Subscriber(String filter, Handler handler) {
            this.filter = filter;
            this.handler = handler;
        }

        @Override
        public void close() {
            if (closed) return;
            closed = true;
            subscribers.remove(filter, this);
            int left = filters.merge(filter, -1, Integer::sum);
            if (left > 0) return;
            filters.remove(filter);
            var current = client;
            if (connected && current != null) {
                var unused = current.unsubscribeWith().topicFilter(filter).send();
            }
        }
    }

    private final Timeline timeline;
    private final Broker broker;
    private final MqttClientSslConfig security;
    private final SplittableRandom random = new SplittableRandom();
    private final TopicTree<Subscriber> subscribers = new TopicTree<>();
    /// How many subscribers each has.
    private final Map<String, Integer> filters = new LinkedHashMap<>();

    private final List<Runnable> greeters = new ArrayList<>();
    private final Outbox outbox = new Outbox();
    private final Arrivals arrivals = new Arrivals();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong oversized = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    /// The number of the current connection; what an earlier one reports counts no more.
    private volatile int attempt;

    private int unanswered;
    private int failures;
    private volatile @Nullable Mqtt3AsyncClient client;
    private volatile boolean connected;
    private volatile boolean closed;

    /// A bus over `broker` whose handlers run on `timeline`. It begins to connect at once, and waits for nothing.
    ///
    /// @throws IOException if the broker's authorities cannot be read
    public MqttBus(Timeline timeline, Broker broker) throws IOException {
        this.timeline = timeline;
        this.broker = broker;
        security = broker.security();
        timeline.post(this::connect);
    }

    private synchronized void connect() {
        if (closed) return;
        int now = ++attempt;
        var next = MqttClient.builder()
                .useMqttVersion3()
                .identifier(broker.client())
                .transportConfig()
                .serverHost(broker.address().getHost())
                .serverPort(broker.port())
                .sslConfig(broker.isSecure() ? security : null)
                .socketConnectTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .mqttConnectTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .applyTransportConfig()
                .addConnectedListener(_ -> timeline.post(() -> welcome(now)))
                .addDisconnectedListener(context -> timeline.post(() -> lost(now, context.getCause())))
                .buildAsync();
        next.publishes(MqttGlobalPublishFilter.ALL, publish -> arrive(now, publish), Runnable::run, true);
        client = next;
        var unused = next.connect(broker.hello());
    }

    private void welcome(int of) {
        if (of != attempt || closed) return;
        LOG.log(Level.INFO, "connected to {0} as {1}", broker.address(), broker.client());
        connected = true;
        failures = 0;
        connections.incrementAndGet();
        unanswered = 1;
        for (String filter : filters.keySet()) request(filter);
        for (var greeter : List.copyOf(greeters)) greet(greeter);
        answered(of, "", null);
    }

    private static void greet(Runnable greeter) {
        try {
            greeter.run();
        } catch (RuntimeException | AssertionError e) {
            LOG.log(Level.ERROR, "what is to be said on connecting was not", e);
        }
    }

    private void request(String filter) {
        int of = attempt;
        unanswered++;
        outbox.connection(null);
        var unused = current()
                .subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .whenComplete((_, failure) -> timeline.post(() -> answered(of, filter, failure)));
    }

    private void answered(int of, String filter, @Nullable Throwable failure) {
        if (of != attempt) return;
        if (failure != null) LOG.log(Level.ERROR, "no subscription of {0}: {1}", filter, failure.getMessage());
        if (--unanswered == 0) outbox.connection(message -> send(of, message));
    }

    private CompletionStage<?> send(int of, Message message) {
        return current().publish(Broker.packet(message)).whenComplete((_, failure) -> {
            if (failure != null) timeline.post(() -> lost(of, failure));
        });
    }

    private Mqtt3AsyncClient current() {
        return Objects.requireNonNull(client, "nothing is sent before the first connection");
    }

    private synchronized void lost(int of, Throwable cause) {
        if (of != attempt || closed) return;
        attempt++;
        connected = false;
        outbox.connection(null);
        var unused = current().disconnect();
        long longest = FIRST_RETRY.toMillis() << Math.min(failures++, 16);
        long wait = Math.min(longest, LAST_RETRY.toMillis());
        wait -= random.nextLong(wait / 2);
        var level = failures == 1 ? Level.WARNING : Level.DEBUG;
        LOG.log(level, "{0} is away, tried again in {1} ms: {2}", broker.address(), wait, cause.getMessage());
        timeline.after(Duration.ofMillis(wait), this::connect);
    }

    /// Runs on the connection's thread.
    private void arrive(int of, Mqtt3Publish publish) {
        byte[] payload = publish.getPayloadAsBytes();
        if (payload.length > MAX_PAYLOAD) {
            oversized.incrementAndGet();
            publish.acknowledge();
            return;
        }
        Runnable handled = publish.getQos() == MqttQos.AT_MOST_ONCE ? null : publish::acknowledge;
        if (!arrivals.add(new Arrival(of, publish.getTopic().toString(), payload, handled)))
            timeline.post(() -> lost(of, new IOException("it sent more unacknowledged messages than there is room")));
        if (draining.compareAndSet(false, true)) timeline.post(this::drain);
    }

    private void drain() {
        draining.set(false);
        for (int i = 0; i < BATCH; i++) {
            var arrival = arrivals.poll();
            if (arrival == null) return;
            for (var subscriber : subscribers.matching(arrival.topic())) handle(subscriber, arrival);
            var handled = arrival.handled();
            if (handled != null && arrival.connection() == attempt) handled.run();
        }
        if (!arrivals.isEmpty() && draining.compareAndSet(false, true)) timeline.post(this::drain);
    }

    private static void handle(Subscriber subscriber, Arrival arrival) {
        if (subscriber.closed) return;
        try {
            subscriber.handler.on(arrival.topic(), arrival.payload());
        } catch (RuntimeException | AssertionError e) {
            LOG.log(Level.ERROR, "a message on " + arrival.topic() + " was not handled", e);
        }
    }

    /// @throws IllegalArgumentException if the topic is none, or the payload larger than [#MAX_PAYLOAD]
    /// @throws IllegalStateException if the broker is away and more wait than [Outbox#MAX_WAITING], all of which
    ///     are to be sent at least once
    @Override
    public void publish(Message message) {
        Topics.checkTopic(message.topic());
        int size = message.payload().length;
        if (size > MAX_PAYLOAD)
            throw new IllegalArgumentException(
                    "a payload of " + size + " bytes on " + message.topic() + ", the limit is " + MAX_PAYLOAD);
        outbox.add(message);
    }

    @Override
    public Subscription subscribe(String filter, Handler handler) {
        var subscriber = new Subscriber(Topics.checkFilter(filter), handler);
        subscribers.add(filter, subscriber);
        filters.merge(filter, 1, Integer::sum);
        if (connected) request(filter);
        return subscriber;
    }

    /// Calls `greeter` each time that the broker is reached, before what waited is sent; at once if it is there.
    /// What has to be said again after a last will is said here.
    public void whenConnected(Runnable greeter) {
        greeters.add(greeter);
        if (connected) greeter.run();
    }

    /// Whether the broker is there, as far as is known.
    public boolean isConnected() {
        return connected;
    }

    /// What happened since the start.
    public Counters counters() {
        return new Counters(
                outbox.sent(),
                arrivals.received(),
                outbox.dropped(),
                arrivals.dropped(),
                oversized.get(),
                connections.get());
    }

    /// Sends what waits if the broker is there, for at most [#PATIENCE], and says goodbye: no will is executed.
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        var current = client;
        if (current == null) return;
        try {
            if (connected && !outbox.await(PATIENCE))
                LOG.log(Level.WARNING, "goodbye to {0} with {1} messages unsent", broker.address(), outbox.size());
            connected = false;
            current.disconnect().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "no goodbye to {0}: {1}", broker.address(), e.getMessage());
        }
        outbox.connection(null);
    }
}
