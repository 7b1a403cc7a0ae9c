package org.diwan.robots.facility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Inbox;
import org.diwan.robots.vda5050.Responses;
import org.diwan.robots.vda5050.Responses.GrantType;
import org.diwan.robots.vda5050.Responses.Response;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.RequestStatus;
import org.diwan.robots.vda5050.State.ZoneRequest;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Oracles: §6.4.3 and §6.9 of VDA 5050 3.0.0, played by vehicles that keep to them; at most one of these may ever
/// believe that it has a zone.
class ZoneLeasesTest {
    private final FacilityWorld world = new FacilityWorld(Quality.PERFECT, 1);
    private final List<String> enabled = new ArrayList<>();

    ZoneLeasesTest() {
        new ZoneLeases(world.building, world.desk, world.bus, world.timeline, (_, set) -> enabled.add(set));
    }

    /// A vehicle as far as zones go: it tells its state each second and when something has changed.
    private static final class Robot {
        private final FacilityWorld world;
        private final Address address;
        private final Codec codec = new Codec(Version.V3_0);
        private final Inbox inbox;
        final List<Response> heard = new ArrayList<>();
        final List<ZoneSet> sets = new ArrayList<>();
        final List<State.ZoneSetEntry> use = new ArrayList<>();

        @Nullable
        ZoneRequest request;

        Instant expiry = Instant.EPOCH;
        double x = 3;
        double y = 0;
        String floor = "1";
        private long sent;
        private int requests;

        Robot(FacilityWorld world, String serial) {
            this.world = world;
            address = new Address("uagv", Version.V3_0, "diwan", serial);
            inbox = new Inbox(Version.V3_0, "diwan", serial, Duration.ofDays(1));
            world.bus.subscribe(address.topic(Topic.RESPONSES), (_, json) -> {
                var responses = (Responses) codec.read(Topic.RESPONSES, json);
                if (inbox.judge(responses.header(), world.timeline.instant()) instanceof Inbox.Fresh)
                    responses.responses().forEach(this::hear);
            });
            world.bus.subscribe(
                    address.topic(Topic.ZONE_SET), (_, json) -> sets.add((ZoneSet) codec.read(Topic.ZONE_SET, json)));
            world.timeline.every(Duration.ofSeconds(1), this::tell);
        }

        private void hear(Response response) {
            heard.add(response);
            var asked = request;
            if (asked == null || !asked.requestId().equals(response.requestId())) return;
            switch (response.grantType()) {
                case GRANTED -> {
                    status(RequestStatus.GRANTED);
                    expiry = Instant.EPOCH;
                    if (response.leaseExpiry() != null) expiry = response.leaseExpiry();
                }
                case REVOKED -> status(RequestStatus.REVOKED);
                case QUEUED, REJECTED -> {}
            }
        }

        private void status(RequestStatus status) {
            var asked = request;
            if (asked == null || asked.requestStatus() == status) return;
            request = new ZoneRequest(
                    asked.requestId(), asked.requestType(), asked.zoneId(), asked.zoneSetId(), status, null);
            tell();
        }

        boolean believes() {
            return request != null
                    && request.requestStatus() == RequestStatus.GRANTED
                    && world.timeline.instant().isBefore(expiry);
        }

        void ask(String zone, String floor) {
            String set = new ZoneMaps(world.building).floor(floor).orElseThrow().id();
            ask(zone, set, State.ZoneRequestType.ACCESS);
        }

        void ask(String zone, String set, State.ZoneRequestType type) {
            request = new ZoneRequest(
                    address.serialNumber() + "-" + requests++, type, zone, set, RequestStatus.REQUESTED, null);
            tell();
        }

        void forget() {
            request = null;
            tell();
        }

        void tell() {
            world.bus.publish(Message.once(address.topic(Topic.STATE), codec.write(state(sent++))));
        }

        private State state(long number) {
            return new State(
                    new Header(number, world.timeline.instant(), "3.0.0", "diwan", address.serialNumber()),
                    List.of(),
                    use,
                    "",
                    0,
                    null,
                    "",
                    0,
                    List.of(),
                    List.of(),
                    null,
                    null,
                    new State.Position(x, y, 0, floor, true, null, null),
                    null,
                    null,
                    false,
                    null,
                    null,
                    request == null ? List.of() : List.of(request),
                    List.of(),
                    null,
                    List.of(),
                    List.of(),
                    List.of(),
                    new State.PowerSupply(80, null, null, null, false, null),
                    State.OperatingMode.AUTOMATIC,
                    List.of(),
                    List.of(),
                    new State.SafetyState(State.EmergencyStop.NONE, false));
        }

        GrantType lastHeard() {
            return heard.getLast().grantType();
        }
    }

    private void run(int seconds) {
        world.timeline.run(Duration.ofSeconds(seconds));
    }

