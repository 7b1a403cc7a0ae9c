package org.diwan.robots.twin;

import static org.diwan.robots.twin.Rig.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.diwan.base.Seeded;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Responses.GrantType;
import org.diwan.robots.vda5050.State.RequestStatus;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;
import org.diwan.robots.vda5050.ZoneSet.Release.LossBehavior;
import org.diwan.robots.vda5050.ZoneSet.Rule;
import org.junit.jupiter.api.Test;

/// Each kind of zone in the way of a vehicle of radius 0.35 m that drives 20 m along the x axis; the zone is 6 to 10 m.
class ZonesTest {
    private static final double BORDER = 6 - 0.35;

    private Rig drive(Rule rule) {
        var rig = new Rig(Version.V3_0);
        rig.zones("z", rule, 6, 10);
        rig.instant("enableZoneSet", "zoneSetId", "z");
        rig.run(1);
        assertEquals(1, rig.state().zoneSets().size());
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 8, 0), node("c", 4, 20, 0)));
        return rig;
    }

    private static String request(Rig rig) {
        return rig.state().zoneRequests().getLast().requestId();
    }

    private static List<RequestStatus> statuses(Rig rig) {
        return rig.state().zoneRequests().stream().map(it -> it.requestStatus()).toList();
    }

    private static void standsAtTheBorder(Rig rig) {
        rig.run(30);
        assertEquals(BORDER - 1e-3, rig.vehicle.pose().x(), 1e-6);
        assertFalse(rig.state().driving());
    }

    @Test
    void blockedIsNeverEntered() {
        var rig = drive(new ZoneSet.Blocked());
        standsAtTheBorder(rig);
        assertEquals(List.of("NODE_UNREACHABLE"), rig.errors());
        rig.instant("cancelOrder");
        rig.run(1);
        rig.send(rig.order("p", 0, node("x", 0, BORDER, 0), node("a", 2, 0, 0)));
        rig.run(30);
        assertEquals("a", rig.state().lastNodeId());
        assertEquals(List.of(), rig.errors());
    }

    @Test
    void blockedAroundItStopsIt() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 20, 0)));
        rig.run(8);
        rig.zones("z", new ZoneSet.Blocked(), 6, 10);
        rig.instant("enableZoneSet", "zoneSetId", "z");
        rig.run(30);
        assertEquals(List.of("BLOCKED_ZONE_VIOLATION"), rig.errors());
        assertFalse(rig.state().driving());
        rig.zones("none", new ZoneSet.Penalty(1), 6, 10);
        rig.instant("enableZoneSet", "zoneSetId", "none");
        rig.run(30);
        assertEquals("b", rig.state().lastNodeId());
    }

    @Test
    void speedLimitIsKeptFromBorderToBorder() {
        var rig = drive(new ZoneSet.SpeedLimit(0.5));
        double inside = 0;
        double outside = 0;
        for (int i = 0; i < 4000; i++) {
            rig.run(0.01);
            double x = rig.vehicle.pose().x();
            if (x > BORDER + 1e-6 && x < 10.35 - 1e-6) inside = Math.max(inside, rig.vehicle.speed());
            else outside = Math.max(outside, rig.vehicle.speed());
        }
        assertEquals(0.5, inside, 1e-6);
        assertEquals(1.2, outside, 1e-9);
        assertEquals("c", rig.state().lastNodeId());
    }

    @Test
    void releaseIsAskedForAheadAndEnteredWithoutStoppingWhenGranted() {
        var rig = drive(new ZoneSet.Release(LossBehavior.STOP));
        rig.run(1);
        assertEquals(List.of(RequestStatus.REQUESTED), statuses(rig));
        rig.respond(request(rig), GrantType.QUEUED, null);
        rig.run(1);
        assertEquals(List.of(RequestStatus.REQUESTED), statuses(rig));
        rig.respond(request(rig), GrantType.GRANTED, null);
        rig.run(4);
        assertEquals(List.of(RequestStatus.GRANTED), statuses(rig));
        assertEquals(1.2, rig.vehicle.speed(), 1e-9);
        rig.run(20);
        assertEquals("c", rig.state().lastNodeId());
        assertEquals(List.of(), statuses(rig), "left");
        assertEquals(List.of(), rig.errors());
    }

    @Test
    void releaseThatIsNotGrantedIsNotEntered() {
        var rig = drive(new ZoneSet.Release(LossBehavior.STOP));
        standsAtTheBorder(rig);
        rig.respond(request(rig), GrantType.REJECTED, null);
        rig.run(1);
        assertEquals(List.of(), statuses(rig));
        rig.run(30);
        assertEquals(List.of(RequestStatus.REQUESTED), statuses(rig), "asked again");
        assertEquals(BORDER - 1e-3, rig.vehicle.pose().x(), 1e-6);
        rig.respond(request(rig), GrantType.GRANTED, null);
        rig.run(30);
        assertEquals("c", rig.state().lastNodeId());
    }

    /// It is inside, is refused, and goes no farther: that it might ask again does not keep it busy.
    @Test
    void whatMayBeAskedForAgainAndIsNotCostsNoState() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 5, 0)));
        rig.run(20);
        rig.send(rig.zoneSet("z", new ZoneSet.Release(LossBehavior.CONTINUE), 3, 8));
        rig.instant("enableZoneSet", "zoneSetId", "z");
        rig.run(1);
        rig.send(rig.order("p", 0, node("b", 0, 5, 0), node("c", 2, 6, 0)));
        rig.run(0.2);
        rig.respond(request(rig), GrantType.REJECTED, null);
        rig.run(5);
        int states = rig.states.size();
        rig.run(60);
        assertTrue(rig.states.size() - states <= 10, () -> rig.states.size() - states + " states in a minute");
    }

    @Test
    void releaseThatEndsBeforeTheBorderIsNotUsed() {
        for (boolean revoked : List.of(true, false)) {
            var rig = drive(new ZoneSet.Release(LossBehavior.STOP));
            rig.run(1);
            String request = request(rig);
            var expiry = revoked ? null : rig.timeline.instant().plusSeconds(2);
            rig.respond(request, GrantType.GRANTED, expiry);
            rig.run(1);
            assertEquals(List.of(RequestStatus.GRANTED), statuses(rig));
            if (revoked) rig.respond(request, GrantType.REVOKED, null);
            rig.run(1.1);
            assertEquals(
                    revoked
                            ? List.of(RequestStatus.REQUESTED)
                            : List.of(RequestStatus.EXPIRED, RequestStatus.REQUESTED),
                    statuses(rig));
            standsAtTheBorder(rig);
            assertEquals(List.of(), rig.errors(), "nothing was lost but time");
            rig.respond(request(rig), GrantType.GRANTED, rig.timeline.instant().minusSeconds(1));
            rig.run(10);
            assertEquals(BORDER - 1e-3, rig.vehicle.pose().x(), 1e-6, "a lease of yesterday");
        }
    }

    @Test
    void leaseIsExtended() {
        var rig = drive(new ZoneSet.Release(LossBehavior.STOP));
        rig.run(1);
        String request = request(rig);
        for (int i = 0; i < 15; i++) {
            rig.respond(request, GrantType.GRANTED, rig.timeline.instant().plusSeconds(3));
            rig.run(2);
        }
        assertEquals("c", rig.state().lastNodeId());
        assertEquals(List.of(), rig.errors());
    }

    /// Revoked when it is inside, or so near that it cannot stand before it.
    @Test
    void releaseThatIsLostInsideStopsItOrNot() {
        for (double when : List.of(5.5, 7.0))
            for (var behavior : LossBehavior.values()) {
                var rig = drive(new ZoneSet.Release(behavior));
                rig.run(1);
                String request = request(rig);
                rig.respond(request, GrantType.GRANTED, null);
                rig.run(when - 1);
                rig.respond(request, GrantType.REVOKED, null);
                rig.run(1);
                assertEquals(RequestStatus.REVOKED, statuses(rig).getFirst(), "it is or will be inside");
                rig.run(30);
                boolean stops = behavior == LossBehavior.STOP;
                assertEquals(stops ? List.of("RELEASE_LOST") : List.of(), rig.errors());
                assertEquals(stops, rig.vehicle.pose().x() < 10);
                if (!stops) continue;
                assertTrue(rig.vehicle.pose().x() > BORDER);
                assertEquals(List.of(RequestStatus.REVOKED, RequestStatus.REQUESTED), statuses(rig));
                rig.respond(request(rig), GrantType.GRANTED, null);
                rig.run(1);
                assertEquals(List.of(), rig.errors());
                rig.run(30);
                assertEquals("c", rig.state().lastNodeId());
            }
    }

    @Test
    void replanningIsAskedForWithThePath() {
        var rig = drive(new ZoneSet.CoordinatedReplanning());
        rig.run(1);
        var request = rig.state().zoneRequests().getFirst();
        var path = request.trajectory();
        assertEquals("REPLANNING", request.requestType().name());
        assertTrue(path != null
                && path.controlPoints().getLast().x() == 20
                && path.controlPoints().size() == 3);
        standsAtTheBorder(rig);
        String id = request(rig);
        rig.respond(id, GrantType.GRANTED, null);
        rig.run(3);
        rig.respond(id, GrantType.REVOKED, null);
        rig.run(10);
        assertEquals(List.of("REPLANNING_LOST"), rig.errors());
        assertFalse(rig.state().driving());
        rig.respond(request(rig), GrantType.GRANTED, null);
        rig.run(30);
        assertEquals("c", rig.state().lastNodeId());
    }

    @Test
    void directionsAreHeld() {
        for (var limitation : ZoneSet.DirectedLimitation.values())
            for (double direction : List.of(0.0, 1.0, 3.0, -3.1)) {
                boolean enters =
                        switch (limitation) {
                            case SOFT -> true;
                            case RESTRICTED -> Math.abs(direction) < 1.5;
                            case STRICT -> direction == 0;
                        };
                enters(new ZoneSet.Directed(direction, limitation), enters);
            }
        for (var limitation : ZoneSet.BidirectedLimitation.values())
            for (double direction : List.of(0.0, 1.0, -3.1))
                enters(
                        new ZoneSet.Bidirected(direction, limitation),
                        limitation == ZoneSet.BidirectedLimitation.SOFT || direction != 1.0);
        enters(new ZoneSet.LineGuided(), true);
        enters(new ZoneSet.Priority(1), true);
        enters(new ZoneSet.Penalty(1), true);
    }

    private void enters(Rule rule, boolean enters) {
        var rig = drive(rule);
        rig.run(30);
        assertEquals(enters ? 20 : 6 - 1e-3, rig.vehicle.pose().x(), 1e-6, rule::toString);
        assertEquals(enters ? List.of() : List.of("NODE_UNREACHABLE"), rig.errors());
    }

    @Test
    void actionsRunOnTheWayInThroughAndOut() {
        var in = zoneAction("detectObject", Action.BlockingType.HARD);
        var through = zoneAction("waitForTrigger", Action.BlockingType.NONE);
        var out = zoneAction("finePositioning", Action.BlockingType.NONE);
        var rig = drive(new ZoneSet.Actions(List.of(in), List.of(through), List.of(out)));
        rig.run(6.5);
        assertEquals(2, rig.state().zoneActionStates().size());
        assertEquals(
                "RUNNING",
                rig.state().zoneActionStates().getFirst().actionStatus().name());
        rig.run(2);
        assertEquals(0, rig.vehicle.speed(), 0.0, "it stands for it");
        rig.run(30);
        assertEquals("c", rig.state().lastNodeId());
        assertEquals(
                List.of("detectObject FINISHED", "waitForTrigger FINISHED", "finePositioning FINISHED"),
                rig.state().zoneActionStates().stream()
                        .map(it -> it.actionType() + " " + it.actionStatus())
                        .toList());
        rig.instant("clearZoneActions");
        rig.run(1);
        assertEquals(List.of(), rig.state().zoneActionStates());
        rig.zones(
                "y",
                new ZoneSet.Actions(List.of(zoneAction("pick", Action.BlockingType.HARD)), List.of(), List.of()),
                0,
                1);
        rig.run(1);
        assertEquals(List.of("VALIDATION_FAILURE"), rig.errors(), "table 4 has no pick in a zone");
    }

    /// Each has its own, though they are told alike.
    @Test
    void zonesThatOverlapAndAskForTheSameEachHaveTheirActions() {
        var rig = new Rig(Version.V3_0);
        var rule = new ZoneSet.Actions(
                List.of(), List.of(zoneAction("waitForTrigger", Action.BlockingType.NONE)), List.of());
        var early = rig.zoneSet("z", rule, 3, 8);
        var late = rig.zoneSet("z", rule, 5, 12).zones().getFirst();
        var zones = List.of(early.zones().getFirst(), new ZoneSet.Zone("late", null, late.vertices(), late.rule()));
        rig.send(new ZoneSet(early.header(), "1", "z", null, zones));
        rig.instant("enableZoneSet", "zoneSetId", "z");
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 20, 0)));
        rig.run(60);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(
                List.of("FINISHED", "FINISHED"),
                rig.state().zoneActionStates().stream()
                        .map(it -> it.actionStatus().name())
                        .toList());
    }

    /// A zone that begins in the lift: its first action forbids to drive out before it is over.
    @Test
    void actionsOfAnotherMapBeginWhereTheLiftOpens() {
        var rig = new Rig(Version.V3_0);
        var in = zoneAction("detectObject", Action.BlockingType.HARD);
        var set = rig.zoneSet("z", new ZoneSet.Actions(List.of(in), List.of(), List.of()), -1, 5);
        rig.send(new ZoneSet(set.header(), "2", "z", null, set.zones()));
        rig.instant("enableZoneSet", "zoneSetId", "z");
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("cabin", 2, 2, 0), node("out", 4, true, "2", 9, 0, null)));
        rig.run(20);
        assertEquals("out", rig.state().lastNodeId());
        assertEquals(
                "FINISHED",
                rig.state().zoneActionStates().getFirst().actionStatus().name());
    }

    private static ZoneSet.ZoneAction zoneAction(String type, Action.BlockingType blocking) {
        return new ZoneSet.ZoneAction(type, null, blocking, List.of(), null);
    }

    @Test
    void zoneSetsComeGoAndCountOneForAMap() {
        var rig = new Rig(Version.V3_0);
        rig.zones("z", new ZoneSet.Blocked(), 6, 10);
        rig.zones("y", new ZoneSet.Blocked(), 6, 10);
        rig.run(1);
        rig.zones("z", new ZoneSet.Blocked(), 6, 11);
        rig.run(1);
        assertEquals(List.of("DUPLICATE_ZONE_SET"), rig.errors());
        assertEquals("z DISABLED y DISABLED", sets(rig));
        var set = rig.zoneSet("twins", new ZoneSet.Blocked(), 6, 10);
        rig.send(new ZoneSet(
                set.header(),
                "1",
                "twins",
                null,
                List.of(set.zones().getFirst(), set.zones().getFirst())));
        rig.run(1);
        assertEquals(List.of("DUPLICATE_ZONE_SET", "VALIDATION_FAILURE"), rig.errors());
        rig.instant("enableZoneSet", "zoneSetId", "z");
        rig.instant("enableZoneSet", "zoneSetId", "y");
        rig.run(1);
        assertEquals("z DISABLED y ENABLED", sets(rig));
        String used = rig.instant("deleteZoneSet", "zoneSetId", "y");
        String gone = rig.instant("deleteZoneSet", "zoneSetId", "z");
        String none = rig.instant("enableZoneSet", "zoneSetId", "q");
        rig.run(1);
        assertEquals("y ENABLED", sets(rig));
        assertEquals("FAILED FINISHED FAILED", rig.status(used) + " " + rig.status(gone) + " " + rig.status(none));
        rig.vehicle.library(link -> Optional.of(rig.zoneSet(link.substring(2), new ZoneSet.Blocked(), 0, 1)));
        String load = rig.instant("downloadZoneSet", "zoneSetId", "w", "zoneSetDownloadLink", "x:w");
        String other = rig.instant("downloadZoneSet", "zoneSetId", "w", "zoneSetDownloadLink", "x:v");
        rig.run(1);
        assertEquals("RUNNING", rig.status(load));
        rig.run(5);
        assertEquals("FINISHED FAILED", rig.status(load) + " " + rig.status(other));
        assertEquals("y ENABLED w DISABLED", sets(rig));
    }

    private static String sets(Rig rig) {
        var text = new StringBuilder();
        for (var set : rig.state().zoneSets())
            text.append(text.isEmpty() ? "" : " ")
                    .append(set.zoneSetId())
                    .append(' ')
                    .append(set.zoneSetStatus());
        return text.toString();
    }

    /// Any answers at any time: it is in the zone only while it was granted when it last could have stopped.
    @Test
    void withoutAGrantItIsNeverInside() {
        Seeded.forAll(40, random -> {
            var rig = drive(new ZoneSet.Release(LossBehavior.STOP));
            boolean granted = false;
            for (int i = 0; i < 300; i++) {
                rig.run(0.1);
                if (random.nextInt(8) == 0 && !rig.state().zoneRequests().isEmpty()) {
                    var grant = List.of(GrantType.values()).get(random.nextInt(4));
                    var lease = random.nextBoolean()
                            ? null
                            : rig.timeline.instant().plus(Duration.ofMillis(random.nextInt(-500, 5000)));
                    rig.respond(request(rig), grant, grant == GrantType.GRANTED ? lease : null);
                }
                double before = rig.vehicle.pose().x() + rig.vehicle.speed() * rig.vehicle.speed() / 1.6;
                granted |= rig.states.stream()
                        .flatMap(state -> state.zoneRequests().stream())
                        .anyMatch(it -> it.requestStatus() == RequestStatus.GRANTED);
                rig.states.subList(0, rig.states.size() - 1).clear();
                if (!granted)
                    assertTrue(before <= BORDER - 1e-3 + 1e-6, "it could not stop before the border any more");
                boolean inside =
                        rig.vehicle.pose().x() > BORDER && rig.vehicle.pose().x() < 10.35;
                boolean lost = inside && !statuses(rig).contains(RequestStatus.GRANTED);
                if (lost)
                    assertTrue(rig.errors().contains("RELEASE_LOST"), () -> rig.state()
                            .toString());
            }
        });
    }
}
