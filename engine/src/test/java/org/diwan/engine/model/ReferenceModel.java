package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.kernel.Xielu;
import org.diwan.engine.tensor.Matrix;

/// The slow twin of the forward passes: one token after the other in double precision, in the order
/// of karpathy/llama2.c's `forward`, with nothing in common with the engine but the reading of
/// weights and configuration. What an architecture has shows by its tensors.
final class ReferenceModel {
    private final GgufFile file;
    private final ModelConfig config;
    private final boolean halfGelu;
    private final Map<String, double[][]> weights = new HashMap<>();
    private final double[][][] keys;
    private final double[][][] values;

    private ReferenceModel(GgufFile file, ModelConfig config, boolean halfGelu) {
        this.file = file;
        this.config = config;
        this.halfGelu = halfGelu;
        this.keys = new double[config.layers()][config.contextLength()][];
        this.values = new double[config.layers()][config.contextLength()][];
    }

    static ReferenceModel of(Path path) throws IOException {
        return of(path, false);
    }

    /// @param halfGelu whether gelu reads and returns half-precision numbers, as llama.cpp's table does
    static ReferenceModel of(Path path, boolean halfGelu) throws IOException {
        var file = GgufFile.open(path);
        int vocabulary = (int) file.tensor("token_embd.weight").shape()[1];
        return new ReferenceModel(file, ModelConfig.from(path, file.metadata(), vocabulary), halfGelu);
    }

    double[][] logits(int[] tokens) {
        var logits = new double[tokens.length][];
        for (int i = 0; i < tokens.length; i++) logits[i] = forward(tokens[i], i);
        return logits;
    }

    double[] forward(int token, int position) {
        double[] x = weights("token_embd.weight")[token].clone();
        if (gemma()) scale(x, Math.sqrt(x.length));
        for (int l = 0; l < config.layers(); l++) {
            String layer = "blk." + l + ".";
            boolean exaone = config.family() instanceof Family.Exaone4;
            double[] input = exaone ? x : normalize(x, vector(layer + "attn_norm.weight"));
            double[] attended = attention(input, l, layer, position);
            if (file.has(layer + "post_attention_norm.weight")) {
                attended = normalize(attended, vector(layer + "post_attention_norm.weight"));
            }
            add(x, attended);
            if (file.has(layer + "ffn_norm.weight")) input = normalize(x, vector(layer + "ffn_norm.weight"));
            double[] fed = file.has(layer + "ffn_gate_inp.weight") ? mixture(input, layer) : feed(input, l, layer);
            if (file.has(layer + "post_ffw_norm.weight")) fed = normalize(fed, vector(layer + "post_ffw_norm.weight"));
            add(x, fed);
        }
        double[] h = normalize(x, vector("output_norm.weight"));
        double[] logits = multiply(file.has("output.weight") ? "output.weight" : "token_embd.weight", h);
        if (config.family() instanceof Family.Cohere2 cohere) scale(logits, cohere.logitScale());
        if (config.family() instanceof Family.Gemma2 gemma) cap(logits, gemma.logitCap());
        return logits;
    }

    private double[] attention(double[] h, int l, String layer, int position) {
        double[] q = biased(layer + "attn_q", h);
        double[] k = biased(layer + "attn_k", h);
        if (file.has(layer + "attn_q_norm.weight")) {
            normalizeHeads(q, vector(layer + "attn_q_norm.weight"));
            normalizeHeads(k, vector(layer + "attn_k_norm.weight"));
        }
        boolean everywhere = !(config.family() instanceof Family.Cohere2) && config.layers() != 64;
        if (everywhere || slides(l)) {
            rotate(q, l, position);
            rotate(k, l, position);
        }
        keys[l][position] = k;
        values[l][position] = biased(layer + "attn_v", h);
        return biased(layer + "attn_output", attend(q, l, position));
    }

    private boolean gemma() {
        return config.family() instanceof Family.Gemma2 || config.family() instanceof Family.Gemma3;
    }

    /// Whether layer `l` has a window: every second, sixth, fourth has none.
    private boolean slides(int l) {
        return switch (config.family()) {
            case Family.Gemma2 family -> l % 2 != 1;
            case Family.Gemma3 family -> l % 6 != 5;
            case Family.Cohere2 family -> l % 4 != 3;
            case Family.Exaone4 family -> config.layers() == 64 && l % 4 != 3;
            default -> false;
        };
    }

    private double[] attend(double[] q, int layer, int position) {
        int size = config.headSize();
        double[] out = new double[q.length];
        int first = slides(layer) ? Math.max(0, position - window() + 1) : 0;
        for (int head = 0; head < config.heads(); head++) {
            int kv = head / (config.heads() / config.kvHeads()) * size;
            double[] score = new double[position + 1];
            for (int p = first; p <= position; p++) {
                for (int i = 0; i < size; i++) score[p] += q[head * size + i] * keys[layer][p][kv + i];
            }
            scale(score, 1 / Math.sqrt(size));
            if (config.family() instanceof Family.Gemma2 gemma) cap(score, gemma.attentionCap());
            double sum = 0;
            for (int p = first; p <= position; p++) {
                score[p] = Math.exp(score[p]);
                sum += score[p];
            }
            for (int p = first; p <= position; p++) {
                for (int i = 0; i < size; i++) out[head * size + i] += score[p] / sum * values[layer][p][kv + i];
            }
        }
        return out;
    }

