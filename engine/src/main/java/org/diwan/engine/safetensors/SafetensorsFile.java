package org.diwan.engine.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.engine.gguf.TensorType;
import org.jspecify.annotations.Nullable;

/// An open safetensors file (<https://github.com/huggingface/safetensors>, "Format"): its tensors as slices of
/// the mapped file.
///
/// ```
/// header size  u64 little-endian
/// header       JSON: {"name": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, …}
///              and, if there, "__metadata__": {"key": "text"}
/// data         each tensor row-major, little-endian, at its offsets from here
/// ```
///
/// Read are the types F32, F16 and BF16. Immutable and safe to share; slices die with [#close()].
public final class SafetensorsFile implements AutoCloseable {
    /// Bytes of the header: the largest mixtures, of 36,000 tensors, have about 5 MB.
    public static final int MAX_HEADER_SIZE = 16 << 20;

    /// Tensors of one file.
    public static final int MAX_TENSORS = 65_536;

    /// Characters of a tensor's name.
    public static final int MAX_NAME_LENGTH = 512;

    static final int MAX_DIMENSIONS = 8;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxNumberLength(20)
                    .build())
            .build();

    /// One tensor.
    ///
    /// @param shape row-major, the contiguous dimension last; empty for a single number
    /// @param offset bytes from the start of the data
    /// @param size bytes
    public record Tensor(String name, TensorType type, List<Long> shape, long offset, long size) {
        public Tensor {
            shape = List.copyOf(shape);
        }
    }

    private final Path path;
    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, Tensor> tensors;

    private SafetensorsFile(Path path, Arena arena, MemorySegment file) throws IOException {
        this.path = path;
        this.arena = arena;
        if (file.byteSize() < Long.BYTES) {
            throw wrong("header size", "needs 8 bytes, the file has " + file.byteSize());
        }
        long size = file.get(LONG, 0);
        long limit = Math.min(MAX_HEADER_SIZE, file.byteSize() - Long.BYTES);
        if (size < 0 || size > limit) {
            throw wrong("header size", Long.toUnsignedString(size) + ", the limit is " + limit);
        }
        this.data = file.asSlice(Long.BYTES + size);
        byte[] header = file.asSlice(Long.BYTES, size).toArray(ValueLayout.JAVA_BYTE);
        try (JsonParser json = JSON.createParser(header)) {
            this.tensors = Collections.unmodifiableMap(readTensors(json));
        } catch (SafetensorsException e) {
            throw e;
        } catch (IOException e) {
            throw wrong(
                    "header",
                    e.getMessage() == null ? "is not JSON" : e.getMessage().replace('\n', ' '));
        }
        checkPlacement();
    }

    /// The file, mapped and checked from front to back except for the weights themselves.
    ///
    /// @throws SafetensorsException when the content is not a safetensors file within the limits above
    /// @throws IOException when the file cannot be read
    public static SafetensorsFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (var channel = FileChannel.open(path)) {
            var file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new SafetensorsFile(path, arena, file);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /// The tensors by name, in the order of the header, without those of 64-bit integers: no model's weights.
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /// The bytes of a tensor of this file: a read-only slice of the mapping, of any alignment.
    public MemorySegment data(Tensor tensor) {
        return data.asSlice(tensor.offset(), tensor.size());
    }

    /// The file that was opened.
    public Path path() {
        return path;
    }

    /// Unmaps the file; every slice handed out is dead.
    @Override
    public void close() {
        arena.close();
    }

    private Map<String, Tensor> readTensors(JsonParser json) throws IOException {
        var found = new LinkedHashMap<String, Tensor>();
        expect(json.nextToken(), JsonToken.START_OBJECT, "header");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            expect(json.nextToken(), JsonToken.START_OBJECT, name);
            if (name.equals("__metadata__")) {
                json.skipChildren();
                continue;
            }
            if (found.size() == MAX_TENSORS) throw wrong(name, "is one more than the limit of " + MAX_TENSORS);
            Tensor tensor = readTensor(json, name);
            if (tensor != null) found.put(name, tensor);
        }
        expect(json.currentToken(), JsonToken.END_OBJECT, "header");
        if (json.nextToken() != null) throw wrong("header", "goes on after its object");
        return found;
    }

    /// Null for a tensor of indices, such as the `position_ids` of BERT: no weights.
    private @Nullable Tensor readTensor(JsonParser json, String name) throws IOException {
        boolean indices = false;
        @Nullable TensorType type = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> {
                    indices = "I64".equals(json.getText());
                    type = indices ? TensorType.F32 : type(name, json.getText());
                }
                case "shape" -> shape = numbers(json, "shape of " + name, MAX_DIMENSIONS);
                case "data_offsets" -> offsets = numbers(json, "data_offsets of " + name, 2);
                default -> throw wrong(name, "has the unknown field " + field);
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw wrong(name, "must have dtype, shape and two data_offsets");
        }
        long begin = offsets.getFirst();
        long end = offsets.getLast();
        if (end < begin || end > data.byteSize()) {
            throw wrong(
                    "data_offsets of " + name,
                    begin + " to " + end + ", must lie in order within the " + data.byteSize() + " bytes of data");
        }
        if (indices) return null;
        // Bounded by the file at every step, so that the product cannot overflow.
        long room = (end - begin) / type.blockSize();
        long weights = 1;
        for (long dimension : shape) {
            if (dimension != 0 && weights > room / dimension) weights = -1;
            else weights *= dimension;
            if (weights < 0) break;
        }
        if (weights < 0 || weights * type.blockSize() != end - begin) {
            throw wrong("shape of " + name, shape + " of " + type + " does not take " + (end - begin) + " bytes");
        }
        return new Tensor(name, type, shape, begin, end - begin);
    }

    private TensorType type(String name, @Nullable String dtype) throws SafetensorsException {
        return switch (dtype) {
            case "F32" -> TensorType.F32;
            case "F16" -> TensorType.F16;
            case "BF16" -> TensorType.BF16;
            case null, default -> throw wrong("dtype of " + name, dtype + ", must be F32, F16 or BF16");
        };
    }

    private List<Long> numbers(JsonParser json, String field, int most) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY, field);
        var numbers = new ArrayList<Long>();
        while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            long number = json.getLongValue();
            if (number < 0) throw wrong(field, number + ", must not be negative");
            if (numbers.size() == most) throw wrong(field, "has more than " + most + " numbers");
            numbers.add(number);
        }
        expect(json.currentToken(), JsonToken.END_ARRAY, field);
        return numbers;
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String field) throws SafetensorsException {
        if (found != wanted) throw wrong(field, "holds " + found + ", must be " + wanted);
    }

    /// No tensor overlaps another.
    private void checkPlacement() throws SafetensorsException {
        var ordered = new ArrayList<>(tensors.values());
        ordered.sort(Comparator.comparingLong(Tensor::offset));
        long free = 0;
        for (Tensor tensor : ordered) {
            if (tensor.size() == 0) continue;
            if (tensor.offset() < free) {
                throw wrong(
                        "data_offsets of " + tensor.name(),
                        tensor.offset() + " lies inside the tensor before, which ends at " + free);
            }
            free = tensor.offset() + tensor.size();
        }
    }

    private SafetensorsException wrong(String field, String problem) {
        return new SafetensorsException(path, field, problem);
    }
}
