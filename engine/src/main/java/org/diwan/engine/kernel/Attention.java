package org.diwan.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention (Vaswani et al. 2017, eq. 1) of queries over the positions before them,
/// in segments of [#SEGMENT] positions.
///
/// **Order.** A score is a sequential chain over the head's elements, times the scale, then capped if
/// the layer caps. Within a segment: the largest score m, the sum l of e^(score - m) as [Softmax] sums,
/// counted from the first position seen, and o = Σ e^(score - m) · value, a sequential chain over
/// positions. Two neighbours become one (Milakov and Gimelshein 2018, "Online normalizer calculation
/// for softmax", eq. 4; Dao et al. 2022, "FlashAttention", §3.1):
///
/// ```
/// m = max(m₁, m₂)    l = l₁·e^(m₁ - m) + l₂·e^(m₂ - m)    o = o₁·e^(m₁ - m) + o₂·e^(m₂ - m)
/// ```
///
/// in the order of positions, and at the end o / l. Where segments begin depends on the position alone,
/// so a result is the same whether it was computed alone, in a prompt of a thousand, or with a thread
/// for each segment.
///
/// **Speed.** A page of keys or values meets all queries of a block: those of the heads that share it
/// (Ainslie et al. 2023, "GQA") times the rows of a prompt. Where they are more than machine code takes at
/// a time, the page is widened to floats first, into a tile that stays in the nearest cache; few queries
/// are bound by memory, and read it as it is stored ([AttentionRoutines]). Elsewhere [AttentionLoops] read
/// the tile.
public final class Attention {
    /// Positions of a segment, whole pages.
    public static final int SEGMENT = 512;

    /// Queries of a block at most, unless one row has more: their scores fill 128 KiB.
    private static final int QUERIES = 64;

    private static final int PAGE = KeyValues.PAGE;
    private static final int CACHE_LINE = 64;

    /// Floats between the scores of two queries.
    private static final int STRIDE = AttentionRoutines.STRIDE;

    private final KeyValues cache;
    private final int kvHead;
    private final AttentionRule rule;
    private final int firstPosition;
    private final int group;

    /// [queries, headSize]: the heads of the first row, then those of the next.
    private final float[] query;

    private final int queries;

