package org.diwan.robots.roads;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who goes where after whom: what an action dependency graph is [1], kept as one waiting line for each room.
///
/// A vehicle has a path: where it is and the vertices it will still visit. Each stay in a room stands in that room's
/// line, in the order of commitment; the stay at its head is in the room or may come in. A stay is added at the end
/// of the line, and only when the one before it has a next stay elsewhere or gets one in the same joint move, where
/// nobody moves in a circle. So whatever a stay waits for was committed before it, in an order without circles:
/// somebody can always go on, and everybody arrives however late others are.
///
/// A vehicle that moves from u to v holds both until it is reported at v.
///
/// 1. Hönig, Kiesel, Tinka, Durham, Ayanian, "Persistent and Robust Execution of MAPF Schedules in Warehouses",
///    IEEE Robotics and Automation Letters 4(2), 2019.
final class Precedence {
    private final Roads roads;
    private final List<List<Vehicle>> lines = new ArrayList<>();

    Precedence(Roads roads) {
        this.roads = roads;
        for (int room = 0; room < roads.size; room++) lines.add(new ArrayList<>(2));
    }

    /// Who is committed to be the last in `room`, or null.
    @Nullable
    Vehicle last(int room) {
        return lines.get(room).isEmpty() ? null : lines.get(room).getLast();
    }

    /// Lets `vehicle` go to `vertex` after all that it does already. Of a joint move, those that leave a room may be
    /// added after those that enter it.
    void add(Vehicle vehicle, int vertex) {
        boolean stays = vehicle.length() > 0 && roads.room[vehicle.end()] == roads.room[vertex];
        vehicle.append(vertex);
        if (!stays) line(vertex).add(vehicle);
    }

    /// `vehicle` is at the next vertex of its path.
    void passed(Vehicle vehicle) {
        int left = vehicle.removeFirst();
        if (roads.room[left] == roads.room[vehicle.at()]) return;
        var line = line(left);
        assert line.getFirst() == vehicle : "a vehicle leaves a room that was another's";
        line.removeFirst();
    }

    /// How many of the vertices ahead of `vehicle` nobody else is to leave before it may come.
    int free(Vehicle vehicle) {
        int free = 0;
        while (free + 1 < vehicle.length() && isFree(vehicle, free + 1)) free++;
        return free;
    }

    /// Whether all stays in the room before that of `step` are the vehicle's own.
    private boolean isFree(Vehicle vehicle, int step) {
        int place = place(vehicle, step);
        var line = line(vehicle.step(step));
        for (int i = 0; i < place; i++) if (line.get(i) != vehicle) return false;
        return true;
    }

    /// The place in its line of the stay to which `step` of the path belongs.
    private int place(Vehicle vehicle, int step) {
        int room = roads.room[vehicle.step(step)];
        int stays = 0;
        for (int i = 0; i <= step; i++) {
            boolean first = i == 0 || roads.room[vehicle.step(i - 1)] != roads.room[vehicle.step(i)];
            if (first && roads.room[vehicle.step(i)] == room) stays++;
        }
        var line = line(room);
        for (int place = 0; place < line.size(); place++) {
            if (line.get(place) == vehicle) stays--;
            if (stays == 0) return place;
        }
        throw new AssertionError("a stay that is in no line");
    }

    /// Forgets all of the path of `vehicle` but where it is and the next `keep` vertices, and of other paths what
    /// comes after it. What is free of others stays free and is not touched.
    void cut(Vehicle vehicle, int keep) {
        while (vehicle.length() > keep + 1) {
            int last = vehicle.end();
            vehicle.removeLast();
            if (roads.room[last] != roads.room[vehicle.end()])
                line(last).remove(line(last).lastIndexOf(vehicle));
        }
        // Whoever was to come after it into the room that it now does not leave must not come.
        int place = place(vehicle, vehicle.length() - 1);
        var line = line(vehicle.end());
        while (line.size() > place + 1) {
            var next = line.get(place + 1);
            assert next != vehicle : "a stay after the last";
            cut(next, step(next, line, place + 1) - 1);
        }
    }

    /// The first step of `vehicle` in the stay at `place` of `line`.
    private int step(Vehicle vehicle, List<Vehicle> line, int place) {
        int before = 0;
        for (int i = 0; i < place; i++) if (line.get(i) == vehicle) before++;
        for (int step = 0; step < vehicle.length(); step++) {
            int room = roads.room[vehicle.step(step)];
            boolean first = step == 0 || roads.room[vehicle.step(step - 1)] != room;
            if (!first || lines.get(room) != line) continue;
            if (before == 0) return step;
            before--;
        }
        throw new AssertionError("a line has a stay that no path has");
    }

    /// Takes the vehicle away with all its stays.
    void remove(Vehicle vehicle) {
        for (int step = 0; step < vehicle.length(); step++)
            line(vehicle.step(step)).removeIf(stay -> stay == vehicle);
    }

    private List<Vehicle> line(int vertex) {
        return lines.get(roads.room[vertex]);
    }
}
