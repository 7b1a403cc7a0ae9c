package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.diwan.robots.bus.Bus.Message;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is built on a bus may count on the same of all of them: the simulated one, and those over brokers, of
/// which mosquitto is the oracle for what the words of MQTT mean.
class BusContractTest {
    enum Kind {
        LOCAL,
        EMBEDDED,
        MOSQUITTO
    }

    @TempDir
    Path folder;

    private World world(Kind kind) throws Exception {
        return switch (kind) {
            case LOCAL -> new World.Simulated();
            case EMBEDDED -> {
                var broker = EmbeddedBroker.start(EmbeddedBroker.Settings.loopback(0));
                yield new World.Live("mqtt://127.0.0.1:" + broker.port(), broker::close);
            }
            case MOSQUITTO -> {
                var broker = new Mosquitto(folder);
                yield new World.Live(broker.address(), broker::close);
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void filtersNameTheSameTopicsEverywhere(Kind kind) throws Exception {
        var filters = List.of(
                "#", "+", "a", "a/#", "a/+", "a/b", "+/b", "+/+", "a//c", "a/+/c", "+/+/+", "/a", "/+", "+/", "a/b/c/#",
                "é/ü");
        var topics = List.of("a", "a/b", "a/", "/a", "/", "a//c", "a/b/c", "b/b", "a/b/c/d", "é/ü", "$diwan/x", "A/b");
        try (var world = world(kind)) {
            var heard = new HashMap<String, Set<String>>();
            var members = new ArrayList<Bus>();
            for (String filter : filters) {
                var mine = new TreeSet<String>();
                heard.put(filter, mine);
                var bus = world.join("member " + filters.indexOf(filter));
                members.add(bus);
                world.run(() -> bus.subscribe("end", (topic, _) -> mine.add(topic)));
                world.run(() -> bus.subscribe(filter, (topic, _) -> {
                    if (!topic.equals("settle")) mine.add(topic);
                }));
            }
            for (var bus : members) world.settle(bus);
            var speaker = world.join("speaker");
            world.run(() -> {
                for (String topic : topics) speaker.publish(Message.once(topic, bytes("x")));
            });
            world.run(() -> speaker.publish(new Message("end", bytes("x"), true, false)));
            assertTrue(world.until(() -> heard.values().stream().allMatch(each -> each.contains("end"))));
            for (String filter : filters) {
                var expected = topics.stream()
                        .filter(topic -> Topics.matches(filter, topic))
                        .collect(Collectors.toCollection(TreeSet::new));
                expected.add("end");
                assertEquals(expected, heard.get(filter), filter);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRetainedComesToThoseWhoComeLaterUntilItIsTakenBack(Kind kind) throws Exception {
        try (var world = world(kind)) {
            var bus = world.join("vehicle");
            var late = world.join("late");
            var settled = new ArrayList<String>();
            world.run(() -> bus.subscribe("v/#", (topic, payload) -> settled.add(topic + "=" + text(payload))));
            world.run(() -> {
                bus.publish(Message.retained("v/1/connection", bytes("ONLINE")));
                bus.publish(Message.retained("v/1/connection", bytes("OFFLINE")));
                bus.publish(Message.retained("v/2/connection", bytes("ONLINE")));
                bus.publish(Message.retained("v/3/connection", bytes("ONLINE")));
                bus.publish(Message.retained("v/3/connection", bytes("")));
                bus.publish(new Message("v/4/state", bytes("passes"), true, false));
            });
            assertTrue(world.until(() -> settled.contains("v/4/state=passes")));
            var heard = new TreeSet<String>();
            world.run(
                    () -> late.subscribe("v/+/connection", (topic, payload) -> heard.add(topic + "=" + text(payload))));
            world.run(() -> late.subscribe("v/4/state", (topic, payload) -> heard.add(topic + "=" + text(payload))));
            world.settle(late);
            world.run(() -> bus.publish(new Message("v/4/state", bytes("end"), true, false)));
            assertTrue(world.until(() -> heard.contains("v/4/state=end")));
            assertEquals(Set.of("v/1/connection=OFFLINE", "v/2/connection=ONLINE", "v/4/state=end"), heard);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatComesOnOneTopicComesInOrderAndWhatIsSentAtLeastOnceAllOfIt(Kind kind) throws Exception {
        int messages = 1_000;
        try (var world = world(kind)) {
            var listener = world.join("listener");
            var speaker = world.join("speaker");
            var heard = new ArrayList<List<Integer>>();
            for (int t = 0; t < 4; t++) {
                var mine = new ArrayList<Integer>();
                heard.add(mine);
                String topic = "t/" + t;
                world.run(() -> listener.subscribe(topic, (_, payload) -> mine.add(Integer.valueOf(text(payload)))));
            }
            world.settle(listener);
            world.run(() -> {
                for (int i = 0; i < messages; i++)
                    for (int t = 0; t < 4; t++)
                        speaker.publish(new Message("t/" + t, bytes("" + i), t < 2 || i == messages - 1, false));
            });
            assertTrue(world.until(() -> heard.stream().allMatch(each -> each.contains(messages - 1))));
            var all = IntStream.range(0, messages).boxed().toList();
            for (int t = 0; t < 4; t++) {
                var once = heard.get(t).stream().distinct().toList();
                if (t < 2) assertEquals(all, once, "topic " + t);
                else assertEquals(once.stream().sorted().toList(), once, "topic " + t);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoHasClosedHearsNothingAndTheOthersStillDo(Kind kind) throws Exception {
        try (var world = world(kind)) {
            var listener = world.join("listener");
            var speaker = world.join("speaker");
            var first = new HashSet<String>();
            var second = new HashSet<String>();
            var subscription = world.ask(() -> listener.subscribe("x", (_, payload) -> first.add(text(payload))));
            world.run(() -> listener.subscribe("x", (_, payload) -> second.add(text(payload))));
            world.settle(listener);
            world.run(() -> speaker.publish(new Message("x", bytes("1"), true, false)));
            assertTrue(world.until(() -> first.contains("1") && second.contains("1")));
            world.run(subscription::close);
            world.run(subscription::close);
            world.run(() -> speaker.publish(new Message("x", bytes("2"), true, false)));
            assertTrue(world.until(() -> second.contains("2")));
            assertEquals(Set.of("1"), first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesThatMqttDoesNotKnowAreRefused(Kind kind) throws Exception {
        try (var world = world(kind)) {
            var bus = world.join("member");
            for (String filter : List.of("", "a/#/b", "a#", "a+/b", "#/", "\0", "\ud800", "x".repeat(65_536)))
                assertThrows(
                        IllegalArgumentException.class, () -> world.ask(() -> bus.subscribe(filter, (_, _) -> {})));
            for (String topic : List.of("", "a/+", "#", "\0", "a\udc00", "ü".repeat(32_768)))
                assertThrows(
                        IllegalArgumentException.class,
                        () -> world.run(() -> bus.publish(Message.once(topic, bytes("")))));
        }
    }
}