    private int window() {
        return switch (config.family()) {
            case Family.Gemma2 family -> family.windows().size();
            case Family.Gemma3 family -> family.windows().size();
            case Family.Cohere2 family -> family.windows().size();
            case Family.Exaone4 family -> family.windows().size();
            default -> throw new AssertionError("no layer of " + config.architecture() + " has a window");
        };
    }

    private double[] feed(double[] h, int l, String layer) {
        double[] up = multiply(layer + "ffn_up.weight", h);
        if (config.family() instanceof Family.Apertus apertus) {
            for (int i = 0; i < up.length; i++)
                up[i] = xielu(up[i], apertus.activations().get(l));
            return multiply(layer + "ffn_down.weight", up);
        }
        double[] gate = multiply(layer + "ffn_gate.weight", h);
        for (int i = 0; i < gate.length; i++) gate[i] = (gemma() ? gelu(gate[i]) : silu(gate[i])) * up[i];
        return multiply(layer + "ffn_down.weight", gate);
    }

    private double[] mixture(double[] h, String layer) {
        var moe = (Family.Qwen3Moe) config.family();
        double[] router = multiply(layer + "ffn_gate_inp.weight", h);
        Integer[] ranked = new Integer[router.length];
        Arrays.setAll(ranked, i -> i);
        Arrays.sort(ranked, Comparator.comparingDouble(i -> -router[i]));
        double sum = 0;
        for (int r = 0; r < moe.used(); r++) sum += Math.exp(router[ranked[r]]);
        double[] out = new double[h.length];
        for (int r = 0; r < moe.used(); r++) {
            int e = ranked[r];
            double[] gate = expert(layer + "ffn_gate_exps.weight", e, h);
            double[] up = expert(layer + "ffn_up_exps.weight", e, h);
            for (int i = 0; i < gate.length; i++) gate[i] = silu(gate[i]) * up[i];
            double[] one = expert(layer + "ffn_down_exps.weight", e, gate);
            scale(one, Math.exp(router[e]) / sum);
            add(out, one);
        }
        return out;
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    private double gelu(double x) {
        if (halfGelu) x = Float.float16ToFloat(Float.floatToFloat16((float) x));
        double y = x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        return halfGelu ? Float.float16ToFloat(Float.floatToFloat16((float) y)) : y;
    }

    private static double xielu(double x, Xielu with) {
        double positive = Math.log(1 + Math.exp(with.alphaP()));
        double negative = with.beta() + Math.log(1 + Math.exp(with.alphaN()));
        double curve = x > 0 ? positive * x * x : negative * (Math.expm1(Math.min(x, with.epsilon())) - x);
        return curve + with.beta() * x;
    }

    private static void cap(double[] x, double cap) {
        for (int i = 0; i < x.length; i++) x[i] = cap * Math.tanh(x[i] / cap);
    }

    private static void scale(double[] x, double factor) {
        for (int i = 0; i < x.length; i++) x[i] *= factor;
    }

    private void rotate(double[] x, int layer, int position) {
        boolean adjacent = config.family() instanceof Family.Llama || config.family() instanceof Family.Cohere2;
        boolean local = config.family() instanceof Family.Gemma3 && slides(layer);
        double base = local ? 10_000 : config.ropeBase();
        double stretch = local ? 1 : config.ropeStretch();
        int size = config.headSize();
        for (int start = 0; start < x.length; start += size) {
            for (int pair = 0; pair < size / 2; pair++) {
                double angle = position / stretch / Math.pow(base, 2.0 * pair / size);
                if (file.has("rope_freqs.weight")) angle /= vector("rope_freqs.weight")[pair];
                int a = start + (adjacent ? 2 * pair : pair);
                int b = a + (adjacent ? 1 : size / 2);
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
        if (config.family() instanceof Family.Cohere2) {
            x = x.clone();
            double mean = Arrays.stream(x).average().orElseThrow();
            for (int i = 0; i < x.length; i++) x[i] -= mean;
        }
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

    private double[] biased(String name, double[] x) {
        double[] out = multiply(name + ".weight", x);
        if (file.has(name + ".bias")) add(out, vector(name + ".bias"));
        return out;
    }

    private double[] multiply(String name, double[] x) {
        return multiply(weights(name), 0, weights(name).length, x);
    }

    private double[] expert(String name, int expert, double[] x) {
        int rows = (int) file.tensor(name).shape()[1];
        return multiply(weights(name), expert * rows, rows, x);
    }

    private static double[] multiply(double[][] matrix, int first, int rows, double[] x) {
        double[] out = new double[rows];
        for (int r = 0; r < rows; r++) for (int c = 0; c < x.length; c++) out[r] += matrix[first + r][c] * x[c];
        return out;
    }

    private double[] vector(String name) {
        return weights(name)[0];
    }

    private double[][] weights(String name) {
        return weights.computeIfAbsent(name, this::read);
    }

    private double[][] read(String name) {
        TensorInfo info = file.tensor(name);
        int columns = (int) info.shape()[0];
        Matrix matrix = Matrix.of(info.type(), file.data(info), (int) (info.weights() / columns), columns);
        var rows = new double[matrix.rows()][matrix.columns()];
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < rows.length; r++) {
            matrix.row(r, row, 0);
            for (int c = 0; c < row.length; c++) rows[r][c] = row[c];
        }
        return rows;
    }
}
