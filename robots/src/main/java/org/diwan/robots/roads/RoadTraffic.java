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
/// which they pass each vertex is kept in [Precedence]. All is a function of the calls and the seed. Owned by one
/// thread.
public final class RoadTraffic {
    /// Vehicles at once.
    public static final int MAX_VEHICLES = 4096;

    /// Who has so many vertices ahead plans no more, but may be pushed on for as many.
    static final int HORIZON = 6;

    /// Of one plan, so that it always ends.
    private static final int MAX_ROUNDS = 4 * HORIZON;

    static final int MAX_RESCUES = 8;

    /// Own moves of a vehicle that did not bring it nearer to its goal than it was before, until it is thought to go
    /// in circles.
    private static final int MAX_VAIN_MOVES = 8;

    /// Whoever could not be helped is tried again in each of so many plans, then half as often each time.
    private static final int EARLY_TRIES = 3;

    private static final int MAX_TRIES = 20;

    private final Roads roads;
    private final Fields fields;
    private final Precedence precedence;
    private final Step step;
    private final Detector detector;
    private final Rescue rescue;
    /// Who is in a lift must out; then by urgency, and by the time since they were at a goal. Who has enough ahead
    /// and who has no goal comes last.
    private final Comparator<Vehicle> rank;

    private final int mostRescues;
    private final boolean[] closed;
    private final List<Vehicle> vehicles = new ArrayList<>();
    private final Map<Integer, Vehicle> byNumber = new HashMap<>();
    private final Map<Set<String>, Permit> permits = new HashMap<>();
    private final Permit none;
    /// Of the last joint move, in the order of the vehicles.
    private final List<Agent> agents = new ArrayList<>();

    private List<Vehicle> inVain = List.of();
    private int entered;
    private long plan;
    private long round;
    private long detected;
    private long resolved;

    public RoadTraffic(RoadMap map, long seed) {
        this(map, seed, MAX_RESCUES);
    }

    /// With at most so many rescues in one plan; 0 leaves PIBT alone.
    RoadTraffic(RoadMap map, long seed, int mostRescues) {
        this.mostRescues = mostRescues;
        roads = new Roads(map);
        fields = new Fields(roads);
        precedence = new Precedence(roads);
        closed = new boolean[roads.size];
        var random = new SplittableRandom(seed);
        step = new Step(roads, random, false);
        detector = new Detector(roads, step);
        rescue = new Rescue(roads, fields, precedence, new Step(roads, random, true));
        rank = Comparator.comparing((Vehicle vehicle) -> !roads.cabin[vehicle.end()])
                .thenComparing(vehicle -> vehicle.ahead() >= HORIZON || vehicle.goal < 0 || vehicle.resigned)
                .thenComparing(vehicle -> -vehicle.urgency)
                .thenComparing(vehicle -> vehicle.visited)
                .thenComparing(vehicle -> vehicle.since)
                .thenComparing(vehicle -> vehicle.number);
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
        inVain = inVain.stream().filter(other -> other != gone).toList();
        changed(gone);
    }

    /// Sends the vehicle to `vertex`, or nowhere if that is -1: then it stays and gives way. Larger urgency goes
    /// first; `permissions` are the ids of the restricted zones that it may enter.
    public void goal(int vehicle, int vertex, long urgency, Set<String> permissions) {
        var sent = vehicle(vehicle);
        if (sent.goal != vertex) {
            sent.send(vertex);
            precedence.cut(sent, precedence.free(sent));
            changed(sent);
        }
        sent.urgency = urgency;
        sent.permit = permits.computeIfAbsent(Set.copyOf(permissions), ids -> new Permit(roads.permitted(ids)));
    }

    /// While held, a vehicle gets no more moves. Those of its committed vertices that are not yet free are
    /// forgotten, and so is what of other vehicles comes after them.
    public void hold(int vehicle, boolean held) {
        var of = vehicle(vehicle);
        of.held = held;
        if (held) precedence.cut(of, precedence.free(of));
        else changed(of);
    }

    /// Of what is committed for the vehicle only the first `keep` vertices stay, whatever is free: it was not
    /// told to go farther, and will not be.
    public void forget(int vehicle, int keep) {
        precedence.cut(vehicle(vehicle), keep);
    }

    /// While closed, nobody gets a move into `vertex`; whoever is there may leave. What was committed and leads
    /// there is forgotten, unless it is free already.
    public void close(int vertex, boolean closed) {
        this.closed[vertex] = closed;
        fields.clear();
        for (var vehicle : vehicles) vehicle.retry();
        for (var vehicle : vehicles) vehicle.detour = null;
        for (var vehicle : vehicles)
            for (int step = precedence.free(vehicle) + 1; closed && step < vehicle.length(); step++)
                if (vehicle.step(step) == vertex) precedence.cut(vehicle, step - 1);
    }

