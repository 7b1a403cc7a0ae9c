package org.diwan.engine.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.diwan.engine.kernel.Attention;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.KeyValues;
import org.diwan.engine.kernel.LayerNorm;
import org.diwan.engine.kernel.RmsNorm;
import org.diwan.engine.kernel.Rope;
import org.diwan.engine.kernel.Silu;
import org.diwan.engine.kernel.SoftCap;
import org.diwan.engine.kernel.TanhGelu;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.kernel.Xielu;
import org.diwan.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/// The rows of one step — a row is one token at one position of one sequence — and the activations
/// that a forward pass computes for them. Filled, run and read by one thread; reused from step to
/// step, so that a step allocates next to nothing.
///
/// Rows do not see each other except through the keys and values of their own sequence, and every
/// kernel gives a row the same bits whatever other rows there are. Hence a batch may mix decoding
/// sequences with pieces of prompts in any way.
///
/// Arrays are [rows, width], row-major.
public final class Batch {
    /// Below this many rows a loop over rows is too short to be worth waking other threads.
    private static final int PARALLEL_ROWS = 4;

    /// With fewer parts of attention for each thread, the positions of a part are split as well.
    private static final int PARTS_PER_THREAD = 2;

    private final ModelConfig config;
    private final Workers workers;
    private final int maxRows;
    private final int maxOutputs;
    private final boolean wantsLogits;

    private final int[] tokens;
    private final int[] positions;
    private final @Nullable Sequence[] sequences;
    private final int[] outputRows;
    private int rows;
    private int outputs;

    final float[] residual;
    final float[] normed;
    final float[] query;
    final float[] key;
    final float[] value;
    final float[] attended;
    final float[] gate;
    final float[] up;
    final float[] logits;
    private final float[] noBias;
    private final @Nullable Mixture mixture;

    Batch(ModelConfig config, Workers workers, int maxRows, int maxOutputs) {
        this(config, workers, maxRows, maxOutputs, true);
    }

    /// A batch of which [#vectors()] are wanted and no logits.
    static Batch ofVectors(ModelConfig config, Workers workers, int maxRows) {
        return new Batch(config, workers, maxRows, maxRows, false);
    }

    private Batch(ModelConfig config, Workers workers, int maxRows, int maxOutputs, boolean wantsLogits) {
        this.config = config;
        this.workers = workers;
        this.maxRows = maxRows;
        this.maxOutputs = maxOutputs;
        this.wantsLogits = wantsLogits;
        tokens = new int[maxRows];
        positions = new int[maxRows];
        sequences = new Sequence[maxRows];
        outputRows = new int[maxOutputs];
        residual = new float[Math.multiplyExact(maxRows, config.hidden())];
        normed = new float[residual.length];
        query = new float[Math.multiplyExact(maxRows, config.queryWidth())];
        key = new float[Math.multiplyExact(maxRows, config.keyWidth())];
        value = new float[key.length];
        attended = new float[query.length];
        gate = new float[Math.multiplyExact(maxRows, config.feedForward())];
        up = new float[gate.length];
        logits = new float[wantsLogits ? Math.multiplyExact(maxOutputs, config.vocabulary()) : 0];
        noBias = new float[config.hidden()];
        mixture = config.family() instanceof Family.Qwen3Moe family
                ? new Mixture(family, config.hidden(), config.feedForward(), maxRows)
                : null;
    }

    /// Forgets all rows; their sequences keep what has been run.
    public void clear() {
        Arrays.fill(sequences, 0, rows, null);
        rows = 0;
        outputs = 0;
    }

    /// Adds the next token of `sequence`, which thereby grows by one position.
    ///
    /// @param wantsLogits whether the logits after this token are needed
    /// @return the row of [#logits()] where they will be, or -1 if not wanted
    /// @throws IllegalArgumentException when the token is not in the vocabulary
    public int add(Sequence sequence, int token, boolean wantsLogits) {
        if (token < 0 || token >= config.vocabulary()) {
            throw new IllegalArgumentException(
                    "token " + token + " is not in the vocabulary, which ends at " + (config.vocabulary() - 1));
        }
        if (rows == maxRows || (wantsLogits && outputs == maxOutputs)) {
            throw new IllegalStateException("the batch of " + maxRows + " rows, " + maxOutputs + " outputs is full");
        }
        tokens[rows] = token;
        positions[rows] = sequence.append();
        sequences[rows] = sequence;
        if (wantsLogits) outputRows[outputs] = rows;
        rows++;
        return wantsLogits ? outputs++ : -1;
    }

