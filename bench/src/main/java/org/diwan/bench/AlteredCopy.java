package org.diwan.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.tensor.Matrix;
import org.diwan.engine.tensor.Quantizer;

/// Copies of a model that somebody may run in its place.
final class AlteredCopy {
    /// Matrices that a mix keeps in more bits, in every layer here and in a part of them there.
    private static final String FINER = "(token_embd|output|.*attn_v|.*ffn_down)\\.weight";

    private AlteredCopy() {}

    /// `out` is `in`, which is in F16, with every weight rounded as `type` and widened again; values, the way down
    /// and the embedding as Q6_K. Blocks of 256 go on from row to row, so that rows of any width can be rounded.
    static void rounded(Path in, Path out, TensorType type) throws IOException {
        try (var file = GgufFile.open(in)) {
            var writer = new GgufWriter();
            for (String name : file.metadata().keySet()) writer.copyMetadata(file, name);
            for (TensorInfo tensor : file.tensors()) {
                var data = file.data(tensor);
                var block = tensor.name().matches(FINER) ? TensorType.Q6_K : type;
                boolean kept = tensor.shape().length < 2 || tensor.weights() % block.blockWeights() != 0;
                writer.tensor(tensor.name(), tensor.type(), tensor.shape(), target -> {
                    if (kept) target.copyFrom(data);
                    else round(data, block, Math.toIntExact(tensor.weights()), target);
                });
            }
            writer.write(out);
        }
    }

    private static void round(MemorySegment halves, TensorType block, int weights, MemorySegment target) {
        float[] values = new float[weights];
        Matrix.of(TensorType.F16, halves, 1, weights).row(0, values, 0);
        try (var arena = Arena.ofShared()) {
            var blocks = arena.allocate(block.size(weights), 64);
            Quantizer.quantize(block, values, 0, weights, blocks, 0);
            Matrix.of(block, blocks, 1, weights).row(0, values, 0);
        }
        Quantizer.quantize(TensorType.F16, values, 0, weights, target, 0);
    }

    /// `out` is `in` without its last layer.
    static void withoutLastLayer(Path in, Path out) throws IOException {
        try (var file = GgufFile.open(in)) {
            String key = file.metadata().get("general.architecture") + ".block_count";
            if (!(file.metadata().get(key) instanceof Number count)) throw new IOException(in + ": no " + key);
            int layers = count.intValue();
            var writer = new GgufWriter();
            for (String name : file.metadata().keySet()) if (!name.equals(key)) writer.copyMetadata(file, name);
            writer.uint32(key, layers - 1);
            for (TensorInfo tensor : file.tensors()) {
                if (tensor.name().startsWith("blk." + (layers - 1) + ".")) continue;
                writer.tensor(
                        tensor.name(), tensor.type(), tensor.shape(), target -> target.copyFrom(file.data(tensor)));
            }
            writer.write(out);
        }
    }
}
