package org.diwan.robots.roads;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One joint move, by priority inheritance with backtracking (PIBT) [1]: in the order given, each takes the neighbour
/// from where least is left to go; whoever stands there inherits the rank of the one that pushes it and must find a
/// place before; if it cannot, the pusher tries its next choice, at last to stay.
///
/// A vertex may be entered that is left in the same move, but nobody moves in a circle, two that swap included: real
/// vehicles would wait for each other. PIBT's proof that the first in rank always gets nearer needs circles; what is
/// lost by it is found by the search behind it.
///
/// 1. Okumura, Machida, Défago, Tamura, "Priority Inheritance with Backtracking for Iterative Multi-agent Path
///    Finding", Artificial Intelligence 310 (2022).
final class Step {
    private static final long STAY = 1023;

    private final Roads roads;
    private final Fields fields;
    private final boolean[] closed;
    private final SplittableRandom random;
    /// `[room]`: who is there, and who will be.
    private final @Nullable Agent[] now;

    private final @Nullable Agent[] then;

    Step(Roads roads, Fields fields, boolean[] closed, SplittableRandom random) {
        this.roads = roads;
        this.fields = fields;
        this.closed = closed;
        this.random = random;
        now = new Agent[roads.size];
        then = new Agent[roads.size];
    }

    /// Fills [Agent#next] of all, which are on rooms of their own; highest rank first.
    void plan(List<Agent> agents) {
        Arrays.fill(now, null);
        Arrays.fill(then, null);
        for (var agent : agents) {
            agent.next = -1;
            now[roads.room[agent.at]] = agent;
            if (agent.fixed) go(agent, agent.at);
        }
        for (var agent : agents) if (agent.next < 0) place(agent, null);
    }

    private void go(Agent agent, int vertex) {
        agent.next = vertex;
        then[roads.room[vertex]] = agent;
    }

    /// Finds a place for `agent`; false if it can only stay.
    private boolean place(Agent agent, @Nullable Agent pusher) {
        for (long choice : choices(agent, pusher)) {
            int way = (int) (choice & STAY);
            int to = way == STAY ? agent.at : roads.next[agent.at][way];
            int room = roads.room[to];
            if (then[room] != null) continue;
            var other = now[room];
            if (other != null && other != agent && closesCircle(agent, other)) continue;
            go(agent, to);
            if (other == null || other.next >= 0 || place(other, agent)) return true;
        }
        go(agent, agent.at);
        return false;
    }

    /// Whether those that leave for each other's rooms, from that of `first` on, end at that of `agent`.
    private boolean closesCircle(Agent agent, Agent first) {
        Agent other = first;
        while (other != null && other.next >= 0 && roads.room[other.next] != roads.room[other.at]) {
            other = now[roads.room[other.next]];
            if (other == agent) return true;
        }
        return false;
    }

    /// Where `agent` may go, best first, as numbers whose last bits are the way.
    private long[] choices(Agent agent, @Nullable Agent pusher) {
        int[] next = roads.next[agent.at];
        var choices = new long[next.length + 1];
        int count = 0;
        choices[count] = STAY | rank(agent, agent.at, Fields.UNREACHABLE, pusher) << 20;
        count++;
        for (int way = 0; way < next.length; way++) {
            int to = next[way];
            if (closed[to] || !roads.open(agent.at, way, agent.permit.zones())) continue;
            int[] left = agent.left;
            int through = left == null ? Fields.UNREACHABLE : fields.through(left, agent.at, way, agent.permit, closed);
            if (roads.cabin[to] && (left == null || through > left[agent.at])) continue;
            if (left != null && through == Fields.UNREACHABLE) continue;
            long taken = now[roads.room[to]] == null || now[roads.room[to]] == agent ? 0 : 1;
            long rank = rank(agent, to, through, pusher);
            choices[count] = rank << 20 | taken << 19 | turn(agent, to) << 17 | (long) random.nextInt(128) << 10 | way;
            count++;
        }
        Arrays.sort(choices, 0, count);
        return count == choices.length ? choices : Arrays.copyOf(choices, count);
    }

    /// The less the better. Who has no goal stays, or goes out of the way of who pushes it, but leaves a lift.
    private long rank(Agent agent, int to, int through, @Nullable Agent pusher) {
        int[] left = agent.left;
        boolean stays = to == agent.at;
        if (left != null && !agent.resting) return stays ? left[to] + 1L : through;
        if (stays) return roads.cabin[to] ? Fields.UNREACHABLE : 0;
        if (left != null) return through;
        if (pusher == null || pusher.left == null || pusher.left[to] == Fields.UNREACHABLE)
            return Fields.UNREACHABLE - 1L;
        return Fields.UNREACHABLE - 2L - pusher.left[to] / 2;
    }

    /// 0 straight on, 1 aside, 2 back.
    private long turn(Agent agent, int to) {
        double x1 = roads.x[agent.at] - roads.x[agent.before];
        double y1 = roads.y[agent.at] - roads.y[agent.before];
        double x2 = roads.x[to] - roads.x[agent.at];
        double y2 = roads.y[to] - roads.y[agent.at];
        double along = x1 * x2 + y1 * y2;
        double both = Math.hypot(x1, y1) * Math.hypot(x2, y2);
        return along > 0.9 * both ? 0 : along > -0.9 * both ? 1 : 2;
    }
}
