package org.diwan.robots.roads;

import org.jspecify.annotations.Nullable;

/// When two must change places where they cannot pass each other: then the one that would push goes back instead, and
/// draws the other after it, until they come to a vertex where one can step aside. It is the swap operation of LaCAM*
/// [1].
///
/// 1. Okumura, "Improving LaCAM for Scalable Eventually Optimal Multi-Agent Pathfinding", IJCAI 2023.
final class Swap {
    private final Roads roads;
    private final @Nullable Agent[] now;

    /// `now`, `[room]`, says who is where.
    Swap(Roads roads, @Nullable Agent[] now) {
        this.roads = roads;
        this.now = now;
    }

    /// With whom `agent`, which would go to `to`, has to change places and can; or null.
    @Nullable
    Agent partner(Agent agent, int to) {
        var ahead = at(to);
        if (ahead != null
                && ahead != agent
                && ahead.next < 0
                && needs(agent, ahead, agent.at, to)
                && canPass(agent.at, to)) return ahead;
        // Somebody else wants to go through here, and has been drawn along.
        for (int neighbour : roads.next[agent.at]) {
            var behind = at(neighbour);
            if (behind == null || behind == agent || neighbour == to || behind.next >= 0) continue;
            if (needs(behind, agent, agent.at, to) && canPass(agent.at, to)) return behind;
        }
        return null;
    }

    private @Nullable Agent at(int vertex) {
        var agent = now[roads.room[vertex]];
        return agent != null && agent.at == vertex ? agent : null;
    }

    /// Whether `pusher` at `back` would push `puller` at `front` along a way without branches until it comes to its
    /// goal or the end, and `puller` wants to go the other way.
    private boolean needs(Agent pusher, Agent puller, int back, int front) {
        int[] wanted = pusher.left;
        int[] other = puller.left;
        if (wanted == null || other == null) return false;
        int behind = back;
        int ahead = front;
        for (int steps = 0; steps < roads.size && wanted[ahead] < wanted[behind]; steps++) {
            int next = onward(behind, ahead);
            if (next == BRANCHES) return false;
            if (next == ENDS) break;
            behind = ahead;
            ahead = next;
        }
        return other[behind] < other[ahead] && (wanted[behind] == 0 || wanted[ahead] < wanted[behind]);
    }

    /// Whether there is a branch the other way, from `front` back over `back`.
    private boolean canPass(int front, int back) {
        int behind = back;
        int ahead = front;
        for (int steps = 0; steps < roads.size; steps++) {
            int next = onward(behind, ahead);
            if (next == BRANCHES) return true;
            if (next == ENDS || next == back) return false;
            behind = ahead;
            ahead = next;
        }
        return false;
    }

    private static final int BRANCHES = -1;
    private static final int ENDS = -2;

    /// The only vertex after `ahead` when coming from `behind`. Dead ends where somebody is at its goal do not count.
    private int onward(int behind, int ahead) {
        int only = ENDS;
        for (int next : roads.next[ahead]) {
            var there = at(next);
            if (next == behind || (roads.next[next].length == 1 && there != null && there.arrived())) continue;
            if (only != ENDS) return BRANCHES;
            only = next;
        }
        return only;
    }
}
