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
/// lost by it is found by [Search].
///
/// 1. Okumura, Machida, Défago, Tamura, "Priority Inheritance with Backtracking for Iterative Multi-agent Path
///    Finding", Artificial Intelligence 310 (2022).
final class Step {
    /// As a way: to stay.
    private static final int STAY = 1023;

    /// Of ranks, behind all that lead to a goal.
    private static final long AWAY = 2L * Fields.UNREACHABLE;

    private final Roads roads;
    private final SplittableRandom random;
    private final Swap swap;
    private final boolean swaps;
    /// `[room]`: who is there, and who will be.
    private final @Nullable Agent[] now;

    private final @Nullable Agent[] then;
    /// Where nobody may go.
    private boolean[] closed = {};

    /// Whether who began the chain of pushes drives nobody from its goal.
    private boolean gentle;

    private int count;
    private boolean possible;

    Step(Roads roads, SplittableRandom random, boolean swaps) {
        this.roads = roads;
        this.random = random;
        this.swaps = swaps;
        now = new Agent[roads.size];
        then = new Agent[roads.size];
        swap = new Swap(roads, now);
    }

    /// Fills [Agent#next] of all where it is open; highest rank first, each in a room of its own. False if what was
    /// set beforehand leaves the others no way; `next` is of no use then.
    boolean plan(List<Agent> agents, boolean[] closed) {
        this.closed = closed;
        possible = true;
        count = agents.size();
        for (var agent : agents) now[roads.room[agent.at]] = agent;
        for (var agent : agents) if (agent.next >= 0 && possible) possible = set(agent);
        for (var agent : agents) {
            if (agent.next >= 0 || !possible) continue;
            gentle = agent.gentle;
            place(agent, null);
        }
        for (var agent : agents) {
            now[roads.room[agent.at]] = null;
            then[roads.room[agent.at]] = null;
            if (agent.next >= 0) then[roads.room[agent.next]] = null;
        }
        return possible;
    }

    /// Whether `agent` may take `way` at all: it is open to it, and leads into a lift only if
    /// that is a best way to go on, or nothing else helped.
    boolean allows(Agent agent, int way, boolean[] closed) {
        int to = roads.next[agent.at][way];
        if (closed[to] || !roads.open(agent.at, way, agent.permit)) return false;
        if (!roads.cabin[to]) return true;
        if (agent.left == null) return false;
        return agent.desperate || through(agent, way, closed) <= agent.left[agent.at];
    }

    private int through(Agent agent, int way, boolean[] closed) {
        return agent.left == null
                ? Fields.UNREACHABLE
                : Fields.through(roads, agent.left, agent.at, way, agent.permit, closed);
    }

    private boolean set(Agent agent) {
        int room = roads.room[agent.next];
        if (then[room] != null) return false;
        then[room] = agent;
        var other = now[room];
        return other == null || other == agent || !closesCircle(agent, other);
    }

    private void go(Agent agent, int vertex, @Nullable Agent pusher) {
        agent.next = vertex;
        agent.pushed = pusher != null;
        then[roads.room[vertex]] = agent;
    }

    /// Finds a place for `agent`; false if it can only stay.
    private boolean place(Agent agent, @Nullable Agent pusher) {
        if (agent.resting && pusher == null && then[roads.room[agent.at]] == null) {
            go(agent, agent.at, null);
            return true;
        }
        long[] choices = choices(agent, pusher);
        var partner = partner(agent, choices[0]);
        if (partner != null) reverse(choices);
        for (long choice : choices) {
            int way = (int) (choice & STAY);
            int to = way == STAY ? agent.at : roads.next[agent.at][way];
            int room = roads.room[to];
            if (then[room] != null) continue;
            var other = now[room];
            if (other != null && other != agent) {
                if (closesCircle(agent, other)) continue;
                if (gentle && other.arrived()) continue;
            }
            go(agent, to, pusher);
            if (other == null || other.next >= 0 || place(other, agent)) {
                if (partner != null && choice == choices[0]) draw(partner, agent);
                return true;
            }
        }
        var taker = then[roads.room[agent.at]];
        if (taker != null && taker != pusher && taker != agent) possible = false;
        go(agent, agent.at, pusher);
        return false;
    }

    private @Nullable Agent partner(Agent agent, long choice) {
        int way = (int) (choice & STAY);
        return !swaps || way == STAY || agent.left == null || agent.resting
                ? null
                : swap.partner(agent, roads.next[agent.at][way]);
    }

    private static void reverse(long[] choices) {
        for (int i = 0, j = choices.length - 1; i < j; i++, j--) {
            long first = choices[i];
            choices[i] = choices[j];
            choices[j] = first;
        }
    }

    /// Lets `partner` come to where `agent` was, if it may and neither goes to the other's place.
    private void draw(Agent partner, Agent agent) {
        int room = roads.room[agent.at];
        if (partner.next >= 0 || then[room] != null || roads.room[agent.next] == room) return;
        if (closesCircle(partner, agent)) return;
        for (int way = 0; way < roads.next[partner.at].length; way++)
            if (roads.next[partner.at][way] == agent.at && allows(partner, way, closed)) go(partner, agent.at, agent);
    }

    /// Whether those that leave for each other's rooms, from that of `first` on, end at that of `agent`, or never.
    private boolean closesCircle(Agent agent, Agent first) {
        var other = first;
        for (int length = 0;
                other != null && other.next >= 0 && roads.room[other.next] != roads.room[other.at];
                length++) {
            other = now[roads.room[other.next]];
            if (other == agent || length > count) return true;
        }
        return false;
    }

    /// Where `agent` may go, best first, as numbers whose last bits are the way.
    private long[] choices(Agent agent, @Nullable Agent pusher) {
        int[] next = roads.next[agent.at];
        var choices = new long[next.length + 1];
        choices[0] = rank(agent, agent.at, 0, pusher) << 20 | STAY;
        int count = 1;
        for (int way = 0; way < next.length; way++) {
            if (!allows(agent, way, closed)) continue;
            int to = next[way];
            int through = through(agent, way, closed);
            if (agent.left != null && through == Fields.UNREACHABLE && !roads.cabin[to]) continue;
            long taken = now[roads.room[to]] == null || now[roads.room[to]] == agent ? 0 : 1;
            long tie = taken << 9 | turn(agent, to) << 7 | random.nextInt(128);
            choices[count] = rank(agent, to, through, pusher) << 20 | tie << 10 | way;
            count++;
        }
        Arrays.sort(choices, 0, count);
        return count == choices.length ? choices : Arrays.copyOf(choices, count);
    }

    /// The less the better: what is left to go, then to stay. Who is pushed and gets no nearer goes out of the way of
    /// who pushes it, and so does who has no goal, but first out of a lift.
    private long rank(Agent agent, int to, int through, @Nullable Agent pusher) {
        int[] left = agent.left;
        boolean stays = to == agent.at;
        if (stays) return left == null ? roads.cabin[to] ? AWAY : 0 : agent.resting ? 0 : left[to] + 1L;
        if (left != null && (pusher == null || through <= left[agent.at])) return through;
        int[] others = pusher == null ? null : pusher.left;
        return others == null || others[to] == Fields.UNREACHABLE ? AWAY - 1 : AWAY - 2 - others[to];
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
