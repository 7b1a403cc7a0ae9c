package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.diwan.engine.gguf.TensorType;

/// The random models on which `golden/mixes.txt` was made: eleven layers, so that the first and the last
/// eighth and every third layer between differ; tied and not, in three families; rows that are not whole blocks of 256.
final class MixModels {
    static final List<String> NAMES = List.of("llama", "qwen3-tied", "llama-narrow", "exaone4");

    static final long SEED = 11;

    private MixModels() {}

    public static void main(String[] args) throws IOException {
        for (String name : NAMES) write(Path.of(args[0]), name);
    }

    static Path write(Path folder, String name) throws IOException {
        Path file = folder.resolve(name + ".gguf");
        RandomModel.write(file, shape(name), TensorType.F32, SEED);
        return file;
    }

    static Shape shape(String name) {
        return switch (name) {
            case "llama" -> shape(new Family.Llama(), 11, 256, 512, false);
            case "qwen3-tied" -> shape(new Family.Qwen3(), 11, 256, 256, true);
            case "exaone4" -> shape(Shape.tiny("exaone4").family(), 11, 256, 512, false);
            case "llama-narrow" -> shape(new Family.Llama(), 3, 96, 288, true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Shape shape(Family family, int layers, int hidden, int feedForward, boolean tied) {
        int headSize = hidden / 4;
        return new Shape(
                family, layers, hidden, feedForward, 4, 2, headSize, 320, 512, 10_000f, 1, 1e-5f, false, tied, false);
    }
}
