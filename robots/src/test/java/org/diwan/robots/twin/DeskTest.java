package org.diwan.robots.twin;

import static org.diwan.robots.twin.Rig.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Factsheet.Scope;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every predefined action: what is done, and what is refused by name (table 4, table 5).
class DeskTest {
    @Test
    void tableHasTwentyNineActions() {
        assertEquals(29, PredefinedAction.values().length);
        assertEquals("initPosition", PredefinedAction.INITIALIZE_POSITION.type(Version.V2_1));
        assertTrue(PredefinedAction.of(Version.V2_1, "initializePosition").isEmpty());
        assertTrue(PredefinedAction.of(Version.V2_0, "enableMap").isEmpty());
    }

    /// With arguments that suit and in a situation that suits, all but one are done; without, by name, they fail.
    @Test
    void eachInstantActionIsDoneOrRefused() {
        var failed = new TreeSet<String>();
        for (var action : PredefinedAction.values()) {
            var rig = new Rig(Version.V3_0);
            String type = action.type(Version.V3_0);
            var wait = rig.action("waitForTrigger", BlockingType.HARD);
            var pick = rig.action("pick", BlockingType.HARD, true);
            rig.zones("z", new ZoneSet.Penalty(1), 0, 1);
            rig.zones("y", new ZoneSet.Penalty(1), 0, 1);
            rig.vehicle.library(_ -> Optional.of(rig.zoneSet("w", new ZoneSet.Penalty(1), 0, 1)));
            rig.instant("downloadMap", "mapId", "1", "mapVersion", "2", "mapDownloadLink", "x");
            rig.vehicle.breakNext("pick");
            boolean order = List.of("cancelOrder", "trigger", "retry", "skipRetry", "startHibernation")
                    .contains(type);
            if (type.equals("trigger")) rig.send(rig.order("o", 0, node("a", 0, 0, 0, wait)));
            else if (order) rig.send(rig.order("o", 0, node("a", 0, 0, 0, pick)));
            rig.run(30);
            if (type.equals("stopHibernation")) rig.instant("startHibernation");
            rig.run(1);
            String id = rig.instant(type, arguments(action, pick.actionId()));
            rig.run(10);
            if (action.scopes().contains(Scope.INSTANT) && !rig.status(id).equals("FAILED"))
                assertEquals("FINISHED", rig.status(id), type);
            else {
                failed.add(type);
                assertEquals("INVALID_INSTANT_ACTION", rig.errors().getLast());
            }
        }
        assertEquals(
                new TreeSet<>(List.of(
                        "updateCertificate", "pick", "drop", "detectObject", "finePositioning", "waitForTrigger")),
                failed,
                "those that only stand in orders, and one");
    }

    private static Object[] arguments(PredefinedAction action, String retriable) {
        return switch (action) {
            case RETRY, SKIP_RETRY -> new Object[] {"actionId", retriable};
            case INITIALIZE_POSITION -> new Object[] {"x", 1, "y", 2.5, "theta", 1, "mapId", "2", "lastNodeId", "k"};
            case ENABLE_MAP, DELETE_MAP -> new Object[] {"mapId", "1", "mapVersion", "2"};
            case DOWNLOAD_MAP -> new Object[] {"mapId", "1", "mapVersion", "3", "mapDownloadLink", "x"};
            case ENABLE_ZONE_SET, DELETE_ZONE_SET -> new Object[] {"zoneSetId", "z"};
            case DOWNLOAD_ZONE_SET -> new Object[] {"zoneSetId", "w", "zoneSetDownloadLink", "x"};
            default -> new Object[0];
        };
    }

