package org.diwan.robots.traffic;

/// What is wrong with a joint move: `agent` broke the rule at `cell`, `other` is whom it met (-1 at a wall).
public record Violation(Rule rule, int agent, int other, int cell) {
    /// The rules of motion: walls are not entered, a cell holds one vehicle, two do not trade places.
    public enum Rule {
        WALL,
        SAME_CELL,
        TRADED_PLACES
    }

    @Override
    public String toString() {
        return switch (rule) {
            case WALL -> "agent " + agent + " at cell " + cell + " moves into a wall";
            case SAME_CELL -> "agents " + agent + " and " + other + " are both on cell " + cell;
            case TRADED_PLACES -> "agents " + agent + " and " + other + " trade places at cell " + cell;
        };
    }
}
