package org.diwan.robots.roads;

import java.util.Arrays;
import org.diwan.robots.roads.Fields.Permit;

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

    private int[] path = new int[8];
    private int length;

    Vehicle(int number, Permit permit, long round) {
        this.number = number;
        this.permit = permit;
        since = round;
    }

    /// Where it is, or which it has left last.
    int at() {
        return path[0];
    }

    /// Where it will be after all that is committed.
    int end() {
        return length == 0 ? -1 : path[length - 1];
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

    /// Whether it is on its way to a goal and will be there without more moves. It must not be pushed on
    /// until it was there and its fleet had the chance to hold it.
    boolean arriving() {
        return length > 1 && end() == goal;
    }
}