    private Attention(
            float[] query,
            int offset,
            int rows,
            int heads,
            KeyValues cache,
            int kvHead,
            int position,
            AttentionRule rule) {
        this.cache = cache;
        this.kvHead = kvHead;
        this.rule = rule;
        this.firstPosition = position;
        this.group = heads / cache.kvHeads;
        this.queries = rows * group;
        int width = group * cache.headSize;
        this.query = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            int from = offset + row * heads * cache.headSize + kvHead * width;
            System.arraycopy(query, from, this.query, row * width, width);
        }
    }

    /// Rows that [#attend] is best given at a time.
    public static int rows(int heads, int kvHeads) {
        return Math.max(1, QUERIES / (heads / kvHeads));
    }

    /// out = softmax(scale · q·K)·V for every query head of one key-value head, for `rows` queries at
    /// `position` and the positions after it, each over `rule.first(p)` … `p`.
    ///
    /// @param query [rows, heads, headSize] from `queryOffset`
    /// @param heads query heads, a multiple of the key-value heads; head h reads
    ///     key-value head h / (heads / kvHeads)
    /// @param kvHead the key-value head whose query heads are computed
    /// @param position of the first query; keys and values of all of them are in `cache`
    /// @param out [rows, heads, headSize] from `outOffset`
    public static void attend(
            float[] query,
            int queryOffset,
            int rows,
            int heads,
            KeyValues cache,
            int kvHead,
            int position,
            AttentionRule rule,
            float[] out,
            int outOffset) {
        var block = new Attention(query, queryOffset, rows, heads, cache, kvHead, position, rule);
        var all = block.new Sums();
        int first = rule.first(position) / SEGMENT;
        int last = (position + rows - 1) / SEGMENT;
        try (var arena = Arena.ofConfined()) {
            var scratch = block.new Scratch(arena);
            block.segment(first, scratch, all);
            if (first < last) {
                var next = block.new Sums();
                for (int segment = first + 1; segment <= last; segment++) {
                    block.segment(segment, scratch, next);
                    all.fold(next);
                }
            }
        }
        block.finish(all, heads, out, outOffset);
    }

    /// As [#attend], with the segments split among `workers`: for few queries over many positions.
    public static void attendInParallel(
            float[] query,
            int queryOffset,
            int rows,
            int heads,
            KeyValues cache,
            int kvHead,
            int position,
            AttentionRule rule,
            float[] out,
            int outOffset,
            Workers workers) {
        var block = new Attention(query, queryOffset, rows, heads, cache, kvHead, position, rule);
        int first = rule.first(position) / SEGMENT;
        var segments = new Sums[(position + rows - 1) / SEGMENT - first + 1];
        workers.run(segments.length, i -> {
            segments[i] = block.new Sums();
            try (var arena = Arena.ofConfined()) {
                block.segment(first + i, block.new Scratch(arena), segments[i]);
            }
        });
        for (int i = 1; i < segments.length; i++) segments[0].fold(segments[i]);
        block.finish(segments[0], heads, out, outOffset);
    }

    /// Attends to the positions of one segment; a query that sees none of them gets the sum 0.
    private void segment(int index, Scratch scratch, Sums sums) {
        int start = index * SEGMENT;
        int from = Math.max(start, rule.first(firstPosition));
        int end = Math.min(start + SEGMENT, firstPosition + queries / group);
        int firstPage = from / PAGE;
        int pages = Math.ceilDiv(end, PAGE) - firstPage;
        for (int page = 0; page < pages; page++) scores(firstPage + page, scratch, page * PAGE);
        for (int j = 0; j < queries; j++) {
            int position = firstPosition + j / group;
            int low = Math.max(from, rule.first(position)) - firstPage * PAGE;
            int high = Math.min(end, position + 1) - firstPage * PAGE;
            scratch.lows[j] = low;
            scratch.highs[j] = high;
            sums.exponentials(j, scratch.scores, j * STRIDE + low, high - low);
        }
        Arrays.fill(sums.weighted, 0);
        for (int page = 0; page < pages; page++) weigh(firstPage + page, scratch, page * PAGE, sums.weighted);
    }

    /// Scores of the positions of a page, the first of which is number `at` of the segment.
    private void scores(int page, Scratch s, int at) {
        AttentionRoutines direct = cache.routines;
        if (direct == null) {
            cache.keys(page, kvHead, s.floats, s.widening);
            AttentionLoops.scores(query, queries, cache.headSize, s.floats, rule.scale(), s.scores, at, STRIDE);
            return;
        }
        MemorySegment keys = cache.storedKeys(page, kvHead);
        if (s.tile == null) {
            direct.scores(keys, query, queries, rule.scale(), s.scores, at);
        } else {
            direct.widenKeys(keys, s.tile);
            direct.widened.scores(s.tile, query, queries, rule.scale(), s.scores, at);
        }
    }

    /// Adds the values of a page, weighted with what the scores have become.
    private void weigh(int page, Scratch s, int at, float[] weighted) {
        AttentionRoutines direct = cache.routines;
        if (direct == null) {
            cache.values(page, kvHead, s.floats, s.widening);
            AttentionLoops.weigh(s.scores, at, STRIDE, s.lows, s.highs, s.floats, cache.headSize, weighted);
            return;
        }
        MemorySegment values = cache.storedValues(page, kvHead);
        if (s.tile == null) {
            direct.weigh(values, s.scores, at, s.lows, s.highs, weighted);
        } else {
            direct.widenValues(values, s.tile);
            direct.widened.weigh(s.tile, s.scores, at, s.lows, s.highs, weighted);
        }
    }

    private void finish(Sums sums, int heads, float[] out, int outOffset) {
        int size = cache.headSize;
        for (int j = 0; j < queries; j++) {
            int at = outOffset + (j / group * heads + kvHead * group + j % group) * size;
            for (int i = 0; i < size; i++) out[at + i] = sums.weighted[j * size + i] / sums.sum[j];
        }
    }

    /// Where one thread works on segments, one after the other.
    private final class Scratch {
        final float[] scores = new float[queries * STRIDE];

        /// A page that machine code widened; null where it reads pages as they are stored.
        final @Nullable MemorySegment tile;

        // A page for loops.
        final KeyValues.Scratch widening;
        final float[] floats;

        /// The positions that a query sees, numbered as its scores: [low, high).
        final int[] lows = new int[queries];

        final int[] highs = new int[queries];

        Scratch(Arena arena) {
            int count = cache.headSize * PAGE;
            var direct = cache.routines;
            boolean widens = direct != null && cache.type != KvType.F32 && queries > direct.most;
            this.tile = widens ? arena.allocate(4L * count, CACHE_LINE) : null;
            this.widening = new KeyValues.Scratch(cache);
            this.floats = new float[direct == null ? count : 0];
        }
    }

    /// What one or more segments make of the queries.
    private final class Sums {
        private final float[] max = new float[queries];
        private final float[] sum = new float[queries];
        private final float[] weighted = new float[queries * cache.headSize];
        private final float[] exponentials = new float[SoftmaxCode.RESULTS];

        /// Scores become e^(score - max).
        void exponentials(int j, float[] scores, int at, int count) {
            if (count <= 0) {
                max[j] = Float.NEGATIVE_INFINITY;
                sum[j] = 0;
                return;
            }
            if (rule.softCap() > 0) SoftCap.apply(scores, at, count, rule.softCap());
            if (cache.routines != null && SoftmaxCode.available()) {
                SoftmaxCode.exponentials(scores, at, count, exponentials);
                max[j] = exponentials[Lanes.GROUP];
                sum[j] = Lanes.sum(exponentials);
            } else {
                max[j] = Softmax.max(scores, at, count);
                sum[j] = Softmax.exponentials(scores, at, count, max[j], scores, at);
            }
        }

        /// Takes in the segment that follows.
        void fold(Sums next) {
            int size = cache.headSize;
            for (int j = 0; j < queries; j++) {
                if (next.sum[j] == 0) continue;
                if (sum[j] == 0) {
                    max[j] = next.max[j];
                    sum[j] = next.sum[j];
                    System.arraycopy(next.weighted, j * size, weighted, j * size, size);
                    continue;
                }
                float most = Math.max(max[j], next.max[j]);
                float a = Exp.exp(max[j] - most);
                float b = Exp.exp(next.max[j] - most);
                max[j] = most;
                sum[j] = sum[j] * a + next.sum[j] * b;
                for (int i = j * size; i < (j + 1) * size; i++) weighted[i] = weighted[i] * a + next.weighted[i] * b;
            }
        }
    }
}
