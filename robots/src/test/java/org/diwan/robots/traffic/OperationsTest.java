package org.diwan.robots.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Oracle: all sequences of moves, walked on an endless floor.
class OperationsTest {
    private static final int[] AHEAD = {1, 1000, -1, -1000};

    @Test
    void everySequenceIsAnOperationAndNoneTurnsMoreThanItMust() {
        for (int depth = 1; depth <= 5; depth++) {
            var operations = new Operations(depth);
            var fewest = new HashMap<List<Integer>, Integer>();
            for (int code = 0; code < 1 << (2 * depth); code++) {
                var moves = new byte[depth];
                for (int t = 0; t < depth; t++) moves[t] = (byte) ((code >> (2 * t)) & 3);
                fewest.merge(walk(moves), turns(moves), Math::min);
            }
            assertEquals(fewest.size(), operations.count());
            var found = new HashSet<List<Integer>>();
            var ways = new HashSet<List<Integer>>();
            for (int operation = 0; operation < operations.count(); operation++) {
                byte[] moves = moves(operations, operation);
                var walk = walk(moves);
                assertTrue(found.add(walk), "twice");
                ways.add(walk.subList(0, depth));
                assertEquals(fewest.get(walk), turns(moves));
                assertEquals(walk, byTree(operations, operation));
            }
            assertEquals(ways.size(), operations.ways());
            assertArrayEquals(new int[] {depth, 0}, new int[] {waits(operations), turns(moves(operations, 0))});
        }
    }

    /// One step later the vehicle stands a step further on, and the rest takes it along the same cells.
    @Test
    void theRestGoesWhereTheOperationWent() {
        var operations = new Operations(4);
        for (int operation = 0; operation < operations.count(); operation++) {
            byte[] moves = moves(operations, operation);
            var longer = new byte[] {moves[0], moves[1], moves[2], moves[3], Poses.WAIT};
            var whole = walk(longer);
            byte[] rest = moves(operations, operations.rest(operation));
            var after = walk(new byte[] {moves[0], rest[0], rest[1], rest[2], rest[3]});
            assertEquals(whole, after);
        }
    }

    private static int waits(Operations operations) {
        int waits = 0;
        for (byte move : moves(operations, operations.stay())) if (move == Poses.WAIT) waits++;
        return waits;
    }

    private static byte[] moves(Operations operations, int operation) {
        var moves = new byte[operations.depth()];
        for (int t = 0; t < moves.length; t++) moves[t] = operations.move(operation, t);
        return moves;
    }

    private static int turns(byte[] moves) {
        int turns = 0;
        for (byte move : moves) if (move == Poses.TURN || move == Poses.COUNTER_TURN) turns++;
        return turns;
    }

    /// The places after each move, and the last heading.
    private static List<Integer> walk(byte[] moves) {
        var walk = new ArrayList<Integer>();
        int heading = 0;
        int place = 0;
        for (byte move : moves) {
            if (move == Poses.FORWARD) place += AHEAD[heading];
            heading = Poses.turned(heading, move);
            walk.add(place);
        }
        walk.add(heading);
        return walk;
    }

    private static List<Integer> byTree(Operations operations, int operation) {
        var nodes = new ArrayList<Integer>();
        for (int node = operations.leaf(operation); node >= 0; node = operations.parent(node)) nodes.addFirst(node);
        var walk = new ArrayList<Integer>();
        int place = 0;
        for (int node : nodes) {
            int direction = operations.direction(node, 0);
            if (direction != Operations.STAY) place += AHEAD[direction];
            walk.add(place);
            assertEquals(walk.size(), operations.time(node));
        }
        walk.add(operations.heading(operation, 0));
        return walk;
    }
}
