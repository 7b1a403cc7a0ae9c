package org.diwan.engine.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Xielu;
import org.diwan.engine.tensor.Quantizer;

/// Writes models whose weights are noise: for speed of any shape, and for tests that compare the
/// arithmetic with another engine on the same file.
///
/// Weight i of tensor t is uniform with variance 1 / columns (so that activations keep their size),
/// drawn from SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
/// generators", fig. 14) keyed by seed, t and i. The same arguments give the same bytes.
public final class RandomModel {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    /// Rows that one thread fills at a time.
    private static final int ROWS = 64;

    final GgufWriter writer = new GgufWriter();
    private final Types types;
    private final long seed;
    private long tensors;

    /// The type of a matrix.
    @FunctionalInterface
    private interface Types {
        TensorType of(String name, long[] shape);
    }

    RandomModel(TensorType type, long seed) {
        this((name, shape) -> type, seed);
    }

    private RandomModel(Types types, long seed) {
        this.types = types;
        this.seed = seed;
    }

    /// Writes a model to `file`, its matrices all of `type`, its norms F32.
    ///
    /// @throws IllegalArgumentException when the widths of `shape` are not whole blocks of `type`
    public static void write(Path file, Shape shape, TensorType type, long seed) throws IOException {
        var model = new RandomModel(type, seed);
        model.metadata(shape, type.name());
        model.weights(shape);
        model.writer.write(file);
    }

    /// As [#write(Path, Shape, TensorType, long)], a model that embeds.
    public static void writeEmbedder(Path file, Shape shape, TensorType type, Pooling pooling, long seed)
            throws IOException {
        var model = new RandomModel(type, seed);
        model.metadata(shape, type.name());
        model.writer.uint32(shape.architecture() + ".pooling_type", pooling.id);
        model.weights(shape);
        model.writer.write(file);
    }

    /// Writes a model to `file`, its matrices of the types that `mix` chooses, its norms F32.
    public static void write(Path file, Shape shape, Mix mix, long seed) throws IOException {
        int experts = shape.family() instanceof Family.Qwen3Moe moe ? moe.experts() : 0;
        var facts = new Mix.Facts(shape.layers(), experts, shape.tiedOutput(), false);
        var model = new RandomModel((name, sizes) -> mix.type(name, sizes, TensorType.F32, facts), seed);
        model.metadata(shape, mix.name());
        model.writer.uint32("general.quantization_version", QuantizedCopy.QUANTIZATION_VERSION);
        model.writer.uint32("general.file_type", mix.fileType());
        model.weights(shape);
        model.writer.write(file);
    }

    private void metadata(Shape shape, String type) {
        String prefix = shape.architecture() + ".";
        writer.string("general.architecture", shape.architecture())
                .string("general.name", "random " + shape.architecture() + " " + type + " seed " + seed)
                .uint32(prefix + "block_count", shape.layers())
                .uint32(prefix + "context_length", shape.contextLength())
                .uint32(prefix + "embedding_length", shape.hidden())
                .uint32(prefix + "feed_forward_length", shape.feedForward())
                .uint32(prefix + "attention.head_count", shape.heads())
                .uint32(prefix + "attention.head_count_kv", shape.kvHeads())
                .uint32(prefix + "attention.key_length", shape.headSize())
                .uint32(prefix + "attention.value_length", shape.headSize())
                .uint32(prefix + "rope.dimension_count", shape.headSize())
                .float32(prefix + "rope.freq_base", shape.ropeBase())
                .float32(prefix + ModelConfig.epsilonKey(shape.family()), shape.epsilon())
                .uint32(prefix + "vocab_size", shape.vocabulary());
        if (shape.ropeStretch() != 1) {
            writer.string(prefix + "rope.scaling.type", "linear")
                    .float32(prefix + "rope.scaling.factor", shape.ropeStretch());
        }
        family(shape.family(), prefix, shape.feedForward());
        ByteVocabulary.write(writer, shape.vocabulary(), shape.architecture().equals("llama") ? "llama-bpe" : "qwen2");
    }

    private void family(Family family, String prefix, int feedForward) {
        switch (family) {
            case Family.Llama(), Family.Qwen2(), Family.Qwen3() -> {}
            case Family.Qwen3Moe moe ->
                writer.uint32(prefix + "expert_count", moe.experts())
                        .uint32(prefix + "expert_used_count", moe.used())
                        .uint32(prefix + "expert_feed_forward_length", feedForward);
            case Family.Gemma2 gemma ->
                writer.uint32(
                                prefix + "attention.sliding_window",
                                gemma.windows().size())
                        .float32(prefix + "attn_logit_softcapping", gemma.attentionCap())
                        .float32(prefix + "final_logit_softcapping", gemma.logitCap());
            case Family.Gemma3 gemma ->
                writer.uint32(
                        prefix + "attention.sliding_window", gemma.windows().size());
            case Family.Cohere2 cohere ->
                writer.uint32(
                                prefix + "attention.sliding_window",
                                cohere.windows().size())
                        .float32(prefix + "logit_scale", cohere.logitScale());
            case Family.Exaone4 exaone -> {
                int window = exaone.windows().size();
                if (window != AttentionRule.EVERYTHING) writer.uint32(prefix + "attention.sliding_window", window);
            }
            case Family.Apertus apertus ->
                writer.float32s("xielu.alpha_p", each(apertus, Xielu::alphaP))
                        .float32s("xielu.alpha_n", each(apertus, Xielu::alphaN))
                        .float32s("xielu.beta", each(apertus, Xielu::beta))
                        .float32s("xielu.eps", each(apertus, Xielu::epsilon));
        }
    }

