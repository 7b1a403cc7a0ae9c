package org.diwan.robots.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

/// Oracle: the rules said again in the slowest way, over every world of up to three agents on a floor of
/// 2 × 3 cells with every heading and every joint move.
class PosesTest {
    private static final Grid FLOOR = new Grid(3, 2, new boolean[] {true, true, true, true, false, true});

    @Test
    void everyJointMoveOfATinyWorldIsJudgedAsTheRulesSay() {
        int[] free = {0, 1, 2, 3, 5};
        for (int a : free) {
            for (int b : free) {
                for (int c : free) {
                    if (a == b || b == c || a == c) continue;
                    for (int code = 0; code < 1 << 12; code++) {
                        var heading = new int[] {code & 3, code >> 2 & 3, code >> 4 & 3};
                        var moves = new byte[] {(byte) (code >> 6 & 3), (byte) (code >> 8 & 3), (byte) (code >> 10)};
                        judge(new int[] {a, b, c}, heading, moves);
                    }
                }
            }
        }
    }

    private static void judge(int[] cells, int[] heading, byte[] moves) {
        var poses = new Poses(FLOOR, cells);
        for (int turn = 0; turn < 3; turn++) {
            var turns = new byte[3];
            for (int i = 0; i < 3; i++) turns[i] = heading[i] > turn ? Poses.TURN : Poses.WAIT;
            assertEquals(true, poses.step(turns).isEmpty(), "turning is always free");
        }
        int[] next = new int[3];
        boolean legal = true;
        for (int i = 0; i < 3; i++) {
            next[i] = moves[i] == Poses.FORWARD ? ahead(cells[i], heading[i]) : cells[i];
            legal &= next[i] >= 0;
        }
        var taken = new HashSet<Integer>();
        for (int cell : next) legal &= taken.add(cell);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < i; j++) legal &= !(next[i] == cells[j] && next[j] == cells[i]);
        }
        assertEquals(legal, poses.step(moves).isEmpty());
        for (int i = 0; i < 3; i++) assertEquals(legal ? next[i] : cells[i], poses.cell(i));
    }

    private static int ahead(int cell, int heading) {
        int row = cell / 3 + new int[] {0, 1, 0, -1}[heading];
        int column = cell % 3 + new int[] {1, 0, -1, 0}[heading];
        if (row < 0 || row > 1 || column < 0 || column > 2 || (row == 1 && column == 1)) return -1;
        return 3 * row + column;
    }
}
