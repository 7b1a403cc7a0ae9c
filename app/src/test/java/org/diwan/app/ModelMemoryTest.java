package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.EncoderShape;
import org.diwan.engine.model.Pooling;
import org.diwan.engine.model.RandomEncoder;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelMemoryTest {
    @TempDir
    Path folder;

    /// Two layers, two key-value heads of 64: 2 · 2 · 2 · 64 = 512 numbers a position.
    @Test
    void memoryIsWeightsAndKeysAndValues() throws IOException {
        Path path = folder.resolve("tiny.gguf");
        RandomModel.write(path, Shape.tiny("llama"), TensorType.Q8_0, 1);
        try (var file = GgufFile.open(path)) {
            var memory = ModelMemory.of(file, 100, 3);
            assertEquals(2_048, memory.perToken(TensorType.F32));
            assertEquals(1_024, memory.perToken(TensorType.F16));
            assertEquals(544, memory.perToken(TensorType.Q8_0));
            assertEquals(memory.weights() + 300 * 2_048, memory.total(TensorType.F32));
            assertEquals(512, ModelMemory.of(file, 0, 1).context(), "what the file states");
        }
    }

    @Test
    void anEncoderHasActivationsAndRemembersNothing() throws IOException {
        Path path = folder.resolve("encoder.gguf");
        RandomEncoder.write(path, EncoderShape.tiny(Pooling.MEAN), TensorType.F32, 1);
        try (var file = GgufFile.open(path)) {
            var memory = ModelMemory.of(file, 0, 1);
            assertEquals(0, memory.perToken(TensorType.F32));
            assertEquals(2_048 * (5 * 256 + 512) * 4, memory.total(TensorType.F32) - memory.weights());
        }
    }
}
