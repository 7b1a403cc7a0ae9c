package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.diwan.engine.gguf.TensorType;

/// Writes the random models that the golden logits were computed on, `<name>-<type>.gguf`.
final class GoldenModels {
    static final long SEED = 7;

    private GoldenModels() {}

    /// Models whose goldens cover [#MANY] types of weights; the others cover [#FEW].
    private static final Set<String> MANY_TYPES = Set.of("llama", "qwen3");

    private static final List<TensorType> MANY = List.of(
            TensorType.F32,
            TensorType.F16,
            TensorType.BF16,
            TensorType.Q8_0,
            TensorType.Q4_0,
            TensorType.Q4_K,
            TensorType.Q5_K,
            TensorType.Q6_K);

    private static final List<TensorType> FEW = List.of(TensorType.F32, TensorType.Q8_0);

    static final List<String> NAMES = List.of(
            "llama",
            "llama-biased",
            "qwen2",
            "qwen3",
            "gemma2",
            "gemma3",
            "cohere2",
            "exaone4",
            "exaone4-32b",
            "apertus",
            "qwen3moe");

    public static void main(String[] args) throws IOException {
        for (String name : NAMES) {
            for (TensorType type : MANY_TYPES.contains(name) ? MANY : FEW) {
                write(Path.of(args[0]), name, type);
            }
        }
    }

    static Path write(Path folder, String name, TensorType type) throws IOException {
        Path file = folder.resolve(name + "-" + type + ".gguf");
        Shape shape =
                switch (name) {
                    case "llama-biased" -> Shape.tinyBiased();
                    case "exaone4-32b" -> Shape.tinyExaone32B();
                    default -> Shape.tiny(name);
                };
        RandomModel.write(file, shape, type, SEED);
        return file;
    }
}
