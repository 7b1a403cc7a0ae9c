package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys and values that one layer has computed for one sequence, in pages of [#PAGE] positions
/// that its owner attaches.
///
/// A page holds the keys of each head, then the values of each head. Keys are [headSize, PAGE]: the
/// positions lie side by side, so that the score of a position is one lane and needs no sum across
/// lanes. Values are [PAGE, headSize]. In [KvType#Q8_0] the scales of a head's keys, [blocks, PAGE],
/// come before its integers, and those of its values, [PAGE, blocks], likewise.
///
/// Owned by the thread that runs the sequence; others may read between writes, and several may write
/// different positions.
public final class KeyValues {
    /// Positions of a page.
    public static final int PAGE = 32;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final float MAX_HALF = 65_504;

    final KvType type;
    final int kvHeads;
    final int headSize;
    private final int blocks;
    private final long headBytes;
    private final List<MemorySegment> pages = new ArrayList<>();

    /// What reads pages in machine code; null where loops do.
    final @Nullable AttentionRoutines routines;

    public KeyValues(KvType type, int kvHeads, int headSize) {
        this(type, kvHeads, headSize, true);
    }

    /// The same pages for [AttentionLoops].
    KeyValues inLoops() {
        var same = new KeyValues(type, kvHeads, headSize, false);
        same.pages.addAll(pages);
        return same;
    }

    private KeyValues(KvType type, int kvHeads, int headSize, boolean machineCode) {
        this.type = type;
        this.kvHeads = kvHeads;
        this.headSize = headSize;
        this.blocks = Math.ceilDiv(headSize, KvType.BLOCK);
        this.headBytes = type.size(headSize, PAGE);
        this.routines = machineCode ? AttentionRoutines.of(type, headSize) : null;
    }

    /// Bytes of a page of one layer.
    public static long pageSize(KvType type, int kvHeads, int headSize) {
        return 2L * kvHeads * type.size(headSize, PAGE);
    }

    /// The next positions will be stored in `page`, of [#pageSize].
    public void attach(MemorySegment page) {
        long needed = 2L * kvHeads * headBytes;
        if (page.byteSize() < needed)
            throw new IllegalArgumentException("a page of " + page.byteSize() + " bytes, must be " + needed);
        pages.add(page);
    }

    /// Lets go of all pages.
    public void clear() {
        pages.clear();
    }

    /// Stores key and value, each [kvHeads, headSize], of `position`, overwriting what was there.
    public void put(int position, float[] key, int keyOffset, float[] value, int valueOffset) {
        MemorySegment page = pages.get(position / PAGE);
        int lane = position % PAGE;
        for (int head = 0; head < kvHeads; head++) {
            long keys = head * headBytes;
            long values = (kvHeads + head) * headBytes;
            int k = keyOffset + head * headSize;
            int v = valueOffset + head * headSize;
            switch (type) {
                case F32 -> {
                    for (int i = 0; i < headSize; i++) page.set(FLOAT, keys + 4L * (i * PAGE + lane), key[k + i]);
                    MemorySegment.copy(value, v, page, FLOAT, values + 4L * lane * headSize, headSize);
                }
                case F16 -> {
                    for (int i = 0; i < headSize; i++) page.set(SHORT, keys + 2L * (i * PAGE + lane), half(key[k + i]));
                    for (int i = 0; i < headSize; i++) {
                        page.set(SHORT, values + 2L * (lane * headSize + i), half(value[v + i]));
                    }
                }
                case Q8_0 -> {
                    for (int b = 0; b < blocks; b++) {
                        quantize(key, k, b, page, keys, b * PAGE + lane, b * KvType.BLOCK * PAGE + lane, PAGE);
                        int first = lane * headSize + b * KvType.BLOCK;
                        quantize(value, v, b, page, values, lane * blocks + b, first, 1);
                    }
                }
            }
        }
    }

    private static short half(float value) {
        return Float.floatToFloat16(Math.clamp(value, -MAX_HALF, MAX_HALF));
    }

    /// Block `b` of the head at `x[offset]`: scale number `scaleAt`, integers from number `at`, each
    /// `step` after the one before.
    private void quantize(float[] x, int offset, int b, MemorySegment page, long head, int scaleAt, int at, int step) {
        int from = offset + b * KvType.BLOCK;
        int count = Math.min(KvType.BLOCK, headSize - b * KvType.BLOCK);
        float largest = 0;
        for (int i = from; i < from + count; i++) largest = Math.max(largest, Math.abs(x[i]));
        short scale = half(largest / 127);
        float stored = Float.float16ToFloat(scale);
        float inverse = stored == 0 ? 0 : 1 / stored;
        page.set(SHORT, head + 2L * scaleAt, scale);
        long integers = head + 2L * blocks * PAGE;
        for (int i = 0; i < count; i++) {
            // Rounds to the nearest, ties to even; a subnormal scale may be too small by half.
            float level = Math.clamp((float) Math.rint(x[from + i] * inverse), -127, 127);
            page.set(BYTE, integers + at + (long) i * step, (byte) level);
        }
    }

    /// The keys of a page as they are stored.
    MemorySegment storedKeys(int page, int head) {
        return pages.get(page).asSlice(head * headBytes, headBytes);
    }

    /// The values of a page as they are stored.
    MemorySegment storedValues(int page, int head) {
        return pages.get(page).asSlice((kvHeads + head) * headBytes, headBytes);
    }

    /// tile[i · PAGE + lane] ← element i of the keys of the page's positions. What lies at positions
    /// that were never stored is anything.
    void keys(int page, int head, float[] tile, Scratch scratch) {
        long at = head * headBytes;
        if (type != KvType.Q8_0) {
            plain(pages.get(page), at, tile, scratch);
            return;
        }
        integers(pages.get(page), at, scratch);
        for (int i = 0; i < headSize; i++) {
            int scale = i / KvType.BLOCK * PAGE;
            for (int lane = 0; lane < PAGE; lane++) {
                tile[i * PAGE + lane] = scratch.bytes[i * PAGE + lane] * scratch.scales[scale + lane];
            }
        }
    }

    /// tile[lane · headSize + i] ← element i of the values of the page's positions.
    void values(int page, int head, float[] tile, Scratch scratch) {
        long at = (kvHeads + head) * headBytes;
        if (type != KvType.Q8_0) {
            plain(pages.get(page), at, tile, scratch);
            return;
        }
        integers(pages.get(page), at, scratch);
        for (int lane = 0; lane < PAGE; lane++) {
            for (int b = 0; b < blocks; b++) {
                float scale = scratch.scales[lane * blocks + b];
                int end = Math.min((b + 1) * KvType.BLOCK, headSize) + lane * headSize;
                for (int i = lane * headSize + b * KvType.BLOCK; i < end; i++) tile[i] = scratch.bytes[i] * scale;
            }
        }
    }

    // The loops that widen are element by element, so their bits are the same however they are
    // compiled; C2 makes vectors of them.

    private void plain(MemorySegment page, long at, float[] tile, Scratch scratch) {
        int count = headSize * PAGE;
        if (type == KvType.F32) {
            MemorySegment.copy(page, FLOAT, at, tile, 0, count);
        } else {
            widen(page, at, count, tile, scratch);
        }
    }

    private static void widen(MemorySegment page, long at, int count, float[] tile, Scratch scratch) {
        short[] halves = scratch.halves;
        MemorySegment.copy(page, SHORT, at, halves, 0, count);
        for (int i = 0; i < count; i++) tile[i] = Float.float16ToFloat(halves[i]);
    }

    private void integers(MemorySegment page, long at, Scratch scratch) {
        widen(page, at, blocks * PAGE, scratch.scales, scratch);
        MemorySegment.copy(page, BYTE, at + 2L * blocks * PAGE, scratch.bytes, 0, headSize * PAGE);
    }

    /// Where one thread puts what it reads, before it widens it.
    static final class Scratch {
        final short[] halves;
        final byte[] bytes;
        final float[] scales;

        Scratch(KeyValues cache) {
            int count = cache.headSize * PAGE;
            int scaleCount = cache.blocks * PAGE;
            halves = new short[cache.type == KvType.F16 ? count : cache.type == KvType.Q8_0 ? scaleCount : 0];
            bytes = new byte[cache.type == KvType.Q8_0 ? count : 0];
            scales = new float[cache.type == KvType.Q8_0 ? scaleCount : 0];
        }
    }
}
