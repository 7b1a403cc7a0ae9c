package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.tensor.Matrix;

/// The slow twin of the encoder: double precision, one sum after the other, in the order of the BERT
/// paper, with nothing in common with the engine but the reading of weights. The activation is the
/// caller's, because that is where llama.cpp and the models' own training part.
final class ReferenceEncoder {
    private final GgufFile file;
    private final EncoderConfig config;
    private final DoubleUnaryOperator gelu;
    private final Map<String, double[][]> weights = new HashMap<>();

    private ReferenceEncoder(GgufFile file, EncoderConfig config, DoubleUnaryOperator gelu) {
        this.file = file;
        this.config = config;
        this.gelu = gelu;
    }

    static ReferenceEncoder of(Path path, DoubleUnaryOperator gelu) throws IOException {
        var file = GgufFile.open(path);
        int vocabulary = (int) file.tensor("token_embd.weight").shape()[1];
        return new ReferenceEncoder(file, EncoderConfig.from(path, file.metadata(), vocabulary), gelu);
    }

    /// x·Φ(x), Φ by Simpson's rule over the density in steps of 2⁻⁷ (error below 1e-11).
    static double exactGelu(double x) {
        int steps = 2 * (int) Math.ceil(Math.abs(x) * 64 + 1);
        double h = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(-0.5 * h * i * h * i);
        }
        return x * (0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI));
    }

    /// What ggml computes on CPUs: the approximation by a hyperbolic tangent (Hendrycks and Gimpel 2016,
    /// §2), from a table whose arguments and values have half precision.
    static double peerGelu(double x) {
        if (x <= -10) return 0;
        if (x >= 10) return x;
        float half = Float.float16ToFloat(Float.floatToFloat16((float) x));
        double y = 0.5 * half * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * half * (1 + 0.044715 * half * half)));
        return Float.float16ToFloat(Float.floatToFloat16((float) y));
    }

    /// As [Encoder#encode].
    double[] encode(int[] tokens) {
        int n = tokens.length;
        double[][] x = new double[n][];
        int[] types = types(tokens);
        for (int i = 0; i < n; i++) {
            x[i] = add(
                    add(weights("token_embd.weight")[tokens[i]], weights("token_types.weight")[types[i]]),
                    weights("position_embd.weight")[i]);
            x[i] = normalize(x[i], "token_embd_norm");
        }
        for (int layer = 0; layer < config.layers(); layer++) x = block(x, "blk." + layer + ".");
        return switch (config.pooling()) {
            case NONE -> Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
            case MEAN -> {
                double[] mean = new double[config.hidden()];
                for (double[] row : x) for (int i = 0; i < mean.length; i++) mean[i] += row[i] / n;
                yield mean;
            }
            case CLS -> x[0];
            case RANK ->
                affine(
                        "cls.output",
                        Arrays.stream(affine("cls", x[0])).map(Math::tanh).toArray());
            case LAST -> throw new AssertionError("no encoder");
        };
    }

    /// `[CLS] A [SEP]` are of type 0, `B [SEP]` of type 1 where a model has two and was trained on pairs.
    private int[] types(int[] tokens) {
        int[] types = new int[tokens.length];
        boolean pairs = config.pooling() == Pooling.RANK && config.tokenTypes() > 1;
        if (!pairs) return types;
        int separator =
                ((Number) Objects.requireNonNull(file.metadata().get("tokenizer.ggml.seperator_token_id"))).intValue();
        int first = 0;
        while (first < tokens.length && tokens[first] != separator) first++;
        for (int i = first + 1; i < tokens.length; i++) types[i] = 1;
        return types;
    }

    private double[][] block(double[][] x, String prefix) {
        int n = x.length;
        double[][] q = new double[n][];
        double[][] k = new double[n][];
        double[][] v = new double[n][];
        for (int i = 0; i < n; i++) {
            q[i] = affine(prefix + "attn_q", x[i]);
            k[i] = affine(prefix + "attn_k", x[i]);
            v[i] = affine(prefix + "attn_v", x[i]);
        }
        double[][] out = new double[n][];
        for (int i = 0; i < n; i++) {
            double[] attended = attend(q[i], k, v);
            double[] middle =
                    normalize(add(affine(prefix + "attn_output", attended), x[i]), prefix + "attn_output_norm");
            double[] up =
                    Arrays.stream(affine(prefix + "ffn_up", middle)).map(gelu).toArray();
            out[i] = normalize(add(affine(prefix + "ffn_down", up), middle), prefix + "layer_output_norm");
        }
        return out;
    }

    private double[] attend(double[] q, double[][] k, double[][] v) {
        int size = config.hidden() / config.heads();
        double[] out = new double[q.length];
        for (int head = 0; head < q.length; head += size) {
            double[] score = new double[k.length];
            double sum = 0;
            for (int p = 0; p < k.length; p++) {
                for (int i = head; i < head + size; i++) score[p] += q[i] * k[p][i];
                score[p] = Math.exp(score[p] / Math.sqrt(size));
                sum += score[p];
            }
            for (int p = 0; p < k.length; p++)
                for (int i = head; i < head + size; i++) out[i] += score[p] / sum * v[p][i];
        }
        return out;
    }

    private double[] normalize(double[] x, String name) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance = Arrays.stream(x)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        double[] weight = vector(name + ".weight");
        double[] bias = vector(name + ".bias");
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++)
            out[i] = (x[i] - mean) / Math.sqrt(variance + config.epsilon()) * weight[i] + bias[i];
        return out;
    }

    private double[] affine(String name, double[] x) {
        double[][] matrix = weights(name + ".weight");
        double[] out = vector(name + ".bias").clone();
        for (int r = 0; r < out.length; r++) for (int c = 0; c < x.length; c++) out[r] += matrix[r][c] * x[c];
        return out;
    }

    private static double[] add(double[] x, double[] y) {
        double[] sum = x.clone();
        for (int i = 0; i < x.length; i++) sum[i] += y[i];
        return sum;
    }

    private double[] vector(String name) {
        return weights(name)[0];
    }

    private double[][] weights(String name) {
        return weights.computeIfAbsent(name, this::read);
    }

    private double[][] read(String name) {
        Matrix matrix = Matrix.of(file, file.tensor(name));
        var rows = new double[matrix.rows()][matrix.columns()];
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < rows.length; r++) {
            matrix.row(r, row, 0);
            for (int c = 0; c < row.length; c++) rows[r][c] = row[c];
        }
        return rows;
    }
}
