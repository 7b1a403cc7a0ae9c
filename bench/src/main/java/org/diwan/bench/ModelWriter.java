package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.Mix;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;

/// `bench model`: a file to measure with, the same bytes on every machine.
final class ModelWriter {
    private static final long SEED = 1;

    private ModelWriter() {}

    static int run(Options options, PrintStream out) throws IOException {
        Shape shape =
                switch (options.text("shape")) {
                    case "llama-1b" -> Shape.LLAMA_1B;
                    case "llama-tiny" -> Shape.tiny("llama");
                    case "qwen3-tiny" -> Shape.tiny("qwen3");
                    default ->
                        throw new IllegalArgumentException(
                                "--shape " + options.text("shape") + ", must be llama-1b, llama-tiny or qwen3-tiny");
                };
        if (options.plain().size() != 1) {
            throw new IllegalArgumentException("name one file to write");
        }
        Path file = Path.of(options.plain().getFirst());
        switch (options.text("type")) {
            case "Q4_K_M" -> RandomModel.write(file, shape, Mix.Q4_K_M, SEED);
            case "Q5_K_M" -> RandomModel.write(file, shape, Mix.Q5_K_M, SEED);
            case String type -> RandomModel.write(file, shape, type(type), SEED);
        }
        out.printf("%s: %,d bytes%n", file, Files.size(file));
        return 0;
    }

    static TensorType type(String name) {
        return Arrays.stream(TensorType.values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--type " + name + ", must be one of " + Arrays.toString(TensorType.values())));
    }
}
