package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.EmbeddedBroker.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a bus within the process need not do: connections that break, brokers that die, passwords, certificates.
class MqttBusTest {
    static final String USER = "fleet:$7$101$CNWCHEarSEiYtfqu$ChC6/ZlwqSJI2R0S8eLvh1ytbZpJVs"
            + "2qZSze7bbGSL3xi62H2vGFDh7U+8WwlQAGisBIUVJdPpStK3EX07ZGNg==";

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static World.Live world(EmbeddedBroker broker) {
        return new World.Live("mqtt://127.0.0.1:" + broker.port(), broker::close);
    }

    @Test
    void aBrokerThatWasKilledIsFoundAgainAndAllGoesOn() throws Exception {
        var broker = new Mosquitto(folder);
        try (var world = new World.Live(broker.address(), broker::close)) {
            var vehicle = world.join("vehicle");
            var fleet = world.join("fleet");
            var heard = new TreeSet<String>();
            world.run(() -> {
                vehicle.whenConnected(() -> vehicle.publish(Message.retained("v/connection", bytes("ONLINE"))));
                fleet.subscribe("v/#", (topic, payload) -> heard.add(topic + "=" + text(payload)));
                vehicle.subscribe("v/order", (_, payload) -> vehicle.publish(Message.once("v/state", payload)));
            });
            world.settle(vehicle);
            world.settle(fleet);
            world.run(() -> fleet.publish(Message.once("v/order", bytes("1"))));
            assertTrue(world.until(() -> heard.containsAll(Set.of("v/connection=ONLINE", "v/state=1"))));
            broker.kill();
            assertTrue(world.until(() -> !vehicle.isConnected() && !fleet.isConnected()));
            world.run(heard::clear);
            world.run(() -> fleet.publish(new Message("v/order", bytes("2"), true, false)));
            broker.start();
            assertTrue(world.until(() -> heard.contains("v/connection=ONLINE")), "said again to a broker that forgot");
            world.run(() -> fleet.publish(Message.once("v/order", bytes("3"))));
            assertTrue(world.until(() -> heard.contains("v/state=3")));
            assertEquals(2, fleet.counters().connections());
        }
    }

