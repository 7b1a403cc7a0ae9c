package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.diwan.base.Digest;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.EncoderWeights.Affine;
import org.jspecify.annotations.Nullable;

/// A model that reads a text whole and says one vector (an embedding) or one number (a reranker's
/// score). Read-only and safe to share; steps run one at a time, each on all threads of the
/// [Workers] that it was loaded with.
///
/// The vector of a text depends on the file and on the text's tokens alone: not on what else is
/// encoded with it, on threads, or on the width of their vectors.
public final class Encoder implements AutoCloseable {
    /// Rows of one step, unless a single text has more: at a width of 1,024 and 4,096 in the
    /// feed-forward layer, activations are 72 MiB.
    private static final int STEP_ROWS = 2_048;

    private final GgufFile file;
    private final EncoderConfig config;
    private final EncoderWeights weights;
    private final BertForward forward;
    private final Workers workers;
    private final ReentrantLock running = new ReentrantLock();
    private byte @Nullable [] digest;

    private Encoder(GgufFile file, Workers workers) throws GgufException {
        this.file = file;
        this.workers = workers;
        this.config = EncoderConfig.from(file.path(), file.metadata(), Model.vocabulary(file));
        this.weights = EncoderWeights.of(file, config);
        this.forward = new BertForward(weights);
    }

    /// The encoder in `gguf`.
    ///
    /// @param workers stay the caller's, to be closed after the encoder
    /// @throws GgufException when the file is damaged, asks for more than the limits, or needs
    ///     arithmetic that is not done here; the message names the field or tensor
    public static Encoder load(Path gguf, Workers workers) throws IOException {
        GgufFile file = GgufFile.open(gguf);
        try {
            return new Encoder(file, workers);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /// The shape of the encoder.
    public EncoderConfig config() {
        return config;
    }

    /// The metadata of the file, as [GgufFile#metadata()].
    public Map<String, Object> metadata() {
        return file.metadata();
    }

    /// SHA-256 of the file; the first call reads it whole.
    public synchronized byte[] digest() throws IOException {
        if (digest == null) digest = Digest.sha256(file.path());
        return digest.clone();
    }

    /// What `config().pooling()` makes of each text: [hidden] for [Pooling#MEAN] and [Pooling#CLS],
    /// [1], the score before any sigmoid, for [Pooling#RANK], and [tokens, hidden], row-major, for
    /// [Pooling#NONE]. Nothing is scaled to length 1.
    ///
    /// @param texts token ids, with those that begin and end a text
    /// @throws IllegalArgumentException when a text has no tokens, more than the context, or one
    ///     outside the vocabulary
    public List<float[]> encode(List<int[]> texts) {
        for (int i = 0; i < texts.size(); i++) check(i, texts.get(i));
        var vectors = new ArrayList<float[]>(texts.size());
        for (int from = 0; from < texts.size(); ) {
            int to = stepEnd(texts, from);
            vectors.addAll(step(texts.subList(from, to)));
            from = to;
        }
        return vectors;
    }

    private void check(int index, int[] tokens) {
        if (tokens.length == 0 || tokens.length > config.contextLength()) {
            throw new IllegalArgumentException(
                    "text " + index + " has " + tokens.length + " tokens, must have 1 to " + config.contextLength());
        }
        for (int token : tokens) {
            if (token < 0 || token >= config.vocabulary()) {
                throw new IllegalArgumentException("token " + token + " of text " + index
                        + " is not in the vocabulary, which ends at " + (config.vocabulary() - 1));
            }
        }
    }

    private static int stepEnd(List<int[]> texts, int from) {
        int rows = texts.get(from).length;
        int to = from + 1;
        while (to < texts.size() && rows + texts.get(to).length <= STEP_ROWS) rows += texts.get(to++).length;
        return to;
    }

    private List<float[]> step(List<int[]> texts) {
        var batch = new TextBatch(config, workers, texts);
        running.lock();
        try {
            forward.run(batch);
        } finally {
            running.unlock();
        }
        var vectors = new ArrayList<float[]>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            vectors.add(pooled(batch.residual, batch.offset(i), texts.get(i).length));
        }
        return vectors;
    }

    private float[] pooled(float[] rows, int offset, int count) {
        int width = config.hidden();
        return switch (config.pooling()) {
            case NONE -> Arrays.copyOfRange(rows, offset, offset + count * width);
            case MEAN -> mean(rows, offset, count, width);
            case CLS -> Arrays.copyOfRange(rows, offset, offset + width);
            case RANK -> score(Arrays.copyOfRange(rows, offset, offset + width));
            case LAST -> throw new AssertionError("was checked when the file was read");
        };
    }

    /// Each element a sequential sum over tokens, then divided.
    private static float[] mean(float[] rows, int offset, int count, int width) {
        float[] mean = new float[width];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < width; i++) mean[i] += rows[offset + row * width + i];
        }
        for (int i = 0; i < width; i++) mean[i] /= count;
        return mean;
    }

    private float[] score(float[] vector) {
        var head = Objects.requireNonNull(weights.head(), "a reranker has a head");
        Affine dense = head.dense();
        if (dense == null) return apply(head.out(), vector);
        float[] inner = apply(dense, vector);
        // StrictMath has the same bits everywhere; a few hundred of these a text cost nothing.
        for (int i = 0; i < inner.length; i++) inner[i] = (float) StrictMath.tanh(inner[i]);
        return apply(head.out(), inner);
    }

    private float[] apply(Affine map, float[] x) {
        float[] out = new float[map.bias().length];
        map.weight().multiply(x, 1, out, workers);
        for (int i = 0; i < out.length; i++) out[i] += map.bias()[i];
        return out;
    }

    /// Unmaps the file; nothing may be running.
    @Override
    public void close() {
        file.close();
    }
}