    private static float[] each(Family.Apertus apertus, Function<Xielu, Float> number) {
        float[] numbers = new float[apertus.activations().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number.apply(apertus.activations().get(i));
        }
        return numbers;
    }

    private void weights(Shape shape) {
        int hidden = shape.hidden();
        matrix("token_embd.weight", shape.vocabulary(), hidden);
        vector("output_norm.weight", hidden);
        if (!shape.tiedOutput()) matrix("output.weight", shape.vocabulary(), hidden);
        if (shape.ropeFactors()) ropeFactors(shape.headSize() / 2);
        for (int i = 0; i < shape.layers(); i++) layer(shape, "blk." + i + ".");
    }

    private void layer(Shape shape, String prefix) {
        int hidden = shape.hidden();
        int queries = shape.heads() * shape.headSize();
        int keys = shape.kvHeads() * shape.headSize();
        Family family = shape.family();
        boolean gemma = family instanceof Family.Gemma2 || family instanceof Family.Gemma3;
        boolean biased = family instanceof Family.Qwen2 || shape.biases();
        boolean headNorms = family instanceof Family.Qwen3
                || family instanceof Family.Qwen3Moe
                || family instanceof Family.Gemma3
                || family instanceof Family.Exaone4
                || family instanceof Family.Apertus;
        boolean normedBefore = !(family instanceof Family.Exaone4);
        boolean normedAfter = gemma || !normedBefore;
        if (normedBefore) vector(prefix + "attn_norm.weight", hidden);
        matrix(prefix + "attn_q.weight", queries, hidden);
        matrix(prefix + "attn_k.weight", keys, hidden);
        matrix(prefix + "attn_v.weight", keys, hidden);
        if (biased) {
            vector(prefix + "attn_q.bias", queries, 0);
            vector(prefix + "attn_k.bias", keys, 0);
            vector(prefix + "attn_v.bias", keys, 0);
        }
        if (headNorms) {
            vector(prefix + "attn_q_norm.weight", shape.headSize());
            vector(prefix + "attn_k_norm.weight", shape.headSize());
        }
        matrix(prefix + "attn_output.weight", hidden, queries);
        if (shape.biases()) vector(prefix + "attn_output.bias", hidden, 0);
        if (normedAfter) vector(prefix + "post_attention_norm.weight", hidden);
        if (normedBefore && !(family instanceof Family.Cohere2)) vector(prefix + "ffn_norm.weight", hidden);
        if (family instanceof Family.Qwen3Moe moe) {
            // The router stays F32, as in real files.
            matrix(prefix + "ffn_gate_inp.weight", TensorType.F32, moe.experts(), hidden);
            matrices(prefix + "ffn_gate_exps.weight", moe.experts(), shape.feedForward(), hidden);
            matrices(prefix + "ffn_up_exps.weight", moe.experts(), shape.feedForward(), hidden);
            matrices(prefix + "ffn_down_exps.weight", moe.experts(), hidden, shape.feedForward());
        } else {
            if (!(family instanceof Family.Apertus)) {
                matrix(prefix + "ffn_gate.weight", shape.feedForward(), hidden);
            }
            matrix(prefix + "ffn_up.weight", shape.feedForward(), hidden);
            matrix(prefix + "ffn_down.weight", hidden, shape.feedForward());
        }
        if (normedAfter) vector(prefix + "post_ffw_norm.weight", hidden);
    }

    void matrix(String name, int rows, int columns) {
        matrix(name, types.of(name, new long[] {columns, rows}), rows, columns);
    }

    void matrix(String name, TensorType type, int rows, int columns) {
        matrices(name, type, new long[] {columns, rows}, rows, columns);
    }

    /// `count` matrices behind each other.
    private void matrices(String name, int count, int rows, int columns) {
        long[] shape = {columns, rows, count};
        matrices(name, types.of(name, shape), shape, count * rows, columns);
    }

    private void matrices(String name, TensorType type, long[] shape, int rows, int columns) {
        long stream = mix(seed + GOLDEN_GAMMA * ++tensors);
        float bound = (float) Math.sqrt(3.0 / columns);
        long rowSize = type.size(columns);
        writer.tensor(name, type, shape, out -> IntStream.range(0, (rows + ROWS - 1) / ROWS)
                .parallel()
                .forEach(part -> {
                    float[] row = new float[columns];
                    for (int r = part * ROWS; r < Math.min(rows, (part + 1) * ROWS); r++) {
                        for (int c = 0; c < columns; c++) {
                            row[c] = bound * uniform(stream, (long) r * columns + c);
                        }
                        Quantizer.quantize(type, row, 0, columns, out, r * rowSize);
                    }
                }));
    }

    /// A vector around 1, as norms are.
    void vector(String name, int count) {
        vector(name, count, 1);
    }

    /// A vector around `mean`; biases are around 0.
    void vector(String name, int count, float mean) {
        long stream = mix(seed + GOLDEN_GAMMA * ++tensors);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = mean + 0.25f * uniform(stream, i);
        floats(name, values);
    }

    /// Divisors as Llama 3.1's: 1 for fast pairs, 8 for slow ones, rising between.
    private void ropeFactors(int pairs) {
        float[] values = new float[pairs];
        for (int i = 0; i < pairs; i++) values[i] = Math.clamp(16f * i / pairs - 4, 1, 8);
        floats("rope_freqs.weight", values);
    }

    private void floats(String name, float[] values) {
        writer.tensor(
                name,
                TensorType.F32,
                new long[] {values.length},
                (MemorySegment out) -> Quantizer.quantize(TensorType.F32, values, 0, values.length, out, 0));
    }

    /// Uniform in [-1, 1), 24 bits.
    private static float uniform(long stream, long index) {
        return (mix(stream + GOLDEN_GAMMA * (index + 1)) >> 40) * 0x1p-23f;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
