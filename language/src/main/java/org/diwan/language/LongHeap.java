package org.diwan.language;

import java.util.Arrays;

/// A binary heap of longs, the smallest on top: `PriorityQueue` without a box per entry.
final class LongHeap {
    private long[] heap;
    private int size;

    LongHeap(int capacity) {
        heap = new long[Math.max(capacity, 1)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void push(long value) {
        if (size == heap.length) heap = Arrays.copyOf(heap, size * 2);
        int hole = size++;
        while (hole > 0 && heap[(hole - 1) / 2] > value) {
            heap[hole] = heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }
        heap[hole] = value;
    }

    /// Removes and returns the smallest; the heap must not be empty.
    long pop() {
        long smallest = heap[0];
        long last = heap[--size];
        int hole = 0;
        while (2 * hole + 1 < size) {
            int child = 2 * hole + 1;
            if (child + 1 < size && heap[child + 1] < heap[child]) child++;
            if (heap[child] >= last) break;
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
        return smallest;
    }
}
