package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The routines of [AttentionCode] for one type of cache and one head size, ready to be called: what
/// [AttentionLoops] computes, for any number of queries.
///
/// Lengths are checked here: machine code checks nothing.
final class AttentionRoutines {
    /// Floats between the scores of two queries.
    static final int STRIDE = AttentionCode.SCORES / 4;

    /// Most kinds of routines, up to 30 KiB each; a model has one or two head sizes. Further ones run in loops.
    private static final int MOST_KINDS = 64;

    private static final int PAGE = KeyValues.PAGE;
    private static final Map<Kind, AttentionRoutines> MADE = new HashMap<>();

    private record Kind(KvType type, int size) {}

    /// Made where machine code can run only.
    private static final class Call {
        static final MethodHandle ROUTINE =
                MachineCode.caller(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_FLOAT);
    }

    private final KvType type;
    private final int size;
    private final int blocks;
    private final AttentionCode.Program program;
    private final MemorySegment code;

    /// Most queries of a group.
    final int most;

    /// Those for a page of floats.
    final AttentionRoutines widened;

    private AttentionRoutines(
            KvType type,
            int size,
            AttentionCode.Program program,
            MemorySegment code,
            @Nullable AttentionRoutines widened) {
        this.type = type;
        this.size = size;
        this.blocks = type == KvType.Q8_0 ? Math.ceilDiv(size, KvType.BLOCK) : 0;
        this.program = program;
        this.code = code;
        this.most = program.scores.length - 1;
        this.widened = widened == null ? this : widened;
    }

    /// Those for heads of `size`; null where no machine code can run, or none is written for such heads.
    static synchronized @Nullable AttentionRoutines of(KvType type, int size) {
        if (MachineCode.level() == MachineCode.Level.NONE || !AttentionCode.writes(size)) return null;
        var kind = new Kind(type, size);
        var made = MADE.get(kind);
        if (made != null) return made;
        if (MADE.size() >= MOST_KINDS) return null;
        AttentionRoutines widened = type == KvType.F32 ? null : of(KvType.F32, size);
        if (type != KvType.F32 && widened == null) return null;
        var program = AttentionCode.assemble(MachineCode.level().bits, type, size);
        var code = MachineCode.load(program.code);
        if (code.isEmpty()) return null;
        var routines = new AttentionRoutines(type, size, program, code.get(), widened);
        MADE.put(kind, routines);
        return routines;
    }

    /// tile ← the keys of a page, of one head, as floats.
    void widenKeys(MemorySegment page, MemorySegment tile) {
        widen(program.widenedKeys, page, tile);
    }

    /// tile ← the values of a page, of one head, as floats.
    void widenValues(MemorySegment page, MemorySegment tile) {
        widen(program.widenedValues, page, tile);
    }

    private void widen(int routine, MemorySegment page, MemorySegment tile) {
        Objects.checkFromIndexSize(0, 4L * size * PAGE, tile.byteSize());
        call(routine, elements(page, 0), MemorySegment.NULL, tile, 0, 0, page, 0);
    }

    /// scores[j · STRIDE + at + lane] ← scale · Σ query[j, i] · page[i, lane]
    ///
    /// @param page keys of one head, as they are stored
    void scores(MemorySegment page, float[] query, int queries, float scale, float[] scores, int at) {
        Objects.checkFromIndexSize(0, queries * size, query.length);
        Objects.checkFromIndexSize(at, (queries - 1) * STRIDE + PAGE, scores.length);
        int whole = queries - queries % most;
        if (whole > 0) scores(page, query, 0, most, whole / most, scale, scores, at);
        if (whole < queries) {
            scores(page, query, whole * size, queries - whole, 1, scale, scores, at + whole * STRIDE);
        }
    }

    private void scores(
            MemorySegment page, float[] query, int q, int group, int groups, float scale, float[] scores, int at) {
        call(program.scores[group], elements(page, 0), at(query, q), at(scores, at), 0, groups, page, scale);
    }

    /// weighted[j, i] ← weighted[j, i] + Σ scores[j · STRIDE + p] · page[p - at, i], over the positions p of a
    /// page that begins at `at`, as far as they are in [lows[j], highs[j]).
    ///
    /// @param page values of one head, as they are stored
    /// @param lows ascending, as are `highs`
    void weigh(MemorySegment page, float[] scores, int at, int[] lows, int[] highs, float[] weighted) {
        int queries = lows.length;
        int end = at + PAGE;
        Objects.checkFromIndexSize(0, queries * size, weighted.length);
        Objects.checkFromIndexSize(at, (queries - 1) * STRIDE + PAGE, scores.length);
        for (int j = 0; j < queries; ) {
            int last = Math.min(j + most, queries) - 1;
            // All of a group see the positions from the last one's first to the first one's last.
            int low = Math.clamp(lows[last], at, end);
            int high = Math.clamp(highs[j], at, end);
            if (low == at && high == end) {
                int groups = 1;
                while (last + most < queries && lows[last + most] <= at) {
                    groups++;
                    last += most;
                }
                weigh(page, scores, at, at, end, j, (last + 1 - j) / groups, groups, weighted);
            } else if (low < high) {
                for (int one = j; one <= last; one++) {
                    weigh(page, scores, at, Math.max(at, lows[one]), low, one, 1, 1, weighted);
                }
                weigh(page, scores, at, low, high, j, last + 1 - j, 1, weighted);
                for (int one = j; one <= last; one++) {
                    weigh(page, scores, at, high, Math.min(end, highs[one]), one, 1, 1, weighted);
                }
            } else {
                for (int one = j; one <= last; one++) {
                    weigh(page, scores, at, Math.max(at, lows[one]), Math.min(end, highs[one]), one, 1, 1, weighted);
                }
            }
            j = last + 1;
        }
    }

    /// The positions [from, end) of a page that begins at `at`, for `groups` groups of queries from `j` on.
    private void weigh(
            MemorySegment page,
            float[] scores,
            int at,
            int from,
            int end,
            int j,
            int group,
            int groups,
            float[] weighted) {
        int fours = Math.max(0, end - from) / AttentionCode.UNROLLED;
        int middle = from + fours * AttentionCode.UNROLLED;
        if (fours > 0) {
            weigh(program.sums[group], page, from - at, scores, j * STRIDE + from, fours, j, groups, weighted);
        }
        if (middle < end) {
            weigh(
                    program.singleSums[group],
                    page,
                    middle - at,
                    scores,
                    j * STRIDE + middle,
                    end - middle,
                    j,
                    groups,
                    weighted);
        }
    }

    private void weigh(
            int routine,
            MemorySegment page,
            int row,
            float[] scores,
            int s,
            int rows,
            int j,
            int groups,
            float[] weighted) {
        call(
                routine,
                elements(page, row * size),
                at(scores, s),
                at(weighted, j * size),
                rows,
                groups,
                page.asSlice(2L * row * blocks),
                0);
    }

    /// Behind the scales, where there are any.
    private MemorySegment elements(MemorySegment page, int first) {
        return page.asSlice(2L * blocks * PAGE + (long) first * AttentionCode.elementSize(type));
    }

    private static MemorySegment at(float[] array, int index) {
        return MemorySegment.ofArray(array).asSlice(4L * index);
    }

    private void call(
            int routine,
            MemorySegment page,
            MemorySegment numbers,
            MemorySegment out,
            long rows,
            long groups,
            MemorySegment scales,
            float scale) {
        try {
            Call.ROUTINE.invokeExact(code.asSlice(routine), page, numbers, out, rows, groups, scales, scale);
        } catch (Throwable e) {
            throw new AssertionError("machine code cannot throw", e);
        }
    }
}
