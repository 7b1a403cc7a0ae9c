package org.diwan.robots.roads;

import org.diwan.robots.roads.Fields.Permit;
import org.jspecify.annotations.Nullable;

/// A vehicle in one joint move.
final class Agent {
    final Permit permit;
    /// What is left to go, `[vertex]`, or null: it has no goal that it can reach, and gives way.
    final int @Nullable [] left;
    /// It does not move unless pushed.
    final boolean resting;
    /// It drives nobody from its goal.
    final boolean gentle;
    /// It may step aside into a lift.
    final boolean desperate;

    int at;
    /// From where it came, or the same.
    int before;
    /// Where it goes, -1 while that is open; set beforehand where it is no choice.
    int next;
    /// Whether it is another's will that it goes there.
    boolean pushed;

    Agent(Permit permit, int @Nullable [] left, boolean resting, boolean gentle, boolean desperate) {
        this.permit = permit;
        this.left = left;
        this.resting = resting;
        this.gentle = gentle;
        this.desperate = desperate;
    }

    /// Whether it is at its goal.
    boolean arrived() {
        return left != null && left[at] == 0;
    }
}
