package org.diwan.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.EncoderShape;
import org.diwan.engine.model.Pooling;
import org.diwan.engine.model.RandomEncoder;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;

/// The models that the tests talk to.
final class Models {
    private static final Path BUNDLED = Server.ROOT.resolve("models");

    private Models() {}

    /// The bundled model, which answers in Arabic; without it a small one of random weights in `folder`,
    /// which answers in noise.
    static Path any(Path folder) throws IOException {
        Optional<Path> bundled = bundled();
        return bundled.isPresent() ? bundled.get() : random(folder);
    }

    /// The model in `models/`, if there is one.
    static Optional<Path> bundled() throws IOException {
        if (!Files.isDirectory(BUNDLED)) return Optional.empty();
        try (var files = Files.list(BUNDLED)) {
            return files.filter(file -> file.toString().endsWith(".gguf"))
                    .sorted()
                    .findFirst();
        }
    }

    /// A few random kilobytes that answer within milliseconds.
    static Path random(Path folder) throws IOException {
        Path file = folder.resolve("random.gguf");
        if (!Files.exists(file)) RandomModel.write(file, Shape.tiny("llama"), TensorType.Q8_0, 1);
        return file;
    }

    /// `encoder.gguf`, of random weights: it embeds in 256 dimensions.
    static Path encoder(Path folder) throws IOException {
        Path file = folder.resolve("encoder.gguf");
        RandomEncoder.write(file, EncoderShape.tiny(Pooling.MEAN), TensorType.Q8_0, 1);
        return file;
    }
}
