package org.diwan.engine.kernel;

import java.util.Arrays;

/// The keys and values that one layer has computed for one sequence, in pages of sixteen positions
/// that appear when needed.
///
/// A page of keys is [kvHeads, headSize, 16]: sixteen positions lie side by side, so that the score of
/// a position is one lane and needs no sum across lanes. A page of values is [kvHeads, 16, headSize].
/// Owned by the thread that runs the sequence; others may read between writes.
public final class KeyValues {
    static final int PAGE = Lanes.GROUP;

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
        grow(page + 1);
        float[] k = keys[page];
        for (int i = 0; i < kvHeads * headSize; i++) {
            k[i * PAGE + lane] = key[keyOffset + i];
        }
        for (int head = 0; head < kvHeads; head++) {
            System.arraycopy(
                    value, valueOffset + head * headSize, values[page], (head * PAGE + lane) * headSize, headSize);
        }
    }

    private void grow(int pages) {
        int had = keys.length;
        if (pages <= had) {
            return;
        }
        keys = Arrays.copyOf(keys, pages);
        values = Arrays.copyOf(values, pages);
        for (int page = had; page < pages; page++) {
            keys[page] = new float[kvHeads * headSize * PAGE];
            values[page] = new float[kvHeads * headSize * PAGE];
        }
    }
}
