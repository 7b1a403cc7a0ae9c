package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import org.diwan.engine.gguf.TensorType;

/// Writes the random models that the golden logits were computed on, `<architecture>-<type>.gguf`.
final class GoldenModels {
    private static final long SEED = 7;

    private GoldenModels() {}

    public static void main(String[] args) throws IOException {
        for (String architecture : new String[] {"llama", "qwen3"}) {
            for (TensorType type : TensorType.values()) write(Path.of(args[0]), architecture, type);
        }
    }

    static Path write(Path folder, String architecture, TensorType type) throws IOException {
        Path file = folder.resolve(architecture + "-" + type + ".gguf");
        RandomModel.write(file, Shape.tiny(architecture), type, SEED);
        return file;
    }
}