    @Test
    void zoneSetsComeUntilTheyAreThereAndAreEnabledThen() {
        var robot = new Robot(world, "r-1");
        run(2);
        var set = robot.sets.getFirst();
        assertEquals("1", set.mapId());
        assertEquals(
                List.of("z", "l", "d"),
                set.zones().stream().map(ZoneSet.Zone::zoneId).toList());
        run(12);
        assertEquals(2, robot.sets.size());
        assertEquals(set.zones(), robot.sets.get(1).zones());
        assertEquals(List.of(), enabled);
        robot.use.add(new State.ZoneSetEntry(set.zoneSetId(), "1", State.Use.DISABLED));
        run(12);
        assertEquals(List.of(set.zoneSetId()), enabled);
        robot.use.clear();
        robot.use.add(new State.ZoneSetEntry(set.zoneSetId(), "1", State.Use.ENABLED));
        run(60);
        assertEquals(2, robot.sets.size());
        assertEquals(1, enabled.size());
    }

    @Test
    void requestsAreQueuedGrantedRenewedAndGivenBack() {
        var first = new Robot(world, "r-1");
        var second = new Robot(world, "r-2");
        first.ask("z", "1");
        run(1);
        second.ask("z", "1");
        run(1);
        assertTrue(first.believes());
        assertEquals(GrantType.QUEUED, second.lastHeard());
        run(300);
        assertTrue(first.believes(), "renewed");
        assertTrue(first.heard.size() < 20, first.heard.size() + " answers in five minutes");
        first.x = 5.5;
        first.y = 5.5;
        run(2);
        first.forget();
        run(10);
        assertEquals(GrantType.QUEUED, second.lastHeard(), "it stands within, whatever its requests");
        first.x = 3;
        run(4);
        assertTrue(second.believes());
    }

    @Test
    void aLiftIsKeptWhileItsRiderIsWithinAndRevokedWhenItFails() {
        var robot = new Robot(world, "r-1");
        robot.ask("l", "1");
        run(5);
        assertTrue(robot.believes());
        robot.x = 0;
        robot.y = 2;
        run(2);
        world.desk.request("l", "r-1", "6");
        run(5);
        assertEquals(Leases.Standing.QUEUED, world.desk.standing("l", "r-1"));
        assertTrue(robot.believes(), "it is being carried");
        world.devices.lift("l").fail(SimulatedLift.Fault.STUCK);
        run(15);
        assertEquals(RequestStatus.REVOKED, robot.request == null ? null : robot.request.requestStatus());
        robot.forget();
        run(5);
        assertEquals("r-1", world.desk.holder("l").orElse(""));
        world.devices.lift("l").repair();
        run(15);
        robot.floor = "6";
        robot.ask("l", "6");
        run(3);
        assertTrue(robot.believes());
        robot.y = 0;
        robot.forget();
        run(3);
        assertFalse(world.desk.holder("l").isPresent());
    }

    @Test
    void whatIsNoneOfOursIsRejected() {
        var robot = new Robot(world, "r-1");
        robot.ask("z", "somebody else's", State.ZoneRequestType.ACCESS);
        run(1);
        assertEquals(GrantType.REJECTED, robot.lastHeard());
        robot.ask("z", new ZoneMaps(world.building).floor("1").orElseThrow().id(), State.ZoneRequestType.REPLANNING);
        run(1);
        assertEquals(GrantType.REJECTED, robot.lastHeard());
        robot.ask("d", "2");
        run(1);
        assertEquals(GrantType.REJECTED, robot.lastHeard());
        assertEquals(GrantType.REJECTED, robot.heard.getFirst().grantType());
    }

    /// Vehicles that come and go under 20 % loss, doubles and overtaking.
    @Test
    void neverDoTwoBelieveThatTheyHaveAZone() {
        Seeded.forAll(15, random -> {
            var bad = new FacilityWorld(FacilityWorld.BAD, random.nextLong());
            new ZoneLeases(bad.building, bad.desk, bad.bus, bad.timeline, (_, _) -> {});
            var robots = new ArrayList<Robot>();
            for (int i = random.nextInt(2, 5); i > 0; i--) robots.add(new Robot(bad, "r-" + i));
            int visits = 0;
            for (int step = 0; step < 6000; step++) {
                for (var robot : robots) visits += step(robot, random) ? 1 : 0;
                bad.timeline.run(Duration.ofMillis(100));
                long within = robots.stream().filter(robot -> robot.x == 5.5).count();
                long believing = robots.stream()
                        .filter(robot -> robot.believes() || robot.x == 5.5)
                        .count();
                assertTrue(within <= 1 && believing <= 1, within + " within, " + believing + " believe");
            }
            assertTrue(visits >= 5, visits + " visits");
        });
    }

    /// It asks, goes in, comes out, forgets; whether it went in.
    private static boolean step(Robot robot, SplittableRandom random) {
        if (random.nextInt(20) > 0) return false;
        if (robot.request == null) {
            robot.ask("z", "1");
        } else if (robot.x == 5.5) {
            robot.x = 3;
            robot.y = 0;
            robot.forget();
        } else if (robot.believes()) {
            robot.x = 5.5;
            robot.y = 5.5;
            return true;
        }
        return false;
    }
}
