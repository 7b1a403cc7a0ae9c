package org.diwan.engine.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.tensor.Matrix;
import org.diwan.engine.tensor.Quantizer;
import org.jspecify.annotations.Nullable;

/// Copies a model file with its weights in other types: byte for byte the file that llama.cpp's
/// `llama-quantize` writes (save for the fallbacks that [Mix] names). Metadata is copied as it is, except that
/// `general.quantization_version` and `general.file_type` come last and say the new type; tensors are
/// ordered by layer, then name.
///
/// In memory are the tensor being written and one row for each processor; the source stays mapped. Rows
/// are shared out over all processors. The same input gives the same bytes on every machine.
public final class QuantizedCopy {
    /// The version of ggml's block layouts that this engine writes.
    static final int QUANTIZATION_VERSION = 2;

    /// The largest magnitude that a 16-bit float holds, and so what a weight may have.
    private static final float LARGEST = 65_504;

    /// Rows that are widened at once.
    private static final int ROWS = 32;

    private static final String VERSION_KEY = "general.quantization_version";
    private static final String TYPE_KEY = "general.file_type";

    /// Metadata that does not hold for the copy: it is aligned to 32 bytes and is one whole file.
    private static final Set<String> DROPPED =
            Set.of(VERSION_KEY, TYPE_KEY, "general.alignment", "split.no", "split.count", "split.tensors.count");

    /// Families for which the mixes are known to be llama.cpp's.
    private static final Set<String> KNOWN = Set.of(
            "llama",
            "qwen2",
            "qwen3",
            "qwen3moe",
            "gemma2",
            "gemma3",
            "cohere2",
            "apertus",
            "exaone4",
            "bert",
            "nomic-bert");

    private QuantizedCopy() {}

    /// `out` holds the model of `in` as `mix` afterwards; before that it is as it was.
    ///
    /// @param progress told of every tensor before it is written
    /// @throws GgufException naming the tensor or metadata of `in` that stands in the way
    public static void write(Path in, Path out, Mix mix, Consumer<TensorInfo> progress) throws IOException {
        try (var file = GgufFile.open(in)) {
            var facts = facts(file);
            var writer = new GgufWriter();
            for (String key : file.metadata().keySet()) {
                if (!DROPPED.contains(key)) writer.copyMetadata(file, key);
            }
            writer.uint32(VERSION_KEY, QUANTIZATION_VERSION).uint32(TYPE_KEY, mix.fileType());
            for (TensorInfo tensor : ordered(file.tensors())) {
                TensorType type = mix.type(tensor, facts);
                refuseTwice(file, tensor, type);
                writer.tensor(tensor.name(), type, tensor.shape(), target -> {
                    progress.accept(tensor);
                    copy(file, tensor, type, target);
                });
            }
            writer.write(out);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Mix.Facts facts(GgufFile file) throws GgufException {
        if (!(file.metadata().get("general.architecture") instanceof String architecture)
                || !KNOWN.contains(architecture)) {
            throw new GgufException(
                    file.path(),
                    "general.architecture",
                    file.metadata().get("general.architecture") + ", must be one of "
                            + KNOWN.stream().sorted().toList());
        }
        int layers = integer(file, architecture + ".block_count", null);
        int heads = integer(file, architecture + ".attention.head_count", null);
        return new Mix.Facts(
                layers,
                integer(file, architecture + ".expert_count", 0),
                !file.has("output.weight"),
                layers == 80
                        && (architecture.equals("qwen2")
                                || (architecture.equals("llama")
                                        && heads != integer(file, architecture + ".attention.head_count_kv", heads))));
    }

    private static int integer(GgufFile file, String key, @Nullable Integer absent) throws GgufException {
        @Nullable
        Object value = file.metadata().containsKey(key) ? file.metadata().get(key) : absent;
        if (value instanceof Number number && number.longValue() >= 0 && number.longValue() <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw new GgufException(file.path(), key, (value == null ? "is missing" : value) + ", must be a whole number");
    }

    private static List<TensorInfo> ordered(List<TensorInfo> tensors) {
        return tensors.stream()
                .sorted(Comparator.comparingInt(QuantizedCopy::layer).thenComparing(TensorInfo::name))
                .toList();
    }

    private static int layer(TensorInfo tensor) {
        return tensor.name().matches("blk\\.[0-9]{1,9}\\..*")
                ? Integer.parseInt(tensor.name().split("\\.", 3)[1])
                : -1;
    }

    /// Rounding what was rounded before adds error to error: from blocks only the same blocks or floats.
    private static void refuseTwice(GgufFile file, TensorInfo tensor, TensorType type) throws GgufException {
        boolean rounded = tensor.type().blockWeights() > 1;
        if (rounded && type != tensor.type() && type.blockWeights() > 1) {
            throw new GgufException(
                    file.path(),
                    tensor.name(),
                    "is " + tensor.type() + " and would be rounded again to " + type
                            + "; start from the F32, F16 or BF16 file");
        }
    }

    private static void copy(GgufFile file, TensorInfo tensor, TensorType type, MemorySegment target) {
        MemorySegment source = file.data(tensor);
        if (type == tensor.type()) {
            target.copyFrom(source);
            return;
        }
        int columns = Math.toIntExact(tensor.shape()[0]);
        long rows = tensor.weights() / columns;
        long from = tensor.type().size(columns);
        long to = type.size(columns);
        int parts = Math.toIntExact((rows + ROWS - 1) / ROWS);
        IntStream.range(0, parts).parallel().forEach(part -> {
            long first = (long) part * ROWS;
            int count = (int) Math.min(ROWS, rows - first);
            var widened = Matrix.of(tensor.type(), source.asSlice(first * from, count * from), count, columns);
            float[] row = new float[columns];
            for (int r = 0; r < count; r++) {
                widened.row(r, row, 0);
                check(file, tensor, type, first + r, row);
                Quantizer.quantize(type, row, 0, columns, target, (first + r) * to);
            }
        });
    }

    private static void check(GgufFile file, TensorInfo tensor, TensorType type, long row, float[] values) {
        boolean wide = type == TensorType.F32 || type == TensorType.BF16;
        float limit = wide ? Float.MAX_VALUE : LARGEST;
        for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(values[i]) <= limit)) {
                throw new UncheckedIOException(new GgufException(
                        file.path(),
                        tensor.name(),
                        "weight " + i + " of row " + row + " is " + values[i] + ", must be within ±" + limit + " for "
                                + type));
            }
        }
    }
}