    /// What could not be done for those beside `vehicle` may be possible now.
    private void changed(Vehicle vehicle) {
        for (var other : vehicles) if (other.neighbours.contains(vehicle)) other.retry();
    }

    /// Commits moves until everybody has enough ahead or cannot move. Meant to be called after every change, and
    /// about once a second while somebody waits: patience is counted in plans.
    public void plan() {
        plan++;
        for (int rescues = 0; rescues <= mostRescues; rescues++) {
            int rounds = 0;
            while (round() && rounds < MAX_ROUNDS) rounds++;
            inVain = detector.inVain(vehicles, agents, closed);
            if (rescues == mostRescues || !rescue()) return;
        }
    }

    /// One joint move; whether anybody moves.
    private boolean round() {
        round++;
        vehicles.sort(rank);
        agents.clear();
        for (var vehicle : vehicles) agents.add(agent(vehicle));
        step.plan(agents, closed);
        boolean moved = false;
        for (int i = 0; i < agents.size(); i++) {
            var vehicle = vehicles.get(i);
            var agent = agents.get(i);
            if (agent.next == vehicle.goal) vehicle.since = round;
            if (agent.next == agent.at) continue;
            precedence.add(vehicle, agent.next);
            moved = true;
            if (agent.left != null && !agent.pushed) vehicle.went(agent.left[agent.next]);
        }
        return moved;
    }

    private Agent agent(Vehicle vehicle) {
        int[] left = null;
        if (vehicle.goal >= 0 && !vehicle.resigned) {
            if (vehicle.detour != null && vehicle.detour[vehicle.end()] == Fields.UNREACHABLE) vehicle.detour = null;
            left = vehicle.detour != null ? vehicle.detour : fields.to(vehicle.goal, vehicle.permit, closed);
            if (left[vehicle.end()] == Fields.UNREACHABLE) left = null;
        }
        var agent = new Agent(vehicle.permit, left, vehicle.ahead() >= HORIZON, vehicle.visited, false);
        agent.at = vehicle.end();
        agent.before = vehicle.beforeEnd();
        boolean fixed = vehicle.held || vehicle.arriving() || vehicle.ahead() >= 2 * HORIZON;
        agent.next = fixed ? agent.at : -1;
        return agent;
    }

    /// Helps the first vehicle in rank that waits in vain, or that moves and gets no nearer, and can be helped.
    private boolean rescue() {
        for (var vehicle : vehicles) {
            boolean inCircles = vehicle.wants() && vehicle.vainMoves > MAX_VAIN_MOVES;
            if ((!inCircles && !inVain.contains(vehicle)) || vehicle.nextRescue > plan) continue;
            vehicle.vainMoves = 0;
            vehicle.resigned = false;
            var outcome = rescue.help(vehicle, vehicles, closed, plan);
            if (outcome != Rescue.Outcome.WAITS) detected++;
            if (outcome == Rescue.Outcome.HELPED) {
                resolved++;
                return true;
            }
            vehicle.nextRescue = plan + (1L << Math.max(0, vehicle.tries - EARLY_TRIES));
            vehicle.tries = Math.min(MAX_TRIES, vehicle.tries + 1);
            vehicle.resigned = outcome == Rescue.Outcome.FAILED;
        }
        return false;
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
        if (passing.at() != passing.goal || passing.ahead() > 0) return;
        passing.visited = true;
        for (var other : vehicles) if (other.neighbours.contains(passing)) other.nextRescue = 0;
    }

    /// Vehicles that have a goal and had not come nearer to it when all was planned: nobody next to
    /// them can still move, and no joint moves were found that help. They are tried again, more and more seldom.
    public List<Integer> stuck() {
        return inVain.stream()
                .filter(vehicle -> vehicle.neighbours.stream().noneMatch(Vehicle::arriving))
                .map(vehicle -> vehicle.number)
                .sorted()
                .toList();
    }

    /// What the detector saw so far: vehicles found waiting in vain, and those of them that could be helped.
    public Deadlocks deadlocks() {
        return new Deadlocks(detected, resolved);
    }

    /// Deadlocks since the start; one that lasts is detected again at each try.
    public record Deadlocks(long detected, long resolved) {}

    private Vehicle vehicle(int number) {
        var vehicle = byNumber.get(number);
        if (vehicle == null) throw new IllegalArgumentException("no vehicle " + number);
        return vehicle;
    }
}
