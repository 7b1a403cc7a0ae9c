package org.diwan.engine.convert;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.diwan.engine.convert.Naming.Place;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.safetensors.SafetensorsFile.Tensor;
import org.diwan.engine.safetensors.Shards;
import org.jspecify.annotations.Nullable;

/// Turns a Hugging Face folder (`config.json`, `generation_config.json`, safetensors) into one GGUF file.
///
/// Matrices keep their type and bits. Vectors become F32. What changes on the way, as in llama.cpp's
/// `convert_hf_to_gguf.py`:
///
/// - `llama`: the rows of query and key are reordered so that rotary pairs are adjacent;
/// - Gemma: 1 is added to the weights of norms, which Hugging Face stores as differences from 1;
/// - XLM-RoBERTa: the rows of positions that no token has are left out (see [EncoderFacts]);
/// - experts of a layer become one tensor, expert after expert;
/// - Llama 3.1's stretching of positions becomes the tensor `rope_freqs.weight`, Apertus' activations metadata.
///
/// Memory: one tensor at a time.
public final class Conversion {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final Facts facts;
    private final Shards shards;
    private final Consumer<String> progress;
    private final GgufWriter writer = new GgufWriter();

    /// Tensors of the target by name; a mixture's lie together as its experts' names.
    private final Map<String, String[]> sources = new TreeMap<>();

    /// Metadata with a number for each layer, NaN until it is found.
    private final Map<String, float[]> settings = new TreeMap<>();

    private Conversion(Path folder, Facts facts, Shards shards, Consumer<String> progress) {
        this.folder = folder;
        this.facts = facts;
        this.shards = shards;
        this.progress = progress;
    }

    /// Tokens that the model in `folder` has rows for.
    public static int vocabularySize(Path folder) throws IOException {
        return Config.read(folder.resolve("config.json")).integer("vocab_size");
    }

    /// `out` holds the model of `folder` afterwards; before that it is as it was.
    ///
    /// @param vocabulary the metadata `tokenizer.…`, as GGUF types
    /// @param progress told of every tensor before it is written
    /// @throws IOException naming what is missing, unknown or not computed
    public static void write(Path folder, Path out, Map<String, Object> vocabulary, Consumer<String> progress)
            throws IOException {
        var facts = Facts.of(Config.read(folder.resolve("config.json")));
        try (var shards = Shards.open(folder)) {
            var conversion = new Conversion(folder, facts, shards, progress);
            conversion.sort();
            conversion.describe(vocabulary);
            conversion.tensors();
            conversion.writer.write(out);
        }
    }

    /// Gives every tensor of the folder its place.
    private void sort() throws IOException {
        for (Tensor tensor : shards.tensors().values()) {
            @Nullable Place place = facts.place(tensor.name());
            switch (place) {
                case Place.Whole(String name) -> put(name, 1, 0, tensor);
                case Place.Expert(String name, int index) -> put(name, facts.experts(), index, tensor);
                case Place.Setting(String key, int layer) -> set(key, layer, tensor);
                case Place.Left() -> {}
                case null ->
                    throw new ConversionException(
                            folder, tensor.name(), "is a tensor that " + facts.gguf() + " has no use for");
            }
        }
        for (var entry : sources.entrySet()) {
            for (int i = 0; i < entry.getValue().length; i++) {
                if (entry.getValue()[i] == null) {
                    throw new ConversionException(folder, entry.getKey(), "expert " + i + " is missing");
                }
            }
        }
    }

    private void put(String name, int count, int index, Tensor tensor) throws IOException {
        String[] parts = sources.computeIfAbsent(name, key -> new String[count]);
        if (index >= count) {
            throw new ConversionException(folder, tensor.name(), "is beyond the " + count + " experts");
        }
        if (parts[index] != null) {
            throw new ConversionException(folder, tensor.name(), "and " + parts[index] + " are both " + name);
        }
        parts[index] = tensor.name();
    }

    private void set(String key, int layer, Tensor tensor) throws IOException {
        float[] value = floats(tensor);
        if (value.length != 1 || !Float.isFinite(value[0]) || layer >= facts.layers()) {
            throw new ConversionException(
                    folder, tensor.name(), "must be one finite number of one of the " + facts.layers() + " layers");
        }
        float[] none = new float[facts.layers()];
        Arrays.fill(none, Float.NaN);
        settings.computeIfAbsent(key, name -> none)[layer] = value[0];
    }

