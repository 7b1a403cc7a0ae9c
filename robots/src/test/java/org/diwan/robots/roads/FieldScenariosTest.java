package org.diwan.robots.roads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.junit.jupiter.api.Test;

/// Deadlocks and stalls that users of other fleet managers reported, each on a small map. Moves take 1 s to 2 s, and
/// all are home as soon as they would be if each waited for the other once; the reports are of minutes, or of for
/// ever.
class FieldScenariosTest {
    /// open-rmf/rmf issue 356: two robots wait for each other before an intersection for 2.5 minutes.
    @Test
    void twoAtAJunction() {
        var scene = new Scene(Graphs.drawn("  c  ", "  |  ", "a-x-b", "  |  ", "  d  "));
        scene.send("a", "b");
        scene.send("c", "d");
        scene.homeWithin(8);
    }

    /// osrf/rmf_core issue 145: a deadlock when two meet head to head on a single lane.
    @Test
    void headOnInANarrowCorridor() {
        var scene = new Scene(Graphs.drawn("a-b-c-d-e-f-g", "    |        ", "    h        "));
        scene.send("a", "g");
        scene.send("g", "a");
        scene.homeWithin(30);
    }

    /// open-rmf/rmf_ros2 issue 503: two robots that swap places while patrolling come to a deadlock after several
    /// patrols.
    @Test
    void patrolsThatSwapPlaces() {
        var scene = new Scene(Graphs.drawn("a-b-c-d-e", "    |    ", "    f    "));
        int one = scene.send("a", "e");
        int two = scene.send("e", "a");
        for (int patrol = 0; patrol < 50; patrol++) {
            scene.homeWithin(30);
            scene.drive.goal(one, scene.vertex(patrol % 2 == 0 ? "a" : "e"));
            scene.drive.goal(two, scene.vertex(patrol % 2 == 0 ? "e" : "a"));
        }
        scene.homeWithin(30);
    }

    /// open-rmf/rmf_traffic issue 108: two fetch something at one place, and neither yields when both are to leave
    /// it.
    @Test
    void twoFetchFromOnePlace() {
        var scene = new Scene(Graphs.drawn("a-b-c", "| | |", "d g e", "    |", "    f"));
        int one = scene.send("a", "f");
        int two = scene.send("d", "f");
        var fetched = new ArrayList<Integer>();
        scene.drive.listen(vehicle -> {
            if (!fetched.contains(vehicle)) {
                fetched.add(vehicle);
                scene.traffic.hold(vehicle, true);
                scene.drive.after(Duration.ofSeconds(5), () -> {
                    scene.traffic.hold(vehicle, false);
                    scene.drive.goal(vehicle, scene.vertex(vehicle == one ? "a" : "d"));
                });
            }
        });
        assertTrue(scene.drive.until(() -> fetched.size() == 2 && scene.drive.allHome(), Duration.ofSeconds(90)));
        assertEquals(Set.of(one, two), Set.copyOf(fetched));
    }

    /// osrf/rmf_core issue 303 and open-rmf/rmf_demos pull request 213: an idle robot stands in the way for ever.
    @Test
    void idleRobotInTheWayGivesWay() {
        var scene = new Scene(Graphs.drawn("a-b-c-d-e", "    |    ", "    f    "));
        scene.send("a", "e");
        int idle = scene.idle("d");
        scene.homeWithin(30);
        assertFalse(scene.drive.at(idle) == scene.vertex("e"));
    }

    /// osrf/rmf_core issue 303 again: where the robot in the way cannot move, the other is to take the longer way.
    @Test
    void heldRobotInTheWayIsGoneRound() {
        var scene = new Scene(Graphs.drawn("a-b-c", "|   |", "d-e-f"));
        int broken = scene.idle("b");
        scene.traffic.hold(broken, true);
        scene.send("a", "c");
        scene.homeWithin(12);
    }

