package org.diwan.robots.roads;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Gets a vehicle going that waits in vain: past others that are held, by the shortest way that none of them stands
/// on; past all others by a [Search] over it and those nearest to it, twice as many each time, while the rest stand
/// still. First all of them are to come to their goals; where that cannot be, as two may want to be at one place,
/// only the vehicle itself.
///
/// Of what the search finds, as much is committed as it takes until none of them will be where another was before:
/// they have got past each other, and go on as everybody does. If one of them is in need again before it is at its
/// goal, all is committed, so a jam is not made anew for ever.
final class Rescue {
    /// Vehicles in one search.
    static final int MAX_GROUP = 32;

    /// So many at the first try, and twice as many at the next.
    private static final int FIRST_GROUP = 8;

    /// Whoever could not be helped is tried again when one of so many next to it changes.
    private static final int NEIGHBOURS = 8;

    /// Joint moves committed at once.
    private static final int MAX_MOVES = 512;

    /// Single moves proposed in one search, at first; as many times more as it was tried in vain, up to
    /// [#MAX_PATIENCE].
    private static final int WORK = 40_000;

    private static final int MAX_PATIENCE = 2;

    /// A vehicle that is held is thought to be so for 30 s more, and for another second with each plan.
    private static final int HELD = 30_000;

    private static final int HELD_MORE = 1_000;

    private final Roads roads;
    private final Fields fields;
    private final Precedence precedence;
    private final Search search;
    private final boolean hasLift;

    Rescue(Roads roads, Fields fields, Precedence precedence, Step step) {
        this.roads = roads;
        this.fields = fields;
        this.precedence = precedence;
        search = new Search(roads, step);
        hasLift = IntStream.range(0, roads.size).anyMatch(v -> roads.cabin[v]);
    }

    /// What came of it.
    enum Outcome {
        HELPED,
        /// It waits for one that is held.
        WAITS,
        /// No way was found.
        FAILED
    }

    /// Does what can be done for `focus`, one of `vehicles`.
    Outcome help(Vehicle focus, List<Vehicle> vehicles, boolean[] closed, long plan) {
        var held = vehicles.stream().filter(vehicle -> vehicle.held).toList();
        int room = roads.room[focus.goal];
        if (held.stream().anyMatch(other -> roads.room[other.end()] == room)) return Outcome.WAITS;
        int[] left = focus.detour != null ? focus.detour : fields.to(focus.goal, focus.permit, closed);
        if (!held.isEmpty()) {
            int[] round = fields.search(focus.goal, focus.permit, blocked(held, closed));
            if (round[focus.end()] == Fields.UNREACHABLE) return Outcome.WAITS;
            long detour = (long) round[focus.end()] - left[focus.end()];
            if (detour > 0) {
                if (focus.waitsSince < 0) focus.waitsSince = plan;
                if (HELD + HELD_MORE * (plan - focus.waitsSince) < detour) return Outcome.WAITS;
                focus.goRound(round);
                return Outcome.HELPED;
            }
        }
        int most = Math.min(MAX_GROUP, FIRST_GROUP << Math.min(focus.tries, MAX_PATIENCE));
        for (var aim : Aim.values()) {
            if (aim == Aim.FOCUS && focus.visited) continue;
            if (aim == Aim.DESPERATE && !hasLift) continue;
            int size = 1;
            while (size < most) {
                var group = nearest(focus, vehicles, 2 * size);
                if (group.size() <= size && size > 1) break;
                size *= 2;
                if (solve(group, aim, vehicles, closed)) return Outcome.HELPED;
            }
        }
        return Outcome.FAILED;
    }

    /// What a search is for.
    private enum Aim {
        /// All come to their goals.
        ALL,
        /// The vehicle in need does.
        FOCUS,
        /// All do, and may step aside into a lift.
        DESPERATE
    }

    /// Where nobody can go: what is closed and the rooms of `others`.
    private boolean[] blocked(List<Vehicle> others, boolean[] closed) {
        var taken = new HashSet<Integer>();
        for (var other : others) taken.add(roads.room[other.end()]);
        var blocked = closed.clone();
        for (int v = 0; v < blocked.length; v++) blocked[v] |= taken.contains(roads.room[v]);
        return blocked;
    }

