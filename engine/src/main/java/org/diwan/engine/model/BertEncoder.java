package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.EncoderWeights.Affine;

/// An encoder of architecture `bert`: attention over the whole text, both ways.
final class BertEncoder extends Encoder {
    /// Rows of one step, unless a single text has more: at a width of 1,024 and 4,096 in the
    /// feed-forward layer, activations are 72 MiB.
    private static final int STEP_ROWS = 2_048;

    private final EncoderConfig config;
    private final EncoderWeights weights;
    private final BertForward forward;
    private final Workers workers;

    BertEncoder(GgufFile file, Workers workers) throws GgufException {
        super(file);
        this.workers = workers;
        this.config = EncoderConfig.from(file.path(), file.metadata(), Model.vocabulary(file));
        this.weights = EncoderWeights.of(file, config);
        this.forward = new BertForward(weights);
    }

    @Override
    public Pooling pooling() {
        return config.pooling();
    }

    @Override
    public int contextLength() {
        return config.contextLength();
    }

    @Override
    public int dimensions() {
        return config.hidden();
    }

    @Override
    public int vocabularySize() {
        return config.vocabulary();
    }

    @Override
    List<float[]> run(List<int[]> texts) {
        var vectors = new ArrayList<float[]>(texts.size());
        for (int from = 0; from < texts.size(); ) {
            int to = stepEnd(texts, from);
            vectors.addAll(step(texts.subList(from, to)));
            from = to;
        }
        return vectors;
    }

    private static int stepEnd(List<int[]> texts, int from) {
        int rows = texts.get(from).length;
        int to = from + 1;
        while (to < texts.size() && rows + texts.get(to).length <= STEP_ROWS) rows += texts.get(to++).length;
        return to;
    }

    private List<float[]> step(List<int[]> texts) {
        var batch = new TextBatch(config, workers, texts);
        var vectors = new ArrayList<float[]>(texts.size());
        exclusively(() -> {
            forward.run(batch);
            for (int i = 0; i < texts.size(); i++) {
                vectors.add(pooled(batch.residual, batch.offset(i), texts.get(i).length));
            }
        });
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
}
