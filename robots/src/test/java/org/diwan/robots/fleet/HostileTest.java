package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Refusals.Reason;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever comes on a vehicle's topics: it is refused by name, and the others' jobs and its own are done.
class HostileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> JOBS = Set.of("j-1", "j-2", "j-3", "j-4");

    /// What makes a true state false.
    private static final Map<Reason, Consumer<ObjectNode>> LIES = lies();

    private static Map<Reason, Consumer<ObjectNode>> lies() {
        var lies = new LinkedHashMap<Reason, Consumer<ObjectNode>>();
        lies.put(Reason.MALFORMED, state -> state.put("lastNodeSequenceId", -1));
        lies.put(Reason.WRONG_VERSION, state -> state.put("version", "9.0.0"));
        lies.put(Reason.WRONG_VEHICLE, state -> state.put("serialNumber", "r-2"));
        lies.put(
                Reason.STALE,
                state -> state.put("headerId", state.get("headerId").asLong() - 1));
        lies.put(Reason.FROM_FUTURE, state -> state.put("timestamp", "2099-01-01T00:00:00.000Z"));
        lies.put(
                Reason.GAP, state -> state.put("headerId", state.get("headerId").asLong() + 1_000_000));
        lies.put(Reason.UNKNOWN_NODE, state -> next(state).put("lastNodeId", "nowhere"));
        lies.put(Reason.WRONG_MAP, state -> position(next(state)).put("mapId", "cellar"));
        lies.put(Reason.OFF_ROUTE, state -> position(next(state)).put("x", 500));
        lies.put(Reason.UNKNOWN_UPDATE, state -> next(state).put("orderUpdateId", 4_000));
        lies.put(Reason.BEYOND_BASE, state -> next(state).put("lastNodeSequenceId", 4_000));
        lies.put(Reason.UNKNOWN_ACTION, state -> next(state)
                .withArray("actionStates")
                .addObject()
                .put("actionId", "strange")
                .put("actionType", "pick")
                .put("actionStatus", "FINISHED"));
        return lies;
    }

    private static ObjectNode next(ObjectNode state) {
        return state.put("headerId", state.get("headerId").asLong() + 1);
    }

    private static ObjectNode position(ObjectNode state) {
        return state.withObject("/mobileRobotPosition");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BACKWARDS", "OCCUPIED"})
    void aLieIsRefusedByNameAndCostsNoJob(Reason reason) {
        var site = atWork();
        site.run(25);
        for (int i = 0; i < 20; i++) {
            lie(site, "r-1", Optional.ofNullable(LIES.get(reason)).orElseThrow());
            site.run(1);
        }
        assertTrue(
                site.robot("r-1").refused().getOrDefault(reason.name(), 0L) > 0,
                () -> reason + " was not counted: " + site.robot("r-1").refused());
        finish(site);
    }

    /// A vehicle that goes back to a node that it had left would hold a place that others were given.
    @Test
    void nobodyPassesANodeTwice() {
        var site = atWork();
        site.run(25);
        for (int i = 0; i < 40; i++) {
            lie(site, "r-1", state -> {
                boolean on = state.get("lastNodeSequenceId").asLong() > 0;
                if (on) next(state).put("lastNodeSequenceId", 0);
            });
            site.run(1);
        }
        assertTrue(
                site.robot("r-1").refused().containsKey(Reason.BACKWARDS.name()),
                () -> "not counted: " + site.robot("r-1").refused());
        finish(site);
    }

    @Test
    void notANumberIsNoPlace() {
        var site = atWork();
        site.run(25);
        var text = new String(site.said.getOrDefault("r-1", new byte[0]), StandardCharsets.UTF_8);
        publish(
                site,
                Topic.STATE,
                text.replaceFirst("\"x\" *: *[-0-9.E]+", "\"x\":NaN").getBytes(StandardCharsets.UTF_8));
        site.run(1);
        assertEquals(1, site.robot("r-1").refused().get(Reason.MALFORMED.name()));
        finish(site);
    }

    /// Bytes at random, and true messages with bytes changed, on all topics of all vehicles, and on strangers'.
    @Test
    void garbageOnAllTopicsCostsNoJob() {
        var site = atWork();
        var random = new SplittableRandom(1);
        var topics = List.of(Topic.values());
        site.timeline.every(Duration.ofMillis(200), () -> {
            byte[] payload = new byte[random.nextInt(200)];
            random.nextBytes(payload);
            byte[] said = site.said.get("r-" + random.nextInt(1, 3));
            if (said != null && said.length > 0 && random.nextBoolean()) {
                payload = said.clone();
                for (int i = random.nextInt(1, 4); i > 0; i--)
                    payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
            }
            var topic = topics.get(random.nextInt(topics.size()));
            String serial = "r-" + random.nextInt(0, 3);
            site.bus.publish(Bus.Message.once(site.address(serial).topic(topic), payload));
        });
        site.run(600);
        assertTrue(site.fleet.view().strangers() > 0);
        assertTrue(site.robot("r-1").refused().getOrDefault(Reason.MALFORMED.name(), 0L) > 0);
        finish(site);
    }

    private static Site atWork() {
        var site = new Site(Site.grid(6, 3, Set.of(), Set.of("p00", "p02")), Version.V3_0, Quality.PERFECT, 3);
        site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p02");
        site.fleet.submit(Site.delivery("j-1", "p30", "p50"));
        site.fleet.submit(Site.delivery("j-2", "p32", "p52"));
        site.fleet.submit(Site.delivery("j-3", "p50", "p10"));
        site.fleet.submit(Site.delivery("j-4", "p12", "p41"));
        return site;
    }

    private static void lie(Site site, String serial, Consumer<ObjectNode> lie) {
        try {
            var state = (ObjectNode) JSON.readTree(site.said.getOrDefault(serial, new byte[0]));
            lie.accept(state);
            publish(site, Topic.STATE, JSON.writeValueAsBytes(state));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void publish(Site site, Topic topic, byte[] payload) {
        site.bus.publish(Bus.Message.once(site.address("r-1").topic(topic), payload));
    }

    private static void finish(Site site) {
        assertTrue(site.runUntilOver(JOBS, 1_800), () -> "not over: " + site.heard + site.fleet.view());
        for (String job : JOBS) {
            assertEquals(Optional.of(Status.DONE), site.last(job), () -> site.job(job)
                    .toString());
            assertEquals(1, site.begun.get(job + ".pick"));
            assertEquals(1, site.begun.get(job + ".drop"));
        }
        assertTrue(site.nearest > 0.8, () -> "as near as " + site.nearest);
    }
}
