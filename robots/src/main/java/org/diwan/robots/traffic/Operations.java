package org.diwan.robots.traffic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// All that a vehicle can do in the next few steps. Sequences that pass the same cells at the same times and
/// end with the same heading are one operation, written as the sequence that turns before it waits.
final class Operations {
    /// How many steps an operation has.
    private final int depth;
    /// `[operations, depth]`
    private final byte[][] moves;
    /// The operation of a sequence: its moves are the digits, first to last, of the index to base 4.
    private final int[] named;

    Operations(int depth) {
        this.depth = depth;
        named = new int[1 << (2 * depth)];
        var known = new HashMap<List<Integer>, Integer>();
        var all = new ArrayList<byte[]>();
        for (int code = 0; code < named.length; code++) {
            var sequence = new byte[depth];
            for (int t = 0; t < depth; t++) sequence[t] = (byte) ((code >> (2 * (depth - 1 - t))) & 3);
            var path = path(sequence);
            Integer same = known.putIfAbsent(path, all.size());
            named[code] = same == null ? all.size() : same;
            if (same == null) all.add(sequence);
        }
        moves = all.toArray(byte[][]::new);
    }

    /// Places on an endless floor, then the last heading.
    private static List<Integer> path(byte[] sequence) {
        var path = new ArrayList<Integer>();
        int heading = 0;
        int place = 0;
        for (byte move : sequence) {
            if (move == Poses.FORWARD) place += new int[] {1, 100, -1, -100}[heading];
            heading = Poses.turned(heading, move);
            path.add(place);
        }
        path.add(heading);
        return path;
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