    @Test
    void withoutArgumentsOrAtTheWrongTimeTheyFail() {
        for (String type : List.of(
                "retry",
                "skipRetry",
                "initializePosition",
                "enableMap",
                "deleteMap",
                "enableZoneSet",
                "deleteZoneSet",
                "downloadMap",
                "downloadZoneSet",
                "trigger",
                "stopHibernation",
                "dance",
                "initPosition")) {
            var rig = new Rig(Version.V3_0);
            String id = rig.instant(type);
            rig.run(10);
            assertEquals("FAILED", rig.status(id), type);
            assertEquals(List.of("INVALID_INSTANT_ACTION"), rig.errors());
            assertEquals(
                    id,
                    rig.state().errors().getFirst().errorReferences().getFirst().referenceValue());
            rig.instant("stateRequest");
            rig.run(1);
            assertEquals(List.of(), rig.errors(), "until one is accepted");
        }
        var rig = new Rig(Version.V3_0);
        String cancel = rig.instant("cancelOrder");
        rig.run(1);
        assertEquals("FAILED", rig.status(cancel));
        assertEquals(List.of("NO_ORDER_TO_CANCEL"), rig.errors());
        String asleep = rig.instant("startHibernation", "wakeUpTime", "soon");
        rig.run(1);
        assertEquals("FAILED", rig.status(asleep));
        rig.vehicle.mode(OperatingMode.MANUAL);
        String state = rig.instant("stateRequest");
        rig.run(1);
        assertEquals("FAILED", rig.status(state), "table 11");
    }