    /// In order among those of one QoS: mosquitto lets QoS 0 overtake what waits for an acknowledgement.
    @Test
    void whatWasPublishedMeanwhileIsSentInOrder() throws Exception {
        var broker = new Mosquitto(folder);
        try (var world = new World.Live(broker.address(), broker::close);
                var wire = new Wire(broker.port())) {
            var listener = world.join("listener");
            var speaker = world.join(Broker.at(wire.address(), "speaker"));
            var heard = new ArrayList<String>();
            world.run(() -> listener.subscribe("x", (_, payload) -> heard.add(text(payload))));
            world.settle(listener);
            wire.cut(true);
            assertTrue(world.until(() -> !speaker.isConnected()));
            world.run(() -> {
                for (int i = 0; i < 200; i++) speaker.publish(new Message("x", bytes("" + i), i % 2 == 0, false));
            });
            wire.cut(false);
            assertTrue(world.until(() -> heard.size() >= 200));
            for (int parity = 0; parity < 2; parity++) {
                int wanted = parity;
                assertEquals(
                        IntStream.range(0, 200)
                                .filter(i -> i % 2 == wanted)
                                .boxed()
                                .toList(),
                        heard.stream()
                                .map(Integer::valueOf)
                                .filter(i -> i % 2 == wanted)
                                .toList());
            }
            assertEquals(0, speaker.counters().unsent());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theWillIsExecutedWhenTheWireBreaksOrFallsSilentAndNotAfterGoodbye(boolean embedded) throws Exception {
        int port;
        Runnable end;
        if (embedded) {
            var broker = EmbeddedBroker.start(Settings.loopback(0));
            port = broker.port();
            end = broker::close;
        } else {
            var broker = new Mosquitto(folder);
            port = broker.port();
            end = broker::close;
        }
        try (var world = new World.Live("mqtt://127.0.0.1:" + port, end);
                var cut = new Wire(port);
                var silent = new Wire(port)) {
            var fleet = world.join("fleet");
            var heard = new ArrayList<String>();
            world.run(
                    () -> fleet.subscribe("+/connection", (topic, payload) -> heard.add(topic + "=" + text(payload))));
            world.settle(fleet);
            for (var way : List.of(cut, silent)) {
                String name = way == cut ? "cut" : "silent";
                world.join(Broker.at(way.address(), name)
                        .keepAlive(Duration.ofSeconds(1))
                        .will(Message.retained(name + "/connection", bytes("BROKEN"))));
            }
            var polite = world.join(Broker.at("mqtt://127.0.0.1:" + port, "polite")
                    .will(Message.retained("polite/connection", bytes("BROKEN"))));
            polite.publish(Message.retained("polite/connection", bytes("OFFLINE")));
            polite.close();
            cut.cut(true);
            assertTrue(world.until(() -> heard.contains("cut/connection=BROKEN")));
            silent.fallSilent();
            assertTrue(world.until(() -> heard.contains("silent/connection=BROKEN")));
            var late = world.join("late");
            var kept = new TreeSet<String>();
            world.run(() -> late.subscribe("+/connection", (topic, payload) -> kept.add(topic + "=" + text(payload))));
            assertTrue(world.until(() -> kept.size() == 3));
            assertEquals(
                    Set.of("cut/connection=BROKEN", "polite/connection=OFFLINE", "silent/connection=BROKEN"), kept);
        }
    }

    @Test
    void closingSendsWhatWaits() throws Exception {
        try (var world = world(EmbeddedBroker.start(Settings.loopback(0)))) {
            var listener = world.join("listener");
            var speaker = world.join("speaker");
            var heard = new ArrayList<String>();
            world.run(() -> listener.subscribe("x", (_, payload) -> heard.add(text(payload))));
            world.settle(listener);
            for (int i = 0; i < 2_000; i++) speaker.publish(new Message("x", bytes("" + i), true, false));
            speaker.close();
            assertTrue(world.until(() -> heard.contains("1999")));
            assertEquals(
                    IntStream.range(0, 2_000).mapToObj(Integer::toString).collect(Collectors.toSet()),
                    Set.copyOf(heard));
        }
    }

    @Test
    void aHandlerThatThrowsIsLoggedAndTheNextMessageComes() throws Exception {
        try (var world = world(EmbeddedBroker.start(Settings.loopback(0)))) {
            var bus = world.join("member");
            var heard = new ArrayList<String>();
            world.run(() -> {
                bus.subscribe("x", (_, _) -> {
                    throw new IllegalStateException("on purpose: nothing is wrong");
                });
                bus.subscribe("x", (_, payload) -> heard.add(text(payload)));
                for (int i = 0; i < 50; i++) bus.publish(new Message("x", bytes("" + i), true, false));
            });
            assertTrue(
                    world.until(() -> heard.contains("49")), "more than a broker's window of unacknowledged messages");
        }
    }

    @Test
    void largeMessagesPassAndLargerOnesAreRefused() throws Exception {
        try (var world = world(EmbeddedBroker.start(Settings.loopback(0)))) {
            var bus = world.join("member");
            var heard = new ArrayList<Integer>();
            world.run(() -> {
                bus.subscribe("x", (_, payload) -> heard.add(payload.length));
                bus.publish(Message.once("x", new byte[MqttBus.MAX_PAYLOAD]));
            });
            assertTrue(world.until(() -> heard.contains(MqttBus.MAX_PAYLOAD)));
            var refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> bus.publish(Message.once("x", new byte[MqttBus.MAX_PAYLOAD + 1])));
            assertTrue(refused.toString().contains("8388609"), refused.toString());
        }
    }

    @Test
    void onlyWhoHasThePasswordAndTrustsTheCertificateComesIn() throws Exception {
        var users = Files.writeString(folder.resolve("users"), USER + "\n");
        var identity = Identities.make(folder, "broker");
        var stranger = Identities.make(folder, "stranger");
        var broker = EmbeddedBroker.start(
                new Settings("127.0.0.1", 0, Optional.of(users), Optional.of(identity), Optional.empty()));
        String address = "mqtts://127.0.0.1:" + broker.port();
        try (var world = new World.Live(address, broker::close)) {
            var member = world.join(Broker.at(address, "member")
                    .trusting(identity.certificates())
                    .login("fleet", "secret"));
            var heard = new ArrayList<String>();
            world.run(() -> {
                member.subscribe("x", (_, payload) -> heard.add(text(payload)));
                member.publish(Message.once("x", bytes("hello")));
            });
            assertTrue(world.until(() -> heard.contains("hello")));

            var plain = Broker.at("mqtt://127.0.0.1:" + broker.port(), "outsider");
            var trusting = Broker.at(address, "outsider").trusting(identity.certificates());
            for (var outsider : List.of(
                    trusting,
                    trusting.login("fleet", "wrong"),
                    trusting.login("nobody", "secret"),
                    Broker.at(address, "outsider").login("fleet", "secret"),
                    Broker.at(address, "outsider")
                            .trusting(stranger.certificates())
                            .login("fleet", "secret"),
                    Broker.at("mqtts://localhost:" + broker.port(), "outsider")
                            .trusting(identity.certificates())
                            .login("fleet", "secret"),
                    plain.login("fleet", "secret"))) {
                var refusals = new ConcurrentLinkedQueue<String>();
                try (var _ = listen(refusals);
                        var bus = new MqttBus(world.timeline, outsider)) {
                    assertTrue(world.until(() -> !refusals.isEmpty()), outsider.toString());
                    assertEquals(0, bus.counters().connections(), outsider.toString());
                    assertFalse(refusals.toString().contains("secret"), refusals.toString());
                }
            }
        }
        assertThrows(
                IOException.class,
                () -> new MqttBus(
                        new SimulatedTimeline(java.time.Instant.EPOCH),
                        Broker.at(address, "member").trusting(identity.key())));
    }

    /// What [MqttBus] logs of lost connections, until closed.
    private static Listening listen(ConcurrentLinkedQueue<String> said) {
        var logger = Logger.getLogger(MqttBus.class.getName());
        var handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                var parameters = record.getParameters();
                if (record.getMessage().contains("is away"))
                    said.add(List.of(parameters).toString());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        return () -> logger.removeHandler(handler);
    }

    @FunctionalInterface
    private interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    @Test
    void anEmbeddedBrokerWithAFolderRemembersAndOneWithoutForgets() throws Exception {
        for (var kept : List.of(Optional.of(folder.resolve("broker")), Optional.<Path>empty())) {
            var settings = new Settings("127.0.0.1", 0, Optional.empty(), Optional.empty(), kept);
            try (var world = world(EmbeddedBroker.start(settings))) {
                var bus = world.join("first");
                bus.publish(Message.retained("v/connection", bytes("ONLINE")));
                world.settle(bus);
            }
            try (var world = world(EmbeddedBroker.start(settings))) {
                var bus = world.join("second");
                var heard = new ArrayList<String>();
                world.run(() -> bus.subscribe("#", (topic, _) -> heard.add(topic)));
                world.run(() -> bus.publish(new Message("end", bytes(""), true, false)));
                assertTrue(world.until(() -> heard.contains("end")));
                assertEquals(kept.isPresent(), heard.contains("v/connection"));
            }
        }
    }

    @Test
    void anEmbeddedBrokerIsOpenToNobodyOutsideUnlessItHasUsers() throws Exception {
        for (String host : List.of("0.0.0.0", "192.0.2.1")) {
            var settings = new Settings(host, 0, Optional.empty(), Optional.empty(), Optional.empty());
            var refused = assertThrows(IllegalArgumentException.class, () -> EmbeddedBroker.start(settings));
            assertTrue(refused.toString().contains(host), refused.toString());
        }
        try (var first = EmbeddedBroker.start(Settings.loopback(0))) {
            assertThrows(IOException.class, () -> EmbeddedBroker.start(Settings.loopback(first.port())));
        }
    }

    @Test
    void addressesThatAreNoneAreRefused() {
        for (String address : List.of("http://127.0.0.1", "127.0.0.1:1883", "mqtt:127.0.0.1", "mqtt://user:pw@host"))
            assertThrows(IllegalArgumentException.class, () -> Broker.at(address, "member"), address);
        assertEquals(1883, Broker.at("mqtt://host", "member").port());
        assertEquals(8883, Broker.at("mqtts://host", "member").port());
        var broker = Broker.at("mqtt://host", "member");
        assertThrows(IllegalArgumentException.class, () -> broker.keepAlive(Duration.ofMillis(999)));
        assertThrows(IllegalArgumentException.class, () -> broker.will(Message.retained("a/#", bytes(""))));
    }

    @Test
    void aGreeterThatThrowsSilencesNobody() throws Exception {
        int port;
        try (var broker = EmbeddedBroker.start(Settings.loopback(0))) {
            port = broker.port();
        }
        try (var timeline = new LiveTimeline("member");
                var bus = new MqttBus(timeline, Broker.at("mqtt://127.0.0.1:" + port, "member"))) {
            var heard = new CountDownLatch(2);
            timeline.post(() -> {
                bus.subscribe("x", (_, _) -> heard.countDown());
                bus.whenConnected(() -> {
                    throw new IllegalStateException("on purpose: nothing is wrong");
                });
                bus.whenConnected(() -> bus.publish(new Message("x", bytes("greeting"), true, false)));
                bus.publish(new Message("x", bytes("what waited"), true, false));
            });
            try (var broker = EmbeddedBroker.start(Settings.loopback(port))) {
                assertTrue(heard.await(30, TimeUnit.SECONDS), "on port " + broker.port());
            }
        }
    }
}
