package org.diwan.engine.model;

import java.util.List;
import java.util.function.IntConsumer;
import org.diwan.engine.kernel.ErfGelu;
import org.diwan.engine.kernel.FullAttention;
import org.diwan.engine.kernel.LayerNorm;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.EncoderWeights.Affine;
import org.diwan.engine.model.EncoderWeights.Norm;
import org.diwan.engine.tensor.Matrix;

/// Whole texts, one after the other — a row is a token — and the activations that an encoder
/// computes for them. Made for one step, by the thread that runs it.
///
/// Rows see those of their own text only, and every kernel gives a row the same bits whatever other
/// rows there are: a text has the same vector in any company.
///
/// Arrays are [rows, width], row-major.
final class TextBatch {
    private final EncoderConfig config;
    private final Workers workers;
    private final List<int[]> texts;
    private final int[] firstRows;
    private final int rows;

    final float[] residual;
    final float[] query;
    final float[] key;
    final float[] value;
    final float[] attended;
    final float[] up;

    TextBatch(EncoderConfig config, Workers workers, List<int[]> texts) {
        this.config = config;
        this.workers = workers;
        this.texts = texts;
        this.firstRows = new int[texts.size()];
        int rows = 0;
        for (int i = 0; i < firstRows.length; i++) {
            firstRows[i] = rows;
            rows = Math.addExact(rows, texts.get(i).length);
        }
        this.rows = rows;
        int size = Math.multiplyExact(rows, config.hidden());
        residual = new float[size];
        query = new float[size];
        key = new float[size];
        value = new float[size];
        attended = new float[size];
        up = new float[Math.multiplyExact(rows, config.feedForward())];
    }

    // What follows are the steps that a forward pass is written in.

    /// residual ← token + token type + position.
    void embed(EncoderWeights weights) {
        int width = config.hidden();
        List<float[]> types = weights.tokenTypes();
        workers.run(texts.size(), text -> {
            float[] position = new float[width];
            int[] tokens = texts.get(text);
            float[] type = types.isEmpty() ? null : types.getFirst();
            for (int i = 0; i < tokens.length; i++) {
                int at = (firstRows[text] + i) * width;
                weights.tokens().row(tokens[i], residual, at);
                weights.positions().row(i, position, 0);
                for (int k = 0; k < width; k++) {
                    if (type != null) residual[at + k] += type[k];
                    residual[at + k] += position[k];
                }
                if (tokens[i] == config.separator()) type = types.getLast();
            }
        });
    }

    /// out ← map(x), for every row.
    void apply(Affine map, float[] x, float[] out) {
        Matrix weight = map.weight();
        weight.multiply(x, rows, out, workers);
        int width = weight.rows();
        forEachRow(row -> {
            for (int i = 0; i < width; i++) out[row * width + i] += map.bias()[i];
        });
    }

    /// attended ← attention of every row over its own text.
    void attend() {
        int heads = config.heads();
        workers.run(
                texts.size() * heads,
                part -> FullAttention.attend(
                        query,
                        key,
                        value,
                        firstRows[part / heads],
                        texts.get(part / heads).length,
                        heads,
                        config.hidden() / heads,
                        part % heads,
                        attended));
    }

    /// up ← gelu(up).
    void activate() {
        int width = config.feedForward();
        forEachRow(row -> ErfGelu.inPlace(up, row * width, width));
    }

    /// residual ← norm(residual + x).
    void addAndNormalize(float[] x, Norm norm) {
        int width = config.hidden();
        forEachRow(row -> {
            for (int i = row * width; i < (row + 1) * width; i++) residual[i] += x[i];
            normalize(row, norm);
        });
    }

    /// residual ← norm(residual).
    void normalize(Norm norm) {
        forEachRow(row -> normalize(row, norm));
    }

    private void normalize(int row, Norm norm) {
        int at = row * config.hidden();
        LayerNorm.apply(residual, at, norm.weight(), norm.bias(), config.epsilon(), residual, at);
    }

    private void forEachRow(IntConsumer step) {
        workers.run(rows, step);
    }

    /// Where the text's first row begins in [#residual].
    int offset(int text) {
        return firstRows[text] * config.hidden();
    }
}
