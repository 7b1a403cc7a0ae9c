package org.diwan.robots.league;

/// Who plays: looks at a [World] and says what everybody does next.
@FunctionalInterface
public interface Planner {
    /// Fills in the next step of `world`, which it only reads: in `schedule` the task of each agent or -1 (ignored
    /// in round robin; on entry the tasks held now), in `moves` the move of each agent (on entry all wait).
    void plan(World world, int[] schedule, byte[] moves);
}
