package org.diwan.robots.roads;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Joint moves of a few vehicles that lead to a joint goal, where [Step] alone does not. From each joint place, [Step]
/// proposes what comes next, and bindings, of which each says where one vehicle goes, let it propose anything else in
/// the end, as in LaCAM [1]. So a way is found if there is one and the budget allows.
///
/// LaCAM goes on from the newest place, and in a jam leaves it only when everything beyond was tried. Here a proposal
/// is mostly right, and what a way deviates from proposals is counted: ways with fewer deviations come first, as in
/// limited discrepancy search [2], and of those the ones with less left to go. As two vehicles that must go otherwise
/// can mostly do so in different moves, `n` bound in one move count as n³ deviations, not as `n`.
///
/// 1. Okumura, "LaCAM: Search-Based Algorithm for Quick Multi-Agent Pathfinding", AAAI 2023.
/// 2. Harvey, Ginsberg, "Limited Discrepancy Search", IJCAI 1995.
final class Search {
    private static final Comparator<Attempt> PROMISING = Comparator.comparingInt(Attempt::deviations)
            .thenComparingLong(attempt -> attempt.from.left)
            .thenComparingInt(attempt -> -attempt.number);

    private final Roads roads;
    private final Step step;

    private List<Agent> agents = List.of();
    private boolean[] wanted = {};
    private boolean[] closed = {};
    private final PriorityQueue<Attempt> open = new PriorityQueue<>(PROMISING);
    private final Set<IntBuffer> known = new HashSet<>();
    private int attempts;

    Search(Roads roads, Step step) {
        this.roads = roads;
        this.step = step;
    }

    /// The joint places, `[moves + 1][agents]`, from where the agents are to where all of them that are `wanted`,
    /// `[agents]`, are at their goals; empty if none was found in so many tries.
    List<int[]> find(List<Agent> agents, boolean[] wanted, boolean[] closed, int budget) {
        this.agents = agents;
        this.wanted = wanted;
        this.closed = closed;
        open.clear();
        known.clear();
        reach(agents.stream().mapToInt(agent -> agent.at).toArray(), null, 0);
        for (int tried = 0; tried < budget && !open.isEmpty(); tried++) {
            var attempt = open.remove();
            if (attempt.from.left == 0) return way(attempt.from);
            bindOneMore(attempt);
            int[] places = propose(attempt);
            if (places != null) reach(places, attempt.from, attempt.deviations);
        }
        return List.of();
    }

    /// Goes on from `places` too, if they are new.
    private void reach(int[] places, @Nullable Node from, int deviations) {
        if (known.add(IntBuffer.wrap(places))) open.add(attempt(new Node(places, from, deviations), null));
    }

    private Attempt attempt(Node from, @Nullable Binding last) {
        int bound = last == null ? 0 : last.count;
        return new Attempt(from, last, from.deviations + bound * bound * bound, attempts++);
    }

    private static List<int[]> way(Node last) {
        var way = new ArrayList<int[]>();
        for (var node = last; node != null; node = node.parent) way.addFirst(node.at);
        return way;
    }

    /// The same move with one more vehicle bound, which comes after the others in rank: any, to go anywhere.
    private void bindOneMore(Attempt attempt) {
        var node = attempt.from;
        for (int rank = attempt.last == null ? 0 : attempt.last.rank + 1; rank < node.order.length; rank++) {
            var agent = agents.get(node.order[rank]);
            agent.at = node.at[node.order[rank]];
            open.add(attempt(node, new Binding(attempt.last, rank, agent.at)));
            for (int way = 0; way < roads.next[agent.at].length; way++)
                if (step.allows(agent, way, closed))
                    open.add(attempt(node, new Binding(attempt.last, rank, roads.next[agent.at][way])));
        }
    }

    /// What [Step] does from there with vehicles bound to go where the attempt says; null if nothing can be done.
    private int @Nullable [] propose(Attempt attempt) {
        var node = attempt.from;
        var ranked = new ArrayList<Agent>(agents.size());
        for (int who : node.order) {
            var agent = agents.get(who);
            agent.at = node.at[who];
            agent.before = node.parent == null ? agent.at : node.parent.at[who];
            agent.next = -1;
            ranked.add(agent);
        }
        for (var binding = attempt.last; binding != null; binding = binding.before)
            ranked.get(binding.rank).next = binding.to;
        if (!step.plan(ranked, closed)) return null;
        return agents.stream().mapToInt(agent -> agent.next).toArray();
    }

    /// A joint move that may be made from there, with vehicles bound; the later it was thought of, the larger its
    /// number.
    private record Attempt(Node from, @Nullable Binding last, int deviations, int number) {}

    /// Where the vehicle of one rank is bound to go, and where those before it are.
    private static final class Binding {
        private final @Nullable Binding before;
        private final int rank;
        private final int to;
        private final int count;

        Binding(@Nullable Binding before, int rank, int to) {
            this.before = before;
            this.rank = rank;
            this.to = to;
            count = before == null ? 1 : before.count + 1;
        }
    }

    /// Joint places, and how they were reached.
    private final class Node {
        private final int[] at;
        private final @Nullable Node parent;
        private final int deviations;
        /// What is left to go of all that have to be at their goals.
        private final long left;
        /// Moves for which each vehicle was away from its goal; the longer, the higher its rank.
        private final int[] away;
        /// `[rank]`: who.
        private final int[] order;

        Node(int[] at, @Nullable Node parent, int deviations) {
            this.at = at;
            this.parent = parent;
            this.deviations = deviations;
            away = new int[at.length];
            long sum = 0;
            for (int who = 0; who < at.length; who++) {
                int[] left = agents.get(who).left;
                if (left == null || left[at[who]] == 0) continue;
                away[who] = parent == null ? 1 : parent.away[who] + 1;
                if (wanted[who]) sum += left[at[who]];
            }
            left = sum;
            order = IntStream.range(0, at.length)
                    .boxed()
                    .sorted(Comparator.comparing((Integer who) -> !roads.cabin[at[who]])
                            .thenComparing(who -> -away[who]))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }
}
