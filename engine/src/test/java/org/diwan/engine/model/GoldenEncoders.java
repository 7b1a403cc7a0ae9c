package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import org.diwan.engine.gguf.TensorType;

/// Writes the random encoders that the golden vectors were computed on, `<pooling>-<type>.gguf`, and
/// decoders that embed, `decoder-<pooling>-<type>.gguf`.
final class GoldenEncoders {
    private static final long SEED = 11;

    private GoldenEncoders() {}

    public static void main(String[] args) throws IOException {
        for (Pooling pooling : new Pooling[] {Pooling.NONE, Pooling.MEAN, Pooling.CLS, Pooling.RANK}) {
            write(Path.of(args[0]), pooling, TensorType.F32);
            write(Path.of(args[0]), pooling, TensorType.Q8_0);
        }
        for (Pooling pooling : new Pooling[] {Pooling.MEAN, Pooling.LAST}) {
            writeDecoder(Path.of(args[0]), pooling, TensorType.F32);
            writeDecoder(Path.of(args[0]), pooling, TensorType.Q8_0);
        }
    }

    static Path write(Path folder, Pooling pooling, TensorType type) throws IOException {
        Path file = folder.resolve(pooling + "-" + type + ".gguf");
        RandomEncoder.write(file, EncoderShape.tiny(pooling), type, SEED);
        return file;
    }

    static Path writeDecoder(Path folder, Pooling pooling, TensorType type) throws IOException {
        Path file = folder.resolve("decoder-" + pooling + "-" + type + ".gguf");
        RandomModel.writeEmbedder(file, Shape.tiny("qwen3"), type, pooling, SEED);
        return file;
    }
}