    /// Rows added since [#clear()].
    public int rows() {
        return rows;
    }

    /// After [Model#forward(Batch)]: [outputs, vocabulary], valid until the next forward pass.
    public float[] logits() {
        return logits;
    }

    /// After a forward pass: [outputs, hidden], what the logits were or would be computed from.
    float[] vectors() {
        return normed;
    }

    // What follows are the steps that forward passes are written in.

    /// residual ← the embeddings of the tokens.
    void embed(Matrix embedding) {
        forEachRow(row -> embedding.row(tokens[row], residual, row * config.hidden()));
    }

    /// residual ← factor · residual.
    void scaleResidual(float factor) {
        int count = rows * config.hidden();
        for (int i = 0; i < count; i++) residual[i] *= factor;
    }

    /// normed ← residual.
    void copyResidual() {
        System.arraycopy(residual, 0, normed, 0, rows * config.hidden());
    }

    /// normed ← the rows of residual, normalised by their root mean square.
    void normalize(float[] weight) {
        int width = config.hidden();
        forEachRow(row -> RmsNorm.apply(residual, row * width, weight, config.epsilon(), normed, row * width));
    }

    /// normed ← the rows of normed, normalised by their root mean square.
    void normalizeAgain(float[] weight) {
        int width = config.hidden();
        forEachRow(row -> RmsNorm.apply(normed, row * width, weight, config.epsilon(), normed, row * width));
    }

    /// normed ← the rows of residual, normalised by their mean and variance.
    void normalizeMean(float[] weight) {
        int width = config.hidden();
        forEachRow(
                row -> LayerNorm.apply(residual, row * width, weight, noBias, config.epsilon(), normed, row * width));
    }

    /// out ← matrix · x, for every row.
    void multiply(Matrix matrix, float[] x, float[] out) {
        matrix.multiply(x, rows, out, workers);
    }

    /// query, key, value ← their matrices · normed.
    void project(Weights.Attention weights) {
        multiply(weights.query(), normed, query);
        multiply(weights.key(), normed, key);
        multiply(weights.value(), normed, value);
    }

    /// x ← x + bias in every row; nothing where there is no bias.
    void addBias(float[] x, float @Nullable [] bias) {
        if (bias == null) return;
        forEachRow(row -> {
            for (int i = 0, at = row * bias.length; i < bias.length; i++) x[at + i] += bias[i];
        });
    }

    /// Normalises every head of query and of key by itself, in place.
    void normalizeHeads(Weights.HeadNorms norms) {
        normalizeHeads(query, config.heads(), norms.query());
        normalizeHeads(key, config.kvHeads(), norms.key());
    }

    private void normalizeHeads(float[] x, int heads, float[] weight) {
        int size = config.headSize();
        forEachRow(row -> {
            for (int at = row * heads * size; at < (row + 1) * heads * size; at += size) {
                RmsNorm.apply(x, at, weight, config.epsilon(), x, at);
            }
        });
    }

    /// Turns queries and keys by their positions.
    void rotate(Rope rope) {
        int size = config.headSize();
        forEachRow(row -> {
            rope.apply(query, row * config.queryWidth(), config.heads(), size, positions[row]);
            rope.apply(key, row * config.keyWidth(), config.kvHeads(), size, positions[row]);
        });
    }

    /// Remembers keys and values, then attended ← attention of every query over its own sequence up
    /// to and including its own position, as far back as `rule` says.
    void attend(int layer, AttentionRule rule) {
        int keyWidth = config.keyWidth();
        forEachRow(row -> sequence(row).layer(layer).put(positions[row], key, row * keyWidth, value, row * keyWidth));
        int kvHeads = config.kvHeads();
        int[] blocks = blocks(Attention.rows(config.heads(), kvHeads));
        int parts = (blocks.length - 1) * kvHeads;
        if (parts >= PARTS_PER_THREAD * workers.threads()) {
            workers.run(parts, part -> attend(layer, rule, blocks, part, false));
        } else {
            for (int part = 0; part < parts; part++) attend(layer, rule, blocks, part, true);
        }
    }

