package org.diwan.robots.traffic;

import java.util.Arrays;
import java.util.Optional;
import org.diwan.robots.traffic.Violation.Rule;

/// Where every vehicle stands and what it faces, and the only way that may change: all act in the same
/// step, each goes one cell forward, turns clockwise (`R`), turns counter-clockwise (`C`) or waits.
/// Owned by one thread.
public final class Poses {
    /// One cell ahead.
    public static final byte FORWARD = 0;
    /// A quarter turn clockwise.
    public static final byte TURN = 1;
    /// A quarter turn counter-clockwise.
    public static final byte COUNTER_TURN = 2;
    /// Stay.
    public static final byte WAIT = 3;

    private final Grid grid;
    private final int[] cell;
    private final int[] heading;
    private final int[] next;
    /// Who stands on a cell, or -1.
    private final int[] holder;
    /// Who will, or -1; all -1 between steps.
    private final int[] claim;

    /// Vehicles on `cells`, all facing east.
    ///
    /// @throws IllegalArgumentException if a cell is a wall or taken twice
    public Poses(Grid grid, int[] cells) {
        this.grid = grid;
        cell = cells.clone();
        heading = new int[cells.length];
        next = new int[cells.length];
        holder = new int[grid.cells()];
        claim = new int[grid.cells()];
        Arrays.fill(holder, -1);
        Arrays.fill(claim, -1);
        for (int agent = 0; agent < cell.length; agent++) {
            if (!grid.isFree(cell[agent])) {
                throw new IllegalArgumentException(
                        "agent " + agent + " starts on " + cell[agent] + ", not a free cell");
            }
            int other = holder[cell[agent]];
            if (other >= 0) {
                throw new IllegalArgumentException(
                        "agents " + other + " and " + agent + " both start on cell " + cell[agent]);
            }
            holder[cell[agent]] = agent;
        }
    }

    /// The floor.
    public Grid grid() {
        return grid;
    }

    /// How many vehicles.
    public int agents() {
        return cell.length;
    }

    /// The cell of `agent`.
    public int cell(int agent) {
        return cell[agent];
    }

    /// The heading of `agent`, 0 to 3.
    public int heading(int agent) {
        return heading[agent];
    }

    /// Does `moves`, one for each vehicle, all at once; or nothing at all if they break a rule, which is returned.
    ///
    /// @throws IllegalArgumentException unless there is one move, 0 to 3, for each vehicle
    public Optional<Violation> step(byte[] moves) {
        if (moves.length != cell.length) {
            throw new IllegalArgumentException(moves.length + " moves for " + cell.length + " agents");
        }
        var violation = claim(moves);
        for (int agent = 0; agent < cell.length; agent++) {
            if (next[agent] >= 0) claim[next[agent]] = -1;
        }
        if (violation.isPresent()) return violation;
        for (int agent = 0; agent < cell.length; agent++) holder[cell[agent]] = -1;
        for (int agent = 0; agent < cell.length; agent++) {
            cell[agent] = next[agent];
            holder[cell[agent]] = agent;
            heading[agent] = turned(heading[agent], moves[agent]);
        }
        return violation;
    }

    private Optional<Violation> claim(byte[] moves) {
        Arrays.fill(next, -1);
        for (int agent = 0; agent < cell.length; agent++) {
            byte move = moves[agent];
            if (move < 0 || move > WAIT) {
                throw new IllegalArgumentException("move " + move + " of agent " + agent + ", must be 0 to 3");
            }
            int target = move == FORWARD ? grid.ahead(cell[agent], heading[agent]) : cell[agent];
            if (target < 0) return Optional.of(new Violation(Rule.WALL, agent, -1, cell[agent]));
            if (claim[target] >= 0) return Optional.of(new Violation(Rule.SAME_CELL, agent, claim[target], target));
            int held = holder[target];
            if (held >= 0 && held < agent && next[held] == cell[agent]) {
                return Optional.of(new Violation(Rule.TRADED_PLACES, agent, held, target));
            }
            next[agent] = target;
            claim[target] = agent;
        }
        return Optional.empty();
    }

    /// The heading after `move`.
    static int turned(int heading, byte move) {
        return switch (move) {
            case TURN -> (heading + 1) & 3;
            case COUNTER_TURN -> (heading + 3) & 3;
            default -> heading;
        };
    }
}
