package org.diwan.robots.building;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;

/// What moves in a building, at one instant: what [Drawing#page] asks for every second.
public record View(Instant time, List<Robot> robots, List<Cabin> lifts, Jobs jobs) {
    /// One robot.
    ///
    /// @param floor empty if it is nowhere known
    /// @param x metres on the floor, as `y`
    /// @param theta radians, counter-clockwise from x
    /// @param battery percent
    /// @param load what it carries; empty: nothing
    /// @param job empty: none
    /// @param next places still before it, in order
    public record Robot(
            String serial,
            String floor,
            double x,
            double y,
            double theta,
            double battery,
            String load,
            String job,
            Doing doing,
            List<String> next) {
        public Robot {
            next = List.copyOf(next);
        }
    }

    /// What a robot does.
    public enum Doing {
        IDLE,
        DRIVING,
        ACTING,
        CHARGING,
        FAULT
    }

    /// One lift.
    ///
    /// @param floor the nearest
    /// @param height metres, as floors have elevations
    /// @param holder who has it; empty: nobody
    public record Cabin(String id, String floor, double height, boolean open, String holder) {}

    /// How many jobs there are.
    public record Jobs(int running, int waiting, int done, int refused) {}

    /// Nothing moves.
    public static final View EMPTY = new View(Instant.EPOCH, List.of(), List.of(), new Jobs(0, 0, 0, 0));

    public View {
        robots = List.copyOf(robots);
        lifts = List.copyOf(lifts);
    }

    /// As the page reads it, on one line.
    public String json() {
        return CanonicalJson.text(tree());
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("time", time.toString());
        var all = new ArrayList<Object>();
        for (var robot : robots) all.add(tree(robot));
        tree.put("robots", all);
        var cabins = new ArrayList<Object>();
        for (var lift : lifts)
            cabins.add(Map.of(
                    "id",
                    lift.id(),
                    "floor",
                    lift.floor(),
                    "height",
                    lift.height(),
                    "open",
                    lift.open(),
                    "holder",
                    lift.holder()));
        tree.put("lifts", cabins);
        tree.put(
                "jobs",
                Map.of(
                        "running", jobs.running(),
                        "waiting", jobs.waiting(),
                        "done", jobs.done(),
                        "refused", jobs.refused()));
        return tree;
    }

    private static Map<String, Object> tree(Robot robot) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("serial", robot.serial());
        tree.put("floor", robot.floor());
        tree.put("x", robot.x());
        tree.put("y", robot.y());
        tree.put("theta", robot.theta());
        tree.put("battery", robot.battery());
        tree.put("load", robot.load());
        tree.put("job", robot.job());
        tree.put("doing", BuildingFile.word(robot.doing()));
        tree.put("next", robot.next());
        return tree;
    }
}
