package org.diwan.engine.kernel;

import java.util.Arrays;

/// The keys and values that one layer has computed for one sequence, in pages of sixteen positions
/// that its owner attaches.
///
/// A page of keys is [kvHeads, headSize, 16]: sixteen positions lie side by side, so that the score of
/// a position is one lane and needs no sum across lanes. A page of values is [kvHeads, 16, headSize].
/// Owned by the thread that runs the sequence; others may read between writes.
public final class KeyValues {
    public static final int PAGE = Lanes.GROUP;

    final int kvHeads;
    final int headSize;
    float[][] keys = {};
    float[][] values = {};

    public KeyValues(int kvHeads, int headSize) {
        this.kvHeads = kvHeads;
        this.headSize = headSize;
    }

    /// Stores key and value, each [kvHeads, headSize], of `position`, overwriting what was there.
    public void put(int position, float[] key, int keyOffset, float[] value, int valueOffset) {
        int page = position / PAGE;
        int lane = position % PAGE;
        float[] k = keys[page];
        for (int i = 0; i < kvHeads * headSize; i++) {
            k[i * PAGE + lane] = key[keyOffset + i];
        }
        for (int head = 0; head < kvHeads; head++) {
            System.arraycopy(
                    value, valueOffset + head * headSize, values[page], (head * PAGE + lane) * headSize, headSize);
        }
    }

    /// The next sixteen positions will be stored in `keyPage` and `valuePage`.
    public void attach(float[] keyPage, float[] valuePage) {
        keys = Arrays.copyOf(keys, keys.length + 1);
        values = Arrays.copyOf(values, values.length + 1);
        keys[keys.length - 1] = keyPage;
        values[values.length - 1] = valuePage;
    }

    /// Lets go of all pages.
    public void clear() {
        keys = new float[0][];
        values = new float[0][];
    }
}