    private void describe(Map<String, Object> vocabulary) throws IOException {
        writer.string("general.architecture", facts.gguf())
                .string("general.type", "model")
                .string(
                        "general.name",
                        String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
        facts.describe(writer);
        for (var setting : settings.entrySet()) {
            writer.float32s(setting.getKey(), complete(setting.getKey(), setting.getValue()));
        }
        recommend();
        writer.uint32("general.quantization_version", 2).uint32("general.file_type", fileType());
        vocabulary.forEach(this::metadata);
    }

    private float[] complete(String key, float[] values) throws ConversionException {
        for (int layer = 0; layer < values.length; layer++) {
            if (Float.isNaN(values[layer])) throw new ConversionException(folder, key, "layer " + layer + " has none");
        }
        return values;
    }

    /// The sampling that the model's makers recommend.
    private void recommend() throws IOException {
        Path file = folder.resolve("generation_config.json");
        if (!Files.exists(file)) return;
        Config generation = Config.read(file);
        if (generation.has("temperature")) writer.float32("general.sampling.temp", generation.real("temperature"));
        if (generation.has("top_k")) writer.int32("general.sampling.top_k", generation.integer("top_k"));
        if (generation.has("top_p")) writer.float32("general.sampling.top_p", generation.real("top_p"));
        if (generation.has("repetition_penalty")) {
            writer.float32("general.sampling.penalty_repeat", generation.real("repetition_penalty"));
        }
    }

    /// The type of most weights, as `general.file_type` counts them.
    private int fileType() {
        var weights = new EnumMap<TensorType, Long>(TensorType.class);
        for (Tensor tensor : shards.tensors().values()) weights.merge(tensor.type(), tensor.size(), Long::sum);
        return switch (weights.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey()) {
            case F16 -> 1;
            case BF16 -> 32;
            default -> 0;
        };
    }

    private void metadata(String key, Object value) {
        switch (value) {
            case String text -> writer.string(key, text);
            case Boolean flag -> writer.bool(key, flag);
            case Long number -> writer.uint32(key, number);
            case Integer number -> writer.uint32(key, number);
            case String[] texts -> writer.strings(key, Arrays.asList(texts));
            case int[] numbers -> writer.int32s(key, numbers);
            case float[] numbers -> writer.float32s(key, numbers);
            case byte[] bytes -> writer.bytes(key, bytes);
            default -> throw new IllegalArgumentException(key + " is a " + value.getClass());
        }
    }

    private void tensors() throws IOException {
        float[] factors = facts.ropeFactors();
        if (factors.length > 0) {
            writer.tensor("rope_freqs.weight", TensorType.F32, new long[] {factors.length}, out -> {
                MemorySegment.copy(factors, 0, out, FLOAT, 0, factors.length);
            });
        }
        for (var entry : sources.entrySet()) {
            String name = entry.getKey();
            Tensor first = shards.tensor(entry.getValue()[0]);
            int rank = first.shape().size();
            if (rank < 1 || rank > 2) {
                throw new ConversionException(folder, first.name(), rank + " dimensions, must be 1 or 2");
            }
            for (String part : entry.getValue()) {
                Tensor other = shards.tensor(part);
                if (!other.shape().equals(first.shape()) || other.type() != first.type()) {
                    throw new ConversionException(folder, part, "differs in shape or type from " + first.name());
                }
            }
            if (rank == 1) vector(name, first);
            else matrix(name, entry.getValue(), first);
        }
    }

    private void vector(String name, Tensor tensor) {
        long count = tensor.shape().getFirst();
        boolean shift = facts.shifts(name);
        writer.tensor(name, TensorType.F32, new long[] {count}, out -> {
            progress.accept(name);
            float[] values = floats(tensor);
            if (shift) for (int i = 0; i < values.length; i++) values[i]++;
            if (facts.pairs(name) > 0) values = paired(values, facts.pairs(name));
            MemorySegment.copy(values, 0, out, FLOAT, 0, values.length);
        });
    }

    private void matrix(String name, String[] parts, Tensor first) throws ConversionException {
        int skipped = facts.skippedRows(name);
        long rows = first.shape().get(0) - skipped;
        long columns = first.shape().get(1);
        if (rows < 1) throw new ConversionException(folder, first.name(), "has no rows behind the first " + skipped);
        int heads = facts.pairs(name);
        if (heads > 0 && rows % (2L * heads) != 0) {
            throw new ConversionException(folder, first.name(), rows + " rows are not " + heads + " heads of pairs");
        }
        boolean widens = facts.widens(name);
        TensorType type = widens ? TensorType.F32 : first.type();
        long[] shape = parts.length == 1 ? new long[] {columns, rows} : new long[] {columns, rows, parts.length};
        writer.tensor(name, type, shape, out -> {
            progress.accept(name);
            if (widens) {
                float[] values = floats(first);
                int from = Math.toIntExact(skipped * columns);
                MemorySegment.copy(values, from, out, FLOAT, 0, values.length - from);
                return;
            }
            long at = 0;
            for (String part : parts) {
                MemorySegment source = shards.data(part);
                if (heads > 0) pairRows(source, out, rows, rows / heads);
                else out.asSlice(at, source.byteSize()).copyFrom(source);
                at += source.byteSize();
            }
        });
    }

    /// Rows i and i + headSize / 2 of a head become rows 2i and 2i + 1.
    private static void pairRows(MemorySegment source, MemorySegment out, long rows, long headSize) {
        long rowSize = source.byteSize() / rows;
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(source, unpaired(row, headSize) * rowSize, out, row * rowSize, rowSize);
        }
    }

    private static float[] paired(float[] values, int heads) {
        float[] paired = new float[values.length];
        for (int i = 0; i < values.length; i++) paired[i] = values[(int) unpaired(i, values.length / heads)];
        return paired;
    }

    /// Where Hugging Face has what is row `row` in GGUF.
    private static long unpaired(long row, long headSize) {
        long inHead = row % headSize;
        return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
    }

    private float[] floats(Tensor tensor) {
        MemorySegment data = shards.data(tensor.name());
        float[] values = new float[Math.toIntExact(tensor.size() / tensor.type().blockSize())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case F16 -> Float.float16ToFloat(data.get(SHORT, 2L * i));
                case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2L * i) << 16);
                default -> data.get(FLOAT, 4L * i);
            };
        }
        return values;
    }
}
