package org.diwan.robots.traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/// All that a vehicle can do in the next few steps, for a vehicle that faces east on an endless floor; others
/// turn it.
///
/// A *way* is the cells passed, one after each step; ways with the same beginning share it, so that they are
/// the leaves of a tree. An *operation* is a way and the heading at its end. Sequences of moves that make the
/// same operation are written as the one with the fewest turns, and of those the one that moves and turns
/// soonest: any other would stand with a worse heading if it were changed half-way.
final class Operations {
    /// The direction of a node of the tree that stays where its parent is.
    static final int STAY = -1;

    /// How many steps an operation has.
    private final int depth;
    /// `[operations, depth]`
    private final byte[][] moves;
    /// The operation of a sequence: its moves are the digits, first to last, of the index to base 4.
    private final int[] named;
    /// The node of the tree at which an operation's way ends.
    private final int[] leaf;
    /// The heading at its end, 0 if as at the start.
    private final int[] turned;
    /// The operations that share a way, by leaf; nothing for inner nodes.
    private final int[][] ending;
    /// `[nodes]`: parents come first; -1 for the nodes of the first step.
    private final int[] parent;
    /// `[nodes]`: the step a node ends, from 1.
    private final int[] time;
    /// `[nodes]`: which way the step goes, as a heading, or [#STAY].
    private final int[] direction;

    Operations(int depth) {
        this.depth = depth;
        named = new int[1 << (2 * depth)];
        var nodes = new ArrayList<List<Integer>>();
        var known = new HashMap<List<Integer>, Integer>();
        var parents = new ArrayList<Integer>();
        var all = new ArrayList<byte[]>();
        var leaves = new ArrayList<Integer>();
        var headings = new ArrayList<Integer>();
        var operations = new HashMap<List<Integer>, Integer>();
        for (int code : IntStream.range(0, named.length)
                .boxed()
                .sorted(Comparator.comparingInt(this::turns))
                .toList()) {
            int heading = 0;
            int node = -1;
            var way = new ArrayList<Integer>();
            for (int t = 0; t < depth; t++) {
                byte move = digit(code, t);
                way.add(move == Poses.FORWARD ? heading : STAY);
                heading = Poses.turned(heading, move);
                Integer same = known.putIfAbsent(List.copyOf(way), nodes.size());
                if (same == null) {
                    parents.add(node);
                    node = nodes.size();
                    nodes.add(List.copyOf(way));
                } else {
                    node = same;
                }
            }
            Integer same = operations.putIfAbsent(List.of(node, heading), all.size());
            named[code] = same == null ? all.size() : same;
            if (same != null) continue;
            all.add(sequence(code));
            leaves.add(node);
            headings.add(heading);
        }
        moves = all.toArray(byte[][]::new);
        leaf = leaves.stream().mapToInt(i -> i).toArray();
        turned = headings.stream().mapToInt(i -> i).toArray();
        parent = parents.stream().mapToInt(i -> i).toArray();
        time = nodes.stream().mapToInt(List::size).toArray();
        direction = nodes.stream().mapToInt(List::getLast).toArray();
        ending = new int[nodes.size()][];
        for (int node = 0; node < ending.length; node++) {
            int end = node;
            ending[node] =
                    IntStream.range(0, leaf.length).filter(i -> leaf[i] == end).toArray();
        }
    }

    private byte[] sequence(int code) {
        var sequence = new byte[depth];
        for (int t = 0; t < depth; t++) sequence[t] = digit(code, t);
        return sequence;
    }

    private byte digit(int code, int step) {
        return (byte) ((code >> (2 * (depth - 1 - step))) & 3);
    }

    private int turns(int code) {
        int turns = 0;
        for (int t = 0; t < depth; t++) {
            byte move = digit(code, t);
            if (move == Poses.TURN || move == Poses.COUNTER_TURN) turns++;
        }
        return turns;
    }

    int depth() {
        return depth;
    }

    int count() {
        return moves.length;
    }

    byte move(int operation, int step) {
        return moves[operation][step];
    }

    /// The node at which the way of `operation` ends.
    int leaf(int operation) {
        return leaf[operation];
    }

    /// The heading at the end of `operation` of one that began with `heading`.
    int heading(int operation, int heading) {
        return (heading + turned[operation]) & 3;
    }

    /// Nodes of the tree.
    int nodes() {
        return parent.length;
    }

    /// Ways, which are the tree's leaves.
    int ways() {
        return (int) Arrays.stream(ending)
                .filter(operations -> operations.length > 0)
                .count();
    }

    int parent(int node) {
        return parent[node];
    }

    int time(int node) {
        return time[node];
    }

    /// Where the step to `node` goes if the vehicle's first heading was `heading`, or [#STAY].
    int direction(int node, int heading) {
        return direction[node] == STAY ? STAY : (direction[node] + heading) & 3;
    }

    /// The operations whose way ends at `node`, which differ in their last heading; none at an inner node.
    int[] ending(int node) {
        return ending[node];
    }

    /// What is left of `operation` after its first step, and then a wait.
    int rest(int operation) {
        int code = 0;
        for (int t = 1; t < depth; t++) code = (code << 2) | moves[operation][t];
        return named[(code << 2) | Poses.WAIT];
    }

    /// Waiting all the time.
    int stay() {
        return named[named.length - 1];
    }
}
