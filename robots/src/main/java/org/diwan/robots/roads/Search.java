package org.diwan.robots.roads;

import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Joint moves of a few vehicles that lead to a joint goal, where [Step] alone does not: LaCAM [1], a search in depth
/// over joint places, in which [Step] proposes what comes next and constraints, of which each says where one more
/// vehicle goes, let it propose anything else in the end. So a way is found if there is one and the budget allows.
/// After the first, it looks for cheaper ones for as long again (LaCAM* [2]).
///
/// Each move costs [#LATE] for every vehicle that has to be at its goal and is not, and 1 for every vehicle that
/// moves.
///
/// 1. Okumura, "LaCAM: Search-Based Algorithm for Quick Multi-Agent Pathfinding", AAAI 2023.
/// 2. Okumura, "Improving LaCAM for Scalable Eventually Optimal Multi-Agent Pathfinding", IJCAI 2023.
final class Search {
    private static final int LATE = 4;

    /// Tries after the first way was found, besides as many as it took.
    private static final int REFINEMENT = 200;

    private final Roads roads;
    private final Step step;

    private List<Agent> agents = List.of();
    private boolean[] wanted = {};
    private boolean[] closed = {};
    private final Map<IntBuffer, Node> nodes = new HashMap<>();
    private int tries;

    Search(Roads roads, Step step) {
        this.roads = roads;
        this.step = step;
    }

    /// Joint proposals made by all searches.
    int tries() {
        return tries;
    }

    /// The joint places, `[moves + 1][agents]`, from where the agents are to where all of them that are `wanted`,
    /// `[agents]`, are at their goals; empty if none was found in so many tries.
    List<int[]> find(List<Agent> agents, boolean[] wanted, boolean[] closed, int budget) {
        this.agents = agents;
        this.wanted = wanted;
        this.closed = closed;
        nodes.clear();
        var start = new Node(agents.stream().mapToInt(agent -> agent.at).toArray(), null);
        nodes.put(IntBuffer.wrap(start.at), start);
        var open = new ArrayDeque<Node>();
        open.push(start);
        Node best = null;
        int end = budget;
        for (int tried = 0; tried < end && !open.isEmpty(); tried++) {
            tries++;
            var node = open.element();
            if (best != null && node.cost >= best.cost) {
                open.remove();
                continue;
            }
            if (late(node.at) == 0) {
                if (best == null) end = Math.min(budget, 2 * tried + REFINEMENT);
                best = node;
                open.remove();
                continue;
            }
            var constraint = node.constraints.poll();
            if (constraint == null) {
                open.remove();
                continue;
            }
            branch(node, constraint);
            int[] places = propose(node, constraint);
            if (places == null) continue;
            var known = nodes.get(IntBuffer.wrap(places));
            if (known == null) {
                known = new Node(places, node);
                known.cost = node.cost + cost(node.at, places);
                nodes.put(IntBuffer.wrap(places), known);
                node.reached.add(known);
            } else if (!node.reached.contains(known)) {
                node.reached.add(known);
                cheapen(node);
            }
            open.push(known);
        }
        var way = new ArrayList<int[]>();
        for (var node = best; node != null; node = node.parent) way.addFirst(node.at);
        return way;
    }

    /// Adds constraints for one more vehicle, the first in rank that has none.
    private void branch(Node node, Constraint constraint) {
        if (constraint.depth == agents.size()) return;
        int who = node.order[constraint.depth];
        var agent = agents.get(who);
        agent.at = node.at[who];
        node.constraints.add(new Constraint(constraint, who, agent.at));
        for (int way = 0; way < roads.next[agent.at].length; way++)
            if (step.allows(agent, way, closed))
                node.constraints.add(new Constraint(constraint, who, roads.next[agent.at][way]));
    }

    /// What [Step] does from there with vehicles bound to go where the constraints say; null if nothing can be done.
    private int @Nullable [] propose(Node node, Constraint constraint) {
        var ranked = new ArrayList<Agent>(agents.size());
        for (int who : node.order) {
            var agent = agents.get(who);
            agent.at = node.at[who];
            agent.before = node.parent == null ? agent.at : node.parent.at[who];
            agent.next = -1;
            ranked.add(agent);
        }
        for (var bound = constraint; bound.parent != null; bound = bound.parent) agents.get(bound.who).next = bound.to;
        if (!step.plan(ranked, closed)) return null;
        return agents.stream().mapToInt(agent -> agent.next).toArray();
    }

    /// Vehicles that have to be at their goals and are not.
    private int late(int[] at) {
        int late = 0;
        for (int who = 0; who < at.length; who++) if (wanted[who] && !home(who, at[who])) late++;
        return late;
    }

    private boolean home(int who, int vertex) {
        int[] left = agents.get(who).left;
        return left != null && left[vertex] == 0;
    }

    private int cost(int[] from, int[] to) {
        int cost = 0;
        for (int who = 0; who < from.length; who++) {
            if (from[who] != to[who]) cost++;
            if (wanted[who] && !(home(who, from[who]) && home(who, to[who]))) cost += LATE;
        }
        return cost;
    }

    /// Makes all ways that go on from `node` the cheapest known.
    private void cheapen(Node node) {
        var changed = new ArrayDeque<Node>();
        changed.add(node);
        while (!changed.isEmpty()) {
            var from = changed.remove();
            for (var to : from.reached) {
                long cost = from.cost + cost(from.at, to.at);
                if (cost >= to.cost) continue;
                to.cost = cost;
                to.parent = from;
                changed.add(to);
            }
        }
    }

    /// Where one vehicle is bound to go, and where those of the parents are.
    private static final class Constraint {
        private final @Nullable Constraint parent;
        private final int who;
        private final int to;
        private final int depth;

        Constraint(@Nullable Constraint parent, int who, int to) {
            this.parent = parent;
            this.who = who;
            this.to = to;
            depth = parent == null ? 0 : parent.depth + 1;
        }
    }

    /// Joint places, and how they were reached at the least cost known.
    private final class Node {
        private final int[] at;
        /// Moves for which each vehicle was away from its goal; the longer, the higher its rank.
        private final int[] away;

        private final int[] order;
        private final ArrayDeque<Constraint> constraints = new ArrayDeque<>();
        private final List<Node> reached = new ArrayList<>();
        private @Nullable Node parent;
        private long cost;

        Node(int[] at, @Nullable Node parent) {
            this.at = at;
            this.parent = parent;
            away = new int[at.length];
            for (int who = 0; who < at.length; who++) {
                int[] left = agents.get(who).left;
                if (left != null && left[at[who]] > 0) away[who] = parent == null ? 1 : parent.away[who] + 1;
            }
            order = IntStream.range(0, at.length)
                    .boxed()
                    .sorted(Comparator.comparing((Integer who) -> !roads.cabin[at[who]])
                            .thenComparing(who -> -away[who]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            constraints.add(new Constraint(null, -1, -1));
        }
    }
}
