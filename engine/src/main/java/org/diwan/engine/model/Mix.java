package org.diwan.engine.model;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;

/// Which tensor of a model is stored as which type, decided as llama.cpp's `llama-quantize` does without
/// an importance matrix (`llama-quant.cpp`, v0.5.0, 2026).
///
/// Names of a type alone make every matrix that type, as `llama-quantize --pure` does; only Q4_0 keeps
/// llama.cpp's habit of an output matrix in Q6_K. `Q4_K_M` and `Q5_K_M` are mixes: Q6_K for the output
/// matrix (or the embedding that serves as one), and for values and the way down of the feed-forward
/// layer in the first eighth, the last eighth and every third layer between; the rest Q4_K or Q5_K.
///
/// In every mix norms, biases, rotary factors, routers of experts, positions and token types stay as
/// they are. A matrix whose rows are not whole blocks of 256 is stored in blocks of 32 as Q8_0, or as
/// F16 where its rows are not those either. (llama.cpp takes Q5_0 for Q4_K and Q5_1 for Q5_K there: types
/// that this engine does not compute. Such a file comes out larger here and no worse.)
public enum Mix {
    F32(0, TensorType.F32, false),
    F16(1, TensorType.F16, false),
    BF16(32, TensorType.BF16, false),
    Q8_0(7, TensorType.Q8_0, false),
    Q4_0(2, TensorType.Q4_0, true),
    Q4_K(14, TensorType.Q4_K, false),
    Q4_K_M(15, TensorType.Q4_K, true),
    Q5_K(16, TensorType.Q5_K, false),
    Q5_K_M(17, TensorType.Q5_K, true),
    Q6_K(18, TensorType.Q6_K, false);

    /// Weights that are never quantised: small, and what the model is most sensitive to.
    private static final List<String> KEPT = List.of("_norm.weight", "ffn_gate_inp.weight");

    private static final Set<String> KEPT_NAMES = Set.of("position_embd.weight", "token_types.weight");

    /// What a mix depends on besides a tensor's name.
    ///
    /// @param layers transformer blocks
    /// @param experts of each block, 0 for a dense model
    /// @param tied whether the embedding serves as output matrix
    /// @param seventyBillion whether it is a Llama or Qwen of 80 layers with shared keys and values,
    ///     whose small value matrices deserve more bits
    record Facts(int layers, int experts, boolean tied, boolean seventyBillion) {}

    private final int fileType;
    private final TensorType base;
    private final boolean mixed;

    Mix(int fileType, TensorType base, boolean mixed) {
        this.fileType = fileType;
        this.base = base;
        this.mixed = mixed;
    }

    /// The value of `general.file_type` in a file of this mix.
    public int fileType() {
        return fileType;
    }

    /// The type that most matrices have.
    public TensorType base() {
        return base;
    }

    /// The type in which the tensor of that name and shape is stored.
    ///
    /// @param stored its type where it is not for quantising
    TensorType type(String name, long[] shape, TensorType stored, Facts facts) {
        if (!quantizes(name, shape)) return stored;
        TensorType wanted = mixed ? mixed(name, shape[0], facts) : base;
        if (shape[0] % wanted.blockWeights() == 0) return wanted;
        return shape[0] % TensorType.Q8_0.blockWeights() == 0 ? TensorType.Q8_0 : TensorType.F16;
    }

    /// As [#type(String, long[], TensorType, Facts)], for a tensor of a file.
    TensorType type(TensorInfo tensor, Facts facts) {
        return type(tensor.name(), tensor.shape(), tensor.type(), facts);
    }

    private static boolean quantizes(String name, long[] shape) {
        boolean matrix = Arrays.stream(shape).skip(1).anyMatch(size -> size > 1);
        return matrix
                && name.endsWith("weight")
                && KEPT.stream().noneMatch(name::contains)
                && !KEPT_NAMES.contains(name);
    }

    private TensorType mixed(String name, long columns, Facts facts) {
        if (name.equals("output.weight") || (facts.tied() && name.equals("token_embd.weight"))) {
            return columns % base.blockWeights() == 0 ? TensorType.Q6_K : TensorType.Q8_0;
        }
        if (this == Q4_0) return base;
        boolean eight = facts.experts() == 8;
        if (name.contains("attn_v.weight")) {
            if (eight) return TensorType.Q8_0;
            if (moreBits(layer(name), facts.layers())) return TensorType.Q6_K;
            return facts.seventyBillion() ? TensorType.Q5_K : base;
        }
        if (name.contains("attn_k.weight")) return eight ? TensorType.Q8_0 : base;
        if (name.contains("attn_output.weight")) return eight ? TensorType.Q5_K : base;
        if (name.contains("ffn_down")) return moreBits(layer(name), facts.layers()) ? TensorType.Q6_K : base;
        return base;
    }

    private static boolean moreBits(int layer, int layers) {
        int eighth = layers / 8;
        return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
    }

    /// The number in `blk.12.…`.
    private static int layer(String name) {
        int end = name.indexOf('.', 4);
        if (name.startsWith("blk.") && end > 4) {
            try {
                return Integer.parseInt(name, 4, end, 10);
            } catch (NumberFormatException e) {
                // Answered below.
            }
        }
        throw new IllegalArgumentException("tensor " + name + " names no layer, as blk.0.… does");
    }
}
