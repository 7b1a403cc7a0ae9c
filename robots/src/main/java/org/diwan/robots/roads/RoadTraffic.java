package org.diwan.robots.roads;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.roads.Fields.Permit;

/// The traffic on a building's roads: no two vehicles ever hold one vertex, and nobody waits for ever.
///
/// The caller says who is where and wants to go where, asks for a [#plan], lets each vehicle go to those of its
/// [#committed] vertices that are free, and reports each one that it has [#passed]. A vehicle has arrived when it
/// is at its goal and nothing is committed; until then no plan leads it on, so that it can be held there or sent on.
/// After that, if it is not held, others may push it aside, and it comes back.
///
/// Planning is in rounds of [Step] from where everybody will be when all that is committed is done; the order in
/// which
/// they pass each vertex is kept in [Precedence]. All is a function of the calls and the seed. Owned by one thread.
public final class RoadTraffic {
    /// Vehicles at once.
    public static final int MAX_VEHICLES = 4096;

    /// Who has so many vertices ahead plans no more, but may be pushed on for as many.
    static final int HORIZON = 6;

    private static final int MAX_ROUNDS = 4 * HORIZON;

    private final Roads roads;
    private final Fields fields;
    private final Precedence precedence;
    private final Step step;
    private final boolean[] closed;
    private final List<Vehicle> vehicles = new ArrayList<>();
    private final Map<Integer, Vehicle> byNumber = new HashMap<>();
    private final Map<Set<String>, Permit> permits = new HashMap<>();
    private final Permit none;
    private int entered;
    private long round;

    public RoadTraffic(RoadMap map, long seed) {
        roads = new Roads(map);
        fields = new Fields(roads);
        precedence = new Precedence(roads);
        closed = new boolean[roads.size];
        step = new Step(roads, fields, closed, new SplittableRandom(seed));
        none = new Permit(roads.permitted(Set.of()));
    }

    /// A vehicle appears at `vertex`; returns its number.
    ///
    /// @throws IllegalArgumentException if another is there or is on its way there
    public int enter(int vertex) {
        if (vehicles.size() >= MAX_VEHICLES)
            throw new IllegalArgumentException("vehicles are " + MAX_VEHICLES + " already, no more can enter");
        if (precedence.last(roads.room[vertex]) != null)
            throw new IllegalArgumentException("vertex " + vertex + " is another vehicle's, nobody can appear there");
        var vehicle = new Vehicle(entered, none, round);
        entered++;
        precedence.add(vehicle, vertex);
        vehicles.add(vehicle);
        byNumber.put(vehicle.number, vehicle);
        return vehicle.number;
    }

    /// The vehicle is gone: carried away, or switched off where it is in nobody's way.
    public void leave(int vehicle) {
        var gone = vehicle(vehicle);
        precedence.remove(gone);
        vehicles.remove(gone);
        byNumber.remove(vehicle);
    }

    /// Sends the vehicle to `vertex`, or nowhere if that is -1: then it stays and gives way. Larger urgency goes
    /// first;
    /// `permissions` are the ids of the restricted zones that it may enter.
    public void goal(int vehicle, int vertex, long urgency, Set<String> permissions) {
        var sent = vehicle(vehicle);
        sent.goal = vertex;
        sent.urgency = urgency;
        sent.permit = permits.computeIfAbsent(Set.copyOf(permissions), ids -> new Permit(roads.permitted(ids)));
    }

    /// While held, a vehicle gets no more moves. Those of its committed vertices that are not yet free are
    /// forgotten, and so is what of other vehicles comes after them.
    public void hold(int vehicle, boolean held) {
        var of = vehicle(vehicle);
        of.held = held;
        if (held) precedence.cut(of, precedence.free(of));
    }

    /// While closed, nobody gets a move into `vertex`; whoever is there may leave. What was committed and leads
    /// there is forgotten, unless it is free already.
    public void close(int vertex, boolean closed) {
        this.closed[vertex] = closed;
        fields.clear();
        for (var vehicle : vehicles)
            for (int step = precedence.free(vehicle) + 1; closed && step < vehicle.length(); step++)
                if (vehicle.step(step) == vertex) precedence.cut(vehicle, step - 1);
    }

    /// Commits moves until everybody has enough ahead or cannot move.
    public void plan() {
        for (int i = 0; i < MAX_ROUNDS; i++) if (!round()) break;
    }

    /// One joint move; whether anybody moves.
    private boolean round() {
        round++;
        vehicles.sort(Comparator.comparing((Vehicle vehicle) -> vehicle.ahead() >= HORIZON || vehicle.goal < 0)
                .thenComparing(vehicle -> -vehicle.urgency)
                .thenComparing(vehicle -> vehicle.since)
                .thenComparing(vehicle -> vehicle.number));
        var agents = new ArrayList<Agent>();
        for (var vehicle : vehicles) agents.add(agent(vehicle));
        step.plan(agents);
        boolean moved = false;
        for (int i = 0; i < agents.size(); i++) {
            var vehicle = vehicles.get(i);
            var agent = agents.get(i);
            if (agent.next == vehicle.goal) vehicle.since = round;
            if (agent.next == agent.at) continue;
            precedence.add(vehicle, agent.next);
            moved = true;
        }
        return moved;
    }

    private Agent agent(Vehicle vehicle) {
        int[] left = vehicle.goal < 0 ? null : fields.to(vehicle.goal, vehicle.permit, closed);
        if (left != null && left[vehicle.end()] == Fields.UNREACHABLE) left = null;
        var agent = new Agent(vehicle.permit, left);
        agent.at = vehicle.end();
        agent.before = vehicle.beforeEnd();
        agent.fixed = vehicle.held || vehicle.arriving() || vehicle.ahead() >= 2 * HORIZON;
        agent.resting = vehicle.ahead() >= HORIZON;
        return agent;
    }

    /// The vertices that the vehicle will still visit, in order.
    public List<Passage> committed(int vehicle) {
        var of = vehicle(vehicle);
        int free = precedence.free(of);
        var passages = new ArrayList<Passage>(of.ahead());
        for (int i = 1; i < of.length(); i++) passages.add(new Passage(of.step(i), i <= free));
        return passages;
    }

    /// One vertex ahead; the vehicle may go there if it is `free`: all who go there before are reported past it, and
    /// the vertices before it on the way are free too.
    public record Passage(int vertex, boolean free) {}

    /// The vehicle is at the first of its committed vertices and has left the one before.
    ///
    /// @throws IllegalStateException if there is none, or it is not free
    public void passed(int vehicle) {
        var passing = vehicle(vehicle);
        if (precedence.free(passing) == 0)
            throw new IllegalStateException("vehicle " + vehicle + " is at no vertex that was free for it");
        precedence.passed(passing);
    }

    /// Vehicles that have a goal and cannot get nearer.
    public List<Integer> stuck() {
        var stuck = new ArrayList<Integer>();
        for (var vehicle : vehicles)
            if (vehicle.goal >= 0 && !vehicle.held && vehicle.ahead() == 0 && vehicle.at() != vehicle.goal)
                stuck.add(vehicle.number);
        stuck.sort(null);
        return stuck;
    }

    private Vehicle vehicle(int number) {
        var vehicle = byNumber.get(number);
        if (vehicle == null) throw new IllegalArgumentException("no vehicle " + number);
        return vehicle;
    }
}
