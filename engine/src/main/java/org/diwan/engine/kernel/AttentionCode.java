package org.diwan.engine.kernel;

import static org.diwan.engine.kernel.Assembler.Register.R10;
import static org.diwan.engine.kernel.Assembler.Register.R11;
import static org.diwan.engine.kernel.Assembler.Register.R8;
import static org.diwan.engine.kernel.Assembler.Register.R9;
import static org.diwan.engine.kernel.Assembler.Register.RAX;
import static org.diwan.engine.kernel.Assembler.Register.RCX;
import static org.diwan.engine.kernel.Assembler.Register.RDI;
import static org.diwan.engine.kernel.Assembler.Register.RDX;
import static org.diwan.engine.kernel.Assembler.Register.RSI;

import org.diwan.engine.kernel.Assembler.Memory;
import org.diwan.engine.kernel.Assembler.Op;
import org.diwan.engine.kernel.Assembler.Vector;

/// Writes the machine code of attention for one head size and one type of cache: what
/// [AttentionLoops] computes over a page, with keys and values widened to floats as they are read.
///
/// Scores and weighted sums are the same walk. Rows of the page (elements of the keys, positions of the
/// values) are vectors whose lanes are outputs; each row meets one number of every query:
///
/// ```
/// sum[query][lane] = fma(number[query][row], page[row][lane], sum[query][lane])    row by row
/// ```
///
/// A *pass* keeps the sums of some queries by some vectors in registers while the rows go by; the
/// fewer of the two are loaded once a row and kept, the others come one at a time.
///
/// All routines are called as
///
///     void run(page, numbers, out, long rows, long groups, scales, float scale)
///
/// with addresses of the page's elements, of the queries or their weights, of the output, and, for
/// [KvType#Q8_0], of the scales. `groups` groups of queries follow one another. What a routine does with
/// the rest is said where it is written.
final class AttentionCode {
    /// Largest head; no more than 30 of an [Assembler]'s 64 KiB are filled up to there.
    static final int MOST_SIZE = 512;

    /// Bytes between the scores of two queries, not a power of two: those would share few lines of a
    /// first-level cache.
    static final int SCORES = 4 * (Attention.SEGMENT + SoftmaxCode.STEP);

    /// Rows that routines take at a time, unless their name says one.
    static final int UNROLLED = 4;

    private static final int PAGE = KeyValues.PAGE;

    /// Machine code, and where its routines begin.
    static final class Program {
        final byte[] code;

        /// By number of queries, from 1.
        final int[] scores;

        /// Likewise, for four positions at a time.
        final int[] sums;

        /// Likewise, for one position at a time.
        final int[] singleSums;

        final int widenedKeys;
        final int widenedValues;

        Program(byte[] code, int[] scores, int[] sums, int[] singleSums, int widenedKeys, int widenedValues) {
            this.code = code;
            this.scores = scores;
            this.sums = sums;
            this.singleSums = singleSums;
            this.widenedKeys = widenedKeys;
            this.widenedValues = widenedValues;
        }
    }

    private final int size;
    private final KvType type;
    private final int blocks;
    private final Assembler code;
    private final int registers;

    /// Lanes of a vector.
    private final int lanes;

    /// Queries, and vectors of a row, whose sums are in registers: that of query q and vector v is in
    /// register q · vectors + v.
    private int queries;

    private int vectors;

    private AttentionCode(int bits, KvType type, int size) {
        this.size = size;
        this.type = type;
        this.blocks = Math.ceilDiv(size, KvType.BLOCK);
        this.code = new Assembler(bits);
        this.registers = bits == 512 ? 32 : 16;
        this.lanes = bits / 32;
    }

    /// Whether there are routines for a head of `size` elements.
    static boolean writes(int size) {
        return size % Lanes.GROUP == 0 && size <= MOST_SIZE;
    }

    /// Most queries of a group, so that there are routines for 1 … `mostQueries`.
    static int mostQueries(int bits, KvType type) {
        if (bits == 512) return 8;
        return type == KvType.Q8_0 ? 5 : 6;
    }

    static Program assemble(int bits, KvType type, int size) {
        assert writes(size) : "no routines for heads of " + size;
        return new AttentionCode(bits, type, size).assemble(mostQueries(bits, type));
    }

    private Program assemble(int most) {
        int[] scores = new int[most + 1];
        int[] sums = new int[most + 1];
        int[] singleSums = new int[most + 1];
        for (queries = 1; queries <= most; queries++) {
            scores[queries] = code.label();
            scores();
            sums[queries] = code.label();
            sums(UNROLLED);
            singleSums[queries] = code.label();
            sums(1);
        }
        int keys = code.label();
        widenKeys();
        int values = code.label();
        widenValues();
        return new Program(code.code(), scores, sums, singleSums, keys, values);
    }