    @Test
    void mapsAreDownloadedEnabledAndDeleted() {
        var rig = new Rig(Version.V2_1);
        String down = rig.instant("downloadMap", "mapId", "9", "mapVersion", "1", "mapDownloadLink", "x");
        rig.run(1);
        assertEquals("RUNNING", rig.status(down));
        rig.run(5);
        assertEquals("FINISHED", rig.status(down));
        assertEquals("1/1 ENABLED, 2/1 ENABLED, 9/1 DISABLED", maps(rig));
        rig.instant("downloadMap", "mapId", "9", "mapVersion", "1", "mapDownloadLink", "x");
        rig.run(5);
        assertEquals(List.of("DUPLICATE_MAP"), rig.errors());
        rig.instant("downloadMap", "mapId", "9", "mapVersion", "2", "mapDownloadLink", "x");
        rig.run(5);
        rig.instant("enableMap", "mapId", "9", "mapVersion", "1");
        rig.instant("enableMap", "mapId", "9", "mapVersion", "2");
        rig.run(1);
        assertEquals("1/1 ENABLED, 2/1 ENABLED, 9/1 DISABLED, 9/2 ENABLED", maps(rig));
        String used = rig.instant("deleteMap", "mapId", "9", "mapVersion", "2");
        rig.instant("deleteMap", "mapId", "9", "mapVersion", "1");
        rig.run(1);
        assertEquals("FAILED", rig.status(used));
        assertEquals("1/1 ENABLED, 2/1 ENABLED, 9/2 ENABLED", maps(rig));
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("k", 2, true, "9", 3, 0, null)));
        rig.run(20);
        assertEquals("9", rig.map());
    }

    private static String maps(Rig rig) {
        var text = new ArrayList<String>();
        for (var map : rig.state().maps()) text.add(map.mapId() + "/" + map.mapVersion() + " " + map.mapStatus());
        return String.join(", ", text);
    }

    @Test
    void hibernatesStandingAndHearsOnlyTheCallToWake() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
        rig.run(4);
        String id = rig.instant("startHibernation", "wakeUpTime", "2026-01-05T08:30:00Z");
        rig.run(0.5);
        assertEquals("RUNNING", rig.status(id), "it still rolls");
        rig.run(5);
        assertEquals("FINISHED", rig.status(id));
        assertTrue(rig.state().nodeStates().isEmpty());
        assertEquals(ConnectionState.HIBERNATING, rig.connections.getLast().connectionState());
        int states = rig.states.size();
        double x = rig.vehicle.pose().x();
        rig.send(rig.order("p", 0, node("here", 0, x, 0), node("b", 2, 9, 0)));
        rig.instant("stateRequest");
        rig.run(600);
        assertEquals(states, rig.states.size());
        assertEquals(x, rig.vehicle.pose().x(), 0.0);
        rig.instant("stopHibernation");
        rig.run(1);
        assertEquals(ConnectionState.ONLINE, rig.connections.getLast().connectionState());
        assertTrue(rig.states.size() > states);
        rig.instant("startHibernation", "wakeUpTime", "2026-01-05T09:00:00Z");
        rig.run(1);
        assertEquals(ConnectionState.HIBERNATING, rig.connections.getLast().connectionState());
        rig.run(3600);
        assertEquals(ConnectionState.ONLINE, rig.connections.getLast().connectionState(), "by the clock");
    }

    @Test
    void shutsDownWhenIdle() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 2, 0)));
        rig.run(1);
        String busy = rig.instant("shutdown");
        rig.run(10);
        assertEquals("FAILED", rig.status(busy));
        String id = rig.instant("shutdown");
        rig.run(1);
        assertEquals("FINISHED", rig.status(id));
        assertEquals(ConnectionState.OFFLINE, rig.connections.getLast().connectionState());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void factsheetIsSentOnRequestAndNamesWhatIsDone(Version version) {
        var rig = new Rig(version).run(1);
        rig.instant("factsheetRequest");
        rig.run(1);
        var sheets = rig.said.stream()
                .filter(it -> it.topic().endsWith("/factsheet"))
                .map(it -> (Factsheet) new Codec(version).read(Topic.FACTSHEET, it.payload()))
                .toList();
        assertEquals(2, sheets.size());
        var named = new TreeSet<String>();
        for (var action : sheets.getLast().protocolFeatures().mobileRobotActions()) named.add(action.actionType());
        assertEquals(
                Arrays.stream(PredefinedAction.values())
                        .filter(it -> it.since().compareTo(version) <= 0 && it != PredefinedAction.UPDATE_CERTIFICATE)
                        .map(it -> it.type(version))
                        .toList()
                        .stream()
                        .filter(it -> !named.contains(it))
                        .toList(),
                List.of());
        assertTrue(named.contains(Skill.OPEN_COMPARTMENT));
        assertFalse(named.contains("updateCertificate"));
    }

    @Test
    void moreInstantActionsThanItRemembersAreSaidSo() {
        var rig = new Rig(Version.V3_0);
        for (int i = 0; i < 100; i++) rig.instant("stateRequest");
        rig.run(1);
        assertEquals(List.of("INSTANT_ACTION_STATES_FULL"), rig.errors());
        rig.instant("clearInstantActions");
        rig.run(1);
        assertEquals(1, rig.state().instantActionStates().size());
        assertEquals(List.of(), rig.errors());
        for (int i = 0; i < 150; i++)
            rig.instant("downloadMap", "mapId", "m" + i, "mapVersion", "1", "mapDownloadLink", "x");
        rig.run(1);
        assertEquals(100, rig.state().instantActionStates().size(), "what runs makes no room");
        rig.run(10);
        assertEquals(2 + 100, rig.state().maps().size(), "the fifty others were passed over");
    }

    /// Called back, told twice, or restarted before it sleeps: nothing stays under way, and no old clock wakes it.
    @Test
    void hibernationThatDoesNotComeAboutIsOver() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
        rig.run(4);
        String first = rig.instant("startHibernation");
        String second = rig.instant("startHibernation", "wakeUpTime", "2026-01-05T08:30:00Z");
        rig.run(0.1);
        assertEquals("FAILED", rig.status(first), "the second took its place");
        String back = rig.instant("stopHibernation");
        rig.run(10);
        assertEquals("FAILED", rig.status(second));
        assertEquals("FINISHED", rig.status(back));
        assertEquals(ConnectionState.ONLINE, rig.connections.getLast().connectionState());

        rig.instant("startHibernation", "wakeUpTime", "2026-01-05T08:30:00Z");
        rig.run(1);
        rig.vehicle.restart(Duration.ofSeconds(1));
        rig.run(30);
        rig.instant("startHibernation");
        rig.run(3600);
        assertEquals(ConnectionState.HIBERNATING, rig.connections.getLast().connectionState());
    }
}
