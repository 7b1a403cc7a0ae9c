package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.tensor.Matrix;

/// The slow twin of the forward passes: one token after the other in double precision, in the order
/// of karpathy/llama2.c's `forward`, with nothing in common with the engine but the reading of
/// weights.
final class ReferenceModel {
    private final GgufFile file;
    private final ModelConfig config;
    private final boolean qwen;
    private final Map<String, double[][]> weights = new HashMap<>();
    private final double[][][] keys;
    private final double[][][] values;

    private ReferenceModel(GgufFile file, ModelConfig config) {
        this.file = file;
        this.config = config;
        this.qwen = config.architecture().equals("qwen3");
        this.keys = new double[config.layers()][config.contextLength()][];
        this.values = new double[config.layers()][config.contextLength()][];
    }

    static ReferenceModel of(Path path) throws IOException {
        var file = GgufFile.open(path);
        int vocabulary = (int) file.tensor("token_embd.weight").shape()[1];
        return new ReferenceModel(file, ModelConfig.from(path, file.metadata(), vocabulary));
    }

    double[][] logits(int[] tokens) {
        var logits = new double[tokens.length][];
        for (int i = 0; i < tokens.length; i++) logits[i] = forward(tokens[i], i);
        return logits;
    }

    double[] forward(int token, int position) {
        double[] x = weights("token_embd.weight")[token].clone();
        for (int l = 0; l < config.layers(); l++) {
            String layer = "blk." + l + ".";
            double[] h = normalize(x, vector(layer + "attn_norm.weight"));
            double[] q = multiply(layer + "attn_q.weight", h);
            double[] k = multiply(layer + "attn_k.weight", h);
            if (qwen) {
                normalizeHeads(q, vector(layer + "attn_q_norm.weight"));
                normalizeHeads(k, vector(layer + "attn_k_norm.weight"));
            }
            rotate(q, position);
            rotate(k, position);
            keys[l][position] = k;
            values[l][position] = multiply(layer + "attn_v.weight", h);
            add(x, multiply(layer + "attn_output.weight", attend(q, l, position)));

            h = normalize(x, vector(layer + "ffn_norm.weight"));
            double[] gate = multiply(layer + "ffn_gate.weight", h);
            double[] up = multiply(layer + "ffn_up.weight", h);
            for (int i = 0; i < gate.length; i++) gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            add(x, multiply(layer + "ffn_down.weight", gate));
        }
        double[] h = normalize(x, vector("output_norm.weight"));
        return multiply(file.has("output.weight") ? "output.weight" : "token_embd.weight", h);
    }

    private double[] attend(double[] q, int layer, int position) {
        int size = config.headSize();
        double[] out = new double[q.length];
        for (int head = 0; head < config.heads(); head++) {
            int kv = head / (config.heads() / config.kvHeads()) * size;
            double[] score = new double[position + 1];
            double sum = 0;
            for (int p = 0; p <= position; p++) {
                for (int i = 0; i < size; i++) score[p] += q[head * size + i] * keys[layer][p][kv + i];
                score[p] = Math.exp(score[p] / Math.sqrt(size));
                sum += score[p];
            }
            for (int p = 0; p <= position; p++) {
                for (int i = 0; i < size; i++) out[head * size + i] += score[p] / sum * values[layer][p][kv + i];
            }
        }
        return out;
    }

    private void rotate(double[] x, int position) {
        int size = config.headSize();
        for (int start = 0; start < x.length; start += size) {
            for (int pair = 0; pair < size / 2; pair++) {
                double angle = position / Math.pow(config.ropeBase(), 2.0 * pair / size);
                if (file.has("rope_freqs.weight")) angle /= vector("rope_freqs.weight")[pair];
                int a = start + (qwen ? pair : 2 * pair);
                int b = a + (qwen ? size / 2 : 1);
                double turned = x[a] * Math.cos(angle) - x[b] * Math.sin(angle);
                x[b] = x[a] * Math.sin(angle) + x[b] * Math.cos(angle);
                x[a] = turned;
            }
        }
    }

    private void normalizeHeads(double[] x, double[] weight) {
        for (int start = 0; start < x.length; start += weight.length) {
            double[] head = Arrays.copyOfRange(x, start, start + weight.length);
            System.arraycopy(normalize(head, weight), 0, x, start, weight.length);
        }
    }

    private double[] normalize(double[] x, double[] weight) {
        double square = 0;
        for (double value : x) square += value * value;
        double scale = 1 / Math.sqrt(square / x.length + config.epsilon());
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) out[i] = weight[i] * x[i] * scale;
        return out;
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) x[i] += y[i];
    }

    private double[] multiply(String name, double[] x) {
        double[][] matrix = weights(name);
        double[] out = new double[matrix.length];
        for (int r = 0; r < out.length; r++) for (int c = 0; c < x.length; c++) out[r] += matrix[r][c] * x[c];
        return out;
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