    /// out[query, lane] ← scale · Σ numbers[query, i] · page[i, lane], for the whole page.
    private void scores() {
        int kept = registers - 1; // the scale
        int pageVectors = PAGE / lanes;
        vectors = Math.min(pageVectors, mostVectors(kept, type == KvType.Q8_0));
        code.emit(Op.LOAD_BROADCAST, kept, new Vector(0));
        int group = code.label();
        for (int first = 0; first < pageVectors; first += vectors) {
            for (int i = 0; i < queries * vectors; i++) code.zero(i);
            if (first > 0) code.add(RDI, first * vectorSize());
            rowsOfKeys(first, () -> {
                for (int row = 0; row < UNROLLED; row++) row(row, PAGE, 4 * size, 0);
                code.add(RDI, UNROLLED * PAGE * elementSize());
                code.add(RSI, UNROLLED * 4);
            });
            for (int q = 0; q < queries; q++) {
                for (int v = 0; v < vectors; v++) {
                    code.emit(Op.MULTIPLY, sum(q, v), kept, new Vector(sum(q, v)));
                    code.emit(Op.STORE, sum(q, v), new Memory(RDX, q * SCORES + (first + v) * lanes * 4));
                }
            }
            code.add(RDI, -size * PAGE * elementSize() - first * vectorSize());
            code.add(RSI, -size * 4);
        }
        code.add(RSI, queries * size * 4);
        code.add(RDX, queries * SCORES);
        code.loop(R8, group);
        code.end();
    }

    /// Repeats `body`, which takes four rows of keys; every 32 rows have their own scales, which are
    /// loaded for vectors `first` on.
    private void rowsOfKeys(int first, Runnable body) {
        if (type != KvType.Q8_0) {
            repeat(size / UNROLLED, body);
            return;
        }
        if (first > 0) code.add(R9, first * lanes * 2);
        int whole = size / KvType.BLOCK;
        if (whole > 0) {
            code.set(R10, whole);
            int block = code.label();
            block(KvType.BLOCK, body);
            code.loop(R10, block);
        }
        if (whole < blocks) block(size % KvType.BLOCK, body);
        code.add(R9, -blocks * PAGE * 2 - first * lanes * 2);
    }

    private void block(int rows, Runnable body) {
        for (int v = 0; v < vectors; v++) {
            code.emit(Op.HALF_TO_FLOAT, factor() + v, new Memory(R9, v * lanes * 2));
        }
        code.add(R9, PAGE * 2);
        repeat(rows / UNROLLED, body);
    }

    private void repeat(int times, Runnable body) {
        code.set(R11, times);
        int turn = code.label();
        body.run();
        code.loop(R11, turn);
    }

    /// out[query, i] ← out[query, i] + Σ numbers[query, position] · page[position, i], for `unrolled` · `rows`
    /// positions.
    private void sums(int unrolled) {
        int most = mostVectors(registers, false);
        if (type == KvType.Q8_0) most = Math.min(most, KvType.BLOCK / lanes);
        int group = code.label();
        // A unit has its own scale; a loop takes the whole ones.
        int unit = type == KvType.Q8_0 ? KvType.BLOCK : most * lanes;
        int whole = size / unit;
        if (whole > 0) {
            code.set(R10, whole);
            int each = code.label();
            unitOfSums(unit, most, unrolled);
            code.loop(R10, each);
        }
        if (size % unit > 0) unitOfSums(size % unit, most, unrolled);
        code.add(RDI, -size * elementSize());
        if (type == KvType.Q8_0) code.add(R9, -blocks * 2);
        code.add(RDX, (queries - 1) * size * 4);
        code.add(RSI, queries * SCORES);
        code.loop(R8, group);
        code.end();
    }

    private void unitOfSums(int elements, int most, int unrolled) {
        for (int left = elements / lanes; left > 0; left -= vectors) {
            vectors = Math.min(left, most);
            for (int q = 0; q < queries; q++) {
                for (int v = 0; v < vectors; v++)
                    code.emit(Op.LOAD, sum(q, v), new Memory(RDX, q * size * 4 + v * lanes * 4));
            }
            code.move(R11, RCX);
            int turn = code.label();
            for (int row = 0; row < unrolled; row++) {
                if (type == KvType.Q8_0) loadFactor(row * blocks * 2);
                row(row, size, SCORES, 1);
            }
            code.add(RDI, unrolled * size * elementSize());
            code.add(RSI, unrolled * 4);
            if (type == KvType.Q8_0) code.add(R9, unrolled * blocks * 2);
            code.loop(R11, turn);
            for (int q = 0; q < queries; q++) {
                for (int v = 0; v < vectors; v++)
                    code.emit(Op.STORE, sum(q, v), new Memory(RDX, q * size * 4 + v * lanes * 4));
            }
            goBack(RDI, unrolled * size * elementSize());
            goBack(RSI, unrolled * 4);
            if (type == KvType.Q8_0) goBack(R9, unrolled * blocks * 2);
            code.add(RDI, vectors * vectorSize());
            code.add(RDX, vectors * lanes * 4);
        }
        if (type == KvType.Q8_0) code.add(R9, 2);
    }

