package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.bus.Broker;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.EmbeddedBroker;
import org.diwan.robots.bus.LiveTimeline;
import org.diwan.robots.bus.MqttBus;

/// `bench robots bus`: what goes through a broker, and how long it takes: messages in a second, orders while
/// every vehicle says how it is, and a stop to all of them. Each vehicle has a connection of its own.
final class BusBench {
    /// Bytes of an order of ten nodes, and of a state.
    private static final int ORDER = 3_000;

    private static final int STATE = 1_500;

    /// Sent and not yet arrived, in the first measurement: what a connection of Moquette holds (64 KiB) without
    /// dropping any.
    private static final int WINDOW = 40;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private BusBench() {}

    static int run(Options options, PrintStream out) throws Exception {
        int vehicles = options.number("robots", 110, 1, 2_000);
        int seconds = options.number("seconds", 5, 1, 600);
        var result = new LinkedHashMap<String, Object>();
        result.put("machine", Machine.name());
        String given = options.named().get("broker");
        result.put("broker", given == null ? "embedded" : given);
        if (given == null) {
            try (var broker = EmbeddedBroker.start(EmbeddedBroker.Settings.loopback(0))) {
                measure("mqtt://127.0.0.1:" + broker.port(), vehicles, seconds, result);
            }
        } else {
            measure(given, vehicles, seconds, result);
        }
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        else result.forEach((name, value) -> out.println(name + ": " + value));
        return 0;
    }

    private static void measure(String broker, int vehicles, int seconds, Map<String, Object> result) throws Exception {
        throughput(broker, 2, true); // cold code is slow code
        result.put("messagesPerSecondAtMostOnce", throughput(broker, seconds, false));
        result.put("messagesPerSecondAtLeastOnce", throughput(broker, seconds, true));
        try (var control = new LiveTimeline("control");
                var traffic = new LiveTimeline("vehicles");
                var fleet = new MqttBus(control, Broker.at(broker, "fleet"))) {
            var fleets = new ArrayList<MqttBus>();
            for (int v = 0; v < vehicles; v++) fleets.add(new MqttBus(traffic, Broker.at(broker, "vehicle-" + v)));
            try {
                result.put("vehicles", vehicles);
                orders(fleet, control, fleets, traffic, seconds, result);
                stops(fleet, fleets, traffic, result);
            } finally {
                for (var one : fleets) one.close();
            }
        }
    }

    private static long throughput(String broker, int seconds, boolean atLeastOnce) throws Exception {
        try (var near = new LiveTimeline("sender");
                var far = new LiveTimeline("receiver");
                var sender = new MqttBus(near, Broker.at(broker, "sender"));
                var receiver = new MqttBus(far, Broker.at(broker, "receiver"))) {
            var window = new Semaphore(WINDOW);
            var arrived = new AtomicLong();
            far.post(() -> receiver.subscribe("bench/+", (_, _) -> {
                arrived.incrementAndGet();
                window.release();
            }));
            ready(far, List.of(receiver));
            long start = System.nanoTime();
            long end = start + TimeUnit.SECONDS.toNanos(seconds);
            byte[] payload = new byte[STATE];
            for (int i = 0; System.nanoTime() < end; i++) {
                // What was lost would stop it all: after a second it goes on.
                if (!window.tryAcquire(1, TimeUnit.SECONDS)) window.release(WINDOW);
                else sender.publish(new Message("bench/" + i % 100, payload, atLeastOnce, false));
            }
            return Math.round(arrived.get() * 1e9 / (System.nanoTime() - start));
        }
    }

    /// Waits until each is connected and all its subscriptions are answered: nothing is sent before.
    private static void ready(LiveTimeline timeline, List<MqttBus> members) throws Exception {
        var ready = new CountDownLatch(members.size());
        timeline.post(() -> {
            for (int i = 0; i < members.size(); i++) {
                var member = members.get(i);
                String topic = "ready/" + timeline.hashCode() + "/" + i;
                var once = new Bus.Subscription[1];
                once[0] = member.subscribe(topic, (_, _) -> {
                    once[0].close();
                    ready.countDown();
                });
                member.publish(new Message(topic, new byte[0], true, false));
            }
        });
        if (!ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
            throw new IOException("the broker did not answer in " + PATIENCE.toSeconds() + " s");
    }

    /// A hundred orders a second, to one vehicle after the other by chance, while each says once a second how it is.
    private static void orders(
            MqttBus fleet,
            LiveTimeline control,
            List<MqttBus> vehicles,
            LiveTimeline traffic,
            int seconds,
            Map<String, Object> result)
            throws Exception {
        int count = 100 * seconds;
        var sent = new long[count];
        var took = new long[count];
        var left = new CountDownLatch(count);
        var states = new AtomicLong();
        control.post(() -> fleet.subscribe("bench/+/state", (_, _) -> states.incrementAndGet()));
        traffic.post(() -> {
            for (int v = 0; v < vehicles.size(); v++) {
                var vehicle = vehicles.get(v);
                vehicle.subscribe("bench/" + v + "/order", (_, payload) -> {
                    int number = ByteBuffer.wrap(payload).getInt();
                    took[number] = System.nanoTime() - sent[number];
                    left.countDown();
                });
                String topic = "bench/" + v + "/state";
                var offset = Duration.ofMillis(1_000L * v / vehicles.size());
                traffic.after(
                        offset,
                        () -> traffic.every(
                                Duration.ofSeconds(1), () -> vehicle.publish(Message.once(topic, new byte[STATE]))));
            }
        });
        ready(control, List.of(fleet));
        ready(traffic, vehicles);
        var random = new SplittableRandom(1);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            TimeUnit.NANOSECONDS.sleep(start + i * 10_000_000L - System.nanoTime());
            int number = i;
            byte[] order = new byte[ORDER];
            ByteBuffer.wrap(order).putInt(number);
            int to = random.nextInt(vehicles.size());
            control.post(() -> {
                sent[number] = System.nanoTime();
                fleet.publish(Message.once("bench/" + to + "/order", order));
            });
        }
        if (!left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
            throw new IOException(left.getCount() + " of " + count + " orders did not arrive");
        Arrays.sort(took);
        result.put("orders", count);
        result.put("orderMillisP50", millis(took[count / 2]));
        result.put("orderMillisP99", millis(took[count * 99 / 100]));
        result.put("orderMillisMax", millis(took[count - 1]));
        result.put("statesMeanwhile", states.get());
    }

    /// From the call to the last vehicle's handler, twenty times.
    private static void stops(MqttBus fleet, List<MqttBus> vehicles, LiveTimeline traffic, Map<String, Object> result)
            throws Exception {
        var round = new CountDownLatch[1];
        traffic.post(() -> {
            for (int v = 0; v < vehicles.size(); v++)
                vehicles.get(v).subscribe("bench/" + v + "/instantActions", (_, _) -> round[0].countDown());
        });
        ready(traffic, vehicles);
        var took = new long[20];
        for (int i = 0; i < took.length; i++) {
            round[0] = new CountDownLatch(vehicles.size());
            long start = System.nanoTime();
            for (int v = 0; v < vehicles.size(); v++)
                fleet.publish(Message.once("bench/" + v + "/instantActions", new byte[300]));
            if (!round[0].await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                throw new IOException("a stop did not reach " + round[0].getCount() + " vehicles");
            took[i] = System.nanoTime() - start;
            Thread.sleep(200);
        }
        Arrays.sort(took);
        result.put("stopMillisMedian", millis(took[took.length / 2]));
        result.put("stopMillisMax", millis(took[took.length - 1]));
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e4) / 1e2;
    }
}