    /// Up to `size` vehicles that can be moved, by the number of lanes between them and `focus`, which is the first.
    private List<Vehicle> nearest(Vehicle focus, List<Vehicle> vehicles, int size) {
        var at = new HashMap<Integer, Vehicle>();
        for (var vehicle : vehicles) at.put(vehicle.end(), vehicle);
        focus.neighbours.clear();
        var near = new ArrayList<Vehicle>();
        var queue = new ArrayDeque<Integer>();
        var seen = new boolean[roads.size];
        queue.add(focus.end());
        seen[focus.end()] = true;
        while (!queue.isEmpty() && near.size() < size) {
            int vertex = queue.remove();
            var vehicle = at.get(vertex);
            if (vehicle != null && focus.neighbours.size() < NEIGHBOURS) focus.neighbours.add(vehicle);
            if (vehicle != null && !vehicle.held && !vehicle.arriving()) near.add(vehicle);
            for (int[] neighbours : new int[][] {roads.next[vertex], roads.previous[vertex]})
                for (int neighbour : neighbours)
                    if (!seen[neighbour]) {
                        seen[neighbour] = true;
                        queue.add(neighbour);
                    }
        }
        return near;
    }

    private boolean solve(List<Vehicle> group, Aim aim, List<Vehicle> vehicles, boolean[] closed) {
        boolean all = aim != Aim.FOCUS;
        var members = new HashSet<>(group);
        var blocked = blocked(
                vehicles.stream().filter(vehicle -> !members.contains(vehicle)).toList(), closed);
        var agents = new ArrayList<Agent>();
        var wanted = new boolean[group.size()];
        var goals = new HashSet<Integer>();
        for (int i = 0; i < group.size(); i++)
            if (group.get(i).end() == group.get(i).goal) goals.add(roads.room[group.get(i).goal]);
        for (int i = 0; i < group.size(); i++) {
            var vehicle = group.get(i);
            int[] left = vehicle.goal < 0 ? null : fields.search(vehicle.goal, vehicle.permit, blocked);
            boolean possible = left != null && left[vehicle.end()] != Fields.UNREACHABLE;
            // Of those that want one room, only who is there or comes first can be there in the end.
            if (all && possible && vehicle.end() != vehicle.goal) possible = goals.add(roads.room[vehicle.goal]);
            if (i == 0 && !possible) return false;
            wanted[i] = possible && (all || i == 0);
            var agent = new Agent(vehicle.permit, possible ? left : null, false, false, aim == Aim.DESPERATE);
            agent.at = vehicle.end();
            agent.before = vehicle.beforeEnd();
            agents.add(agent);
        }
        int work = WORK << Math.min(group.getFirst().tries, MAX_PATIENCE);
        var places = search.find(agents, wanted, blocked, work / group.size());
        if (places.isEmpty()) return false;
        straighten(places);
        boolean again = group.stream().anyMatch(vehicle -> vehicle.rescues > 0);
        int moves = Math.min(MAX_MOVES, again ? places.size() - 1 : entangled(places));
        for (int move = 1; move <= moves; move++)
            for (int i = 0; i < group.size(); i++)
                if (places.get(move)[i] != places.get(move - 1)[i]) precedence.add(group.get(i), places.get(move)[i]);
        for (var vehicle : group) vehicle.rescues++;
        return true;
    }

    /// Takes out detours to a place and back, where nobody else was in between.
    private void straighten(List<int[]> places) {
        for (int who = 0; who < places.getFirst().length; who++)
            for (int start = 0; start < places.size(); start++)
                for (int end = places.size() - 1; end > start + 1; end--)
                    if (places.get(start)[who] == places.get(end)[who] && alone(places, who, start, end))
                        for (int move = start; move < end; move++) places.get(move)[who] = places.get(end)[who];
    }

    /// Whether nobody else is in the room where `who` is at `start` until `end`.
    private boolean alone(List<int[]> places, int who, int start, int end) {
        int room = roads.room[places.get(start)[who]];
        return IntStream.rangeClosed(start, end).allMatch(move -> IntStream.range(0, places.get(move).length)
                .allMatch(other -> other == who || roads.room[places.get(move)[other]] != room));
    }

    /// The number of moves after which nobody goes where another was before; all if that is none.
    private int entangled(List<int[]> places) {
        Map<Integer, Set<Integer>> visitors = new HashMap<>();
        int last = 0;
        for (int move = 0; move < places.size(); move++) {
            for (int who = 0; who < places.get(move).length; who++) {
                var before = visitors.getOrDefault(roads.room[places.get(move)[who]], Set.of());
                if (before.size() > 1 || (before.size() == 1 && !before.contains(who))) last = move;
            }
            for (int who = 0; who < places.get(move).length; who++)
                visitors.computeIfAbsent(roads.room[places.get(move)[who]], room -> new HashSet<>())
                        .add(who);
        }
        return last == 0 ? places.size() - 1 : last;
    }
}