    /// Where only the one that is held can make way, it is said that the other is stuck, and it goes on when that
    /// can move.
    @Test
    void heldRobotThatCannotBeGoneRoundIsWaitedFor() {
        var scene = new Scene(Graphs.drawn("a-b-c-d", "    |  ", "    e  "));
        int working = scene.idle("b");
        scene.traffic.hold(working, true);
        int waiting = scene.send("a", "d");
        assertFalse(scene.drive.until(scene.drive::allHome, Duration.ofSeconds(60)));
        assertEquals(List.of(waiting), scene.traffic.stuck());
        scene.traffic.hold(working, false);
        assertTrue(scene.drive.until(() -> scene.drive.home(waiting), Duration.ofSeconds(15)));
        assertEquals(List.of(), scene.traffic.stuck());
    }

    /// open-rmf/rmf_ros2 pull request 369: one has the mutex group before the lift and waits for the lift, the other
    /// has the lift and waits for the mutex group.
    @Test
    void liftSessionAgainstMutexGroup() {
        var scene = new Scene(new Graphs()
                .floor("0", "a-b-c", "|    ", "d    ")
                .floor("1", "e-f-g", "  |  ", "  h  ")
                .lift("L", "a", "e")
                .zone("group", Zone.Kind.RELEASE, "ab")
                .map());
        scene.send("c", "f");
        scene.send("e", "d");
        scene.send("g", "c");
        scene.homeWithin(60);
    }

    /// open-rmf/rmf_ros2 issue 314: a lift whose door stands open is never given to the robot. While the lift cannot
    /// be entered nobody is committed to it; afterwards all goes on.
    @Test
    void liftThatCannotBeEnteredForAWhile() {
        var scene = new Scene(new Graphs()
                .floor("0", "a-b")
                .floor("1", "c-d")
                .lift("L", "b", "c")
                .map());
        int robot = scene.send("a", "d");
        scene.traffic.close(scene.vertex("L"), true);
        assertFalse(scene.drive.until(scene.drive::allHome, Duration.ofSeconds(60)));
        assertEquals(List.of(robot), scene.traffic.stuck());
        scene.traffic.close(scene.vertex("L"), false);
        scene.homeWithin(12);
    }

    /// openTCS issue 257: two threads take two locks in opposite orders. Here nobody takes anything but in the order
    /// of commitment: four that each stand where the next one has to go get round, with two bays to spare.
    @Test
    void fourThatWaitForEachOtherInACircle() {
        var scene = new Scene(Graphs.drawn("a-b-e", "| |  ", "d-c-f"));
        scene.send("a", "b");
        scene.send("b", "c");
        scene.send("c", "d");
        scene.send("d", "a");
        scene.homeWithin(60);
    }

    /// openTCS/opentcs-commadapter-vda5050 issue 12: after a parking order was interrupted, the vehicle keeps its
    /// horizon and does nothing else.
    @Test
    void parkingInterruptedByAnOrder() {
        var scene = new Scene(Graphs.grid(1, 30));
        int robot = scene.drive.enter(10);
        scene.drive.goal(robot, 29);
        scene.drive.until(() -> scene.drive.at(robot) >= 13, Duration.ofSeconds(60));
        scene.drive.goal(robot, 0);
        scene.homeWithin(2 * (13 + 2 * RoadTraffic.HORIZON));
    }

    /// A small map with vehicles on their ways.
    private static final class Scene {
        private final RoadMap map;
        private final RoadTraffic traffic;
        private final Drive drive;

        Scene(RoadMap map) {
            this.map = map;
            traffic = new RoadTraffic(map, 1);
            drive = new Drive(map, traffic, new SplittableRandom(1));
        }

        int vertex(String place) {
            return map.vertex(place);
        }

        int send(String from, String to) {
            int vehicle = drive.enter(vertex(from));
            drive.goal(vehicle, vertex(to));
            return vehicle;
        }

        int idle(String at) {
            return drive.enter(vertex(at));
        }

        void homeWithin(int seconds) {
            assertTrue(drive.until(drive::allHome, Duration.ofSeconds(seconds)), "stuck " + traffic.stuck());
        }
    }
}
