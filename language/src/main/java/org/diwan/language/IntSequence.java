package org.diwan.language;

import java.util.Arrays;

/// A growing list of ints without boxes.
final class IntSequence {
    private int[] values = new int[32];
    private int size;

    void add(int value) {
        if (size == values.length) values = Arrays.copyOf(values, size * 2);
        values[size++] = value;
    }

    void addAll(int[] more) {
        if (size + more.length > values.length)
            values = Arrays.copyOf(values, Math.max(size + more.length, values.length * 2));
        System.arraycopy(more, 0, values, size, more.length);
        size += more.length;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
