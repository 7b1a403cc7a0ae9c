package org.diwan.robots.roads;

import org.diwan.robots.roads.Fields.Permit;
import org.jspecify.annotations.Nullable;

/// A vehicle in one joint move.
final class Agent {
    final Permit permit;
    /// What is left to go, or null: it has no goal that it can reach, and gives way.
    final int @Nullable [] left;
    /// It cannot be moved.
    boolean fixed;
    /// It does not move unless pushed.
    boolean resting;
    int at;
    /// From where it came, or the same.
    int before;
    /// Where it goes, -1 while that is open.
    int next;

    Agent(Permit permit, int @Nullable [] left) {
        this.permit = permit;
        this.left = left;
    }
}