    private void goBack(Assembler.Register register, int step) {
        code.multiply(RAX, RCX, step);
        code.subtract(register, RAX);
    }

    /// The row `row` after the present one: its vectors times a number of every query.
    ///
    /// @param width elements of a row
    /// @param stride bytes between the numbers of two queries
    /// @param shared 1 where all vectors share one factor, 0 where each has its own
    private void row(int row, int width, int stride, int shared) {
        int at = row * width * elementSize();
        int single = queries * vectors;
        int kept = single + 1;
        if (queries <= vectors) {
            for (int q = 0; q < queries; q++) loadNumber(kept + q, q * stride + row * 4);
            for (int v = 0; v < vectors; v++) {
                loadElements(single, at + v * vectorSize(), factor() + (1 - shared) * v);
                for (int q = 0; q < queries; q++) code.emit(Op.FMA, sum(q, v), kept + q, new Vector(single));
            }
        } else {
            for (int v = 0; v < vectors; v++) {
                loadElements(kept + v, at + v * vectorSize(), factor() + (1 - shared) * v);
            }
            for (int q = 0; q < queries; q++) {
                loadNumber(single, q * stride + row * 4);
                for (int v = 0; v < vectors; v++) code.emit(Op.FMA, sum(q, v), single, new Vector(kept + v));
            }
        }
    }

    private void loadNumber(int register, int offset) {
        code.emit(Op.LOAD_BROADCAST, register, new Memory(RSI, offset));
    }

    private void loadElements(int register, int offset, int factor) {
        var from = new Memory(RDI, offset);
        switch (type) {
            case F32 -> code.emit(Op.LOAD, register, from);
            case F16 -> code.emit(Op.HALF_TO_FLOAT, register, from);
            case Q8_0 -> {
                code.emit(Op.SIGNED_BYTE_TO_INT, register, from);
                code.emit(Op.INT_TO_FLOAT, register, new Vector(register));
                code.emit(Op.MULTIPLY, register, register, new Vector(factor));
            }
        }
    }

    /// All lanes of the factor ← one scale.
    private void loadFactor(int offset) {
        code.emit(Op.BROADCAST_SHORT, factor(), new Memory(R9, offset));
        code.emit(Op.HALF_TO_FLOAT, factor(), new Vector(factor()));
    }

    /// out[i, lane] ← page[i, lane], all floats.
    private void widenKeys() {
        queries = 0;
        vectors = PAGE / lanes;
        rowsOfKeys(0, () -> {
            for (int i = 0; i < UNROLLED * vectors; i++) widen(i * lanes, factor() + i % vectors);
            code.add(RDI, UNROLLED * PAGE * elementSize());
            code.add(RDX, UNROLLED * PAGE * 4);
        });
        code.end();
    }

    /// out[position, i] ← page[position, i], all floats.
    private void widenValues() {
        queries = 0;
        vectors = 1;
        repeat(PAGE, () -> {
            for (int i = 0; i < size; i += lanes) {
                if (type == KvType.Q8_0 && i % KvType.BLOCK == 0) loadFactor(i / KvType.BLOCK * 2);
                widen(i, factor());
            }
            code.add(RDI, size * elementSize());
            code.add(RDX, size * 4);
            if (type == KvType.Q8_0) code.add(R9, blocks * 2);
        });
        code.end();
    }

    private void widen(int element, int factor) {
        loadElements(0, element * elementSize(), factor);
        code.emit(Op.STORE, 0, new Memory(RDX, element * 4));
    }

    /// As many vectors of a row as registers hold with the sums of all queries, a power of two.
    ///
    /// @param ownFactors whether each vector has a factor in a register
    private int mostVectors(int available, boolean ownFactors) {
        for (int v = 4; v > 1; v /= 2) {
            int factors = type != KvType.Q8_0 ? 0 : ownFactors ? v : 1;
            if (queries * v + 1 + Math.min(queries, v) + factors <= available) return v;
        }
        throw new AssertionError("too many queries: " + queries);
    }

    private int sum(int query, int vector) {
        return query * vectors + vector;
    }

    /// The first register after those of [#row].
    private int factor() {
        return queries * vectors + 1 + Math.min(queries, vectors);
    }

    /// Bytes of a vector's elements in memory.
    private int vectorSize() {
        return lanes * elementSize();
    }

    private int elementSize() {
        return elementSize(type);
    }

    /// Bytes of an element in memory.
    static int elementSize(KvType type) {
        return switch (type) {
            case F32 -> 4;
            case F16 -> 2;
            case Q8_0 -> 1;
        };
    }
}
