package org.diwan.robots.roads;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diwan.robots.roads.Fields.Permit;
import org.jspecify.annotations.Nullable;

/// What is known of a vehicle: what it wants and its path, which is where it is and the vertices ahead.
final class Vehicle {
    final int number;
    /// A vertex, or -1.
    int goal = -1;

    long urgency;
    Permit permit;
    boolean held;
    /// The round when it was last planned to be at a goal.
    long since;

    /// It was at its goal, and was pushed away if it is not there. It drives nobody else from a goal then, or two
    /// could take turns for ever.
    boolean visited;
    /// No way was found; it gives way until there is another try.
    boolean resigned;

    /// The least that was left to go since it has this goal, and its own moves since then.
    int nearest = Integer.MAX_VALUE;

    int vainMoves;
    /// The [Fields] that it follows instead of the shortest way, round others that are held.
    int @Nullable [] detour;
    /// The plan since which it waits for somebody that is held, or -1.
    long waitsSince = -1;
    /// How often [Rescue] moved it since it has this goal.
    int rescues;
    /// The plan before which rescue is not tried again, and how often it was tried in vain.
    long nextRescue;

    int tries;
    /// Who was next to it then.
    final List<Vehicle> neighbours = new ArrayList<>();

    /// For [Detector].
    boolean hopeful;

    private int[] path = new int[8];
    private int length;

    Vehicle(int number, Permit permit, long round) {
        this.number = number;
        this.permit = permit;
        since = round;
    }

    /// Sends it elsewhere, or nowhere if `vertex` is -1.
    void send(int vertex) {
        goal = vertex;
        nearest = Integer.MAX_VALUE;
        vainMoves = 0;
        detour = null;
        waitsSince = -1;
        visited = at() == vertex && ahead() == 0;
        rescues = 0;
        retry();
    }

    /// May be helped again.
    void retry() {
        resigned = false;
        tries = 0;
        nextRescue = 0;
        neighbours.clear();
    }

    /// It moves by itself to where `left` is left to go.
    void went(int left) {
        waitsSince = -1;
        vainMoves = left < nearest ? 0 : vainMoves + 1;
        nearest = Math.min(nearest, left);
    }

    /// Makes it follow the field `left` until it is sent elsewhere.
    void goRound(int[] left) {
        detour = left;
        nearest = Integer.MAX_VALUE;
        vainMoves = 0;
        waitsSince = -1;
    }

    /// Where it is, or which it has left last.
    int at() {
        return path[0];
    }

    /// Where it will be after all that is committed.
    int end() {
        return path[length - 1];
    }

    /// The vertex before [#end], or the same.
    int beforeEnd() {
        return path[Math.max(0, length - 2)];
    }

    /// Vertices of the path, with the one where it is.
    int length() {
        return length;
    }

    /// Vertices ahead.
    int ahead() {
        return length - 1;
    }

    /// The vertex of the path; 0 is where it is.
    int step(int index) {
        return path[index];
    }

    void append(int vertex) {
        if (length == path.length) path = Arrays.copyOf(path, 2 * length);
        path[length] = vertex;
        length++;
    }

    /// Returns the vertex that it left.
    int removeFirst() {
        int first = path[0];
        System.arraycopy(path, 1, path, 0, length - 1);
        length--;
        return first;
    }

    void removeLast() {
        length--;
    }

    /// Whether it is on its way to a goal and will be there without more moves. It must not be pushed on until it was
    /// there and its fleet had the chance to hold it.
    boolean arriving() {
        return length > 1 && end() == goal;
    }

    /// Whether it is to go elsewhere and may.
    boolean wants() {
        return goal >= 0 && end() != goal && !held;
    }
}