    private void attend(int layer, AttentionRule rule, int[] blocks, int part, boolean parallel) {
        int kvHeads = config.kvHeads();
        int row = blocks[part / kvHeads];
        int count = blocks[part / kvHeads + 1] - row;
        int at = row * config.queryWidth();
        KeyValues cache = sequence(row).layer(layer);
        int kvHead = part % kvHeads;
        if (parallel) {
            Attention.attendInParallel(
                    query, at, count, config.heads(), cache, kvHead, positions[row], rule, attended, at, workers);
        } else {
            Attention.attend(query, at, count, config.heads(), cache, kvHead, positions[row], rule, attended, at);
        }
    }

    /// The rows at which blocks of one sequence, of at most `most` rows, begin; last, the number of rows.
    private int[] blocks(int most) {
        var starts = IntStream.builder();
        int start = 0;
        for (int row = 0; row < rows; row++) {
            if (row > start && (sequence(row) != sequence(start) || row - start == most)) start = row;
            if (row == start) starts.add(row);
        }
        return starts.add(rows).build().toArray();
    }

    /// gate ← silu(gate) · up.
    void swiglu() {
        int width = config.feedForward();
        forEachRow(row -> Silu.gate(gate, up, row * width, width));
    }

    /// gate ← gelu(gate) · up.
    void geglu() {
        int width = config.feedForward();
        forEachRow(row -> TanhGelu.gate(gate, up, row * width, width));
    }

    /// up ← activation(up).
    void activate(Xielu activation) {
        int width = config.feedForward();
        forEachRow(row -> activation.apply(up, row * width, width));
    }

    /// residual ← residual + x.
    void add(float[] x) {
        int count = rows * config.hidden();
        for (int i = 0; i < count; i++) residual[i] += x[i];
    }

    /// residual ← residual + the experts that `router` chooses for each row, of normed.
    void addMixture(Matrix router, List<Weights.Gated> experts) {
        Objects.requireNonNull(mixture, "the model has no experts").add(this, rows, router, experts, workers);
    }

    /// The first rows of normed ← the rows of residual whose logits are wanted, normalised by their
    /// root mean square.
    void normalizeOutputs(float[] weight) {
        int width = config.hidden();
        for (int i = 0; i < outputs; i++) {
            RmsNorm.apply(residual, outputRows[i] * width, weight, config.epsilon(), normed, i * width);
        }
    }

    /// As [#normalizeOutputs], by mean and variance.
    void normalizeOutputsMean(float[] weight) {
        int width = config.hidden();
        for (int i = 0; i < outputs; i++) {
            LayerNorm.apply(residual, outputRows[i] * width, weight, noBias, config.epsilon(), normed, i * width);
        }
    }

    /// logits ← output · normed, for the rows whose logits are wanted.
    void logits(Matrix output) {
        if (logitRows() > 0) output.multiply(normed, logitRows(), logits, workers);
    }

    /// logits ← cap · tanh(logits / cap).
    void capLogits(float cap) {
        int width = config.vocabulary();
        workers.run(logitRows(), i -> SoftCap.apply(logits, i * width, width, cap));
    }

    /// logits ← factor · logits.
    void scaleLogits(float factor) {
        int count = logitRows() * config.vocabulary();
        for (int i = 0; i < count; i++) logits[i] *= factor;
    }

    private int logitRows() {
        return wantsLogits ? outputs : 0;
    }

    private void forEachRow(IntConsumer step) {
        if (rows >= PARALLEL_ROWS) {
            workers.run(rows, step);
        } else {
            for (int row = 0; row < rows; row++) step.accept(row);
        }
    }

    private Sequence sequence(int row) {
        return Objects.requireNonNull(sequences[row], "the row was not added");
    }
}
