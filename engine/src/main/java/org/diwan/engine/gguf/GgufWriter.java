package org.diwan.engine.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.diwan.base.AtomicFile;

/// Writes a GGUF v3 file ([GgufFile] has the format): collect metadata and tensors, then
/// [#write(Path)]. Metadata and tensors appear in the order in which they were added; the same
/// calls give the same bytes. The alignment is 32.
///
/// One tensor at a time is in memory: its [Source] is asked for its bytes when its turn comes.
/// Not thread-safe.
public final class GgufWriter {
    /// Gives the bytes of a tensor.
    @FunctionalInterface
    public interface Source {
        /// Fills `out`, which has exactly the size of the tensor and is zero at first.
        void fill(MemorySegment out) throws IOException;
    }

    private record Tensor(TensorInfo info, Source source) {}

    private final Bytes metadata = new Bytes();
    private final Set<String> keys = new LinkedHashSet<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final List<Tensor> tensors = new ArrayList<>();
    private long dataSize;

    /// Adds an unsigned 32-bit entry, the type that llama.cpp expects of sizes and token ids.
    public GgufWriter uint32(String key, long value) {
        if (value < 0 || value > 0xffff_ffffL) throw new IllegalArgumentException(key + " " + value + " is no uint32");
        entry(key, ValueType.UINT32).int32((int) value);
        return this;
    }

    /// Adds a signed 32-bit entry.
    public GgufWriter int32(String key, int value) {
        entry(key, ValueType.INT32).int32(value);
        return this;
    }

    /// Adds a 32-bit floating-point entry.
    public GgufWriter float32(String key, float value) {
        entry(key, ValueType.FLOAT32).int32(Float.floatToIntBits(value));
        return this;
    }

    /// Adds a boolean entry.
    public GgufWriter bool(String key, boolean value) {
        entry(key, ValueType.BOOL).write(value ? 1 : 0);
        return this;
    }

    /// Adds a string entry.
    public GgufWriter string(String key, String value) {
        entry(key, ValueType.STRING).string(value);
        return this;
    }

    /// Adds an array of strings.
    public GgufWriter strings(String key, List<String> values) {
        array(key, ValueType.STRING, values.size());
        for (String value : values) metadata.string(value);
        return this;
    }

    /// Adds an array of bytes.
    public GgufWriter bytes(String key, byte[] values) {
        array(key, ValueType.UINT8, values.length);
        metadata.writeBytes(values);
        return this;
    }

    /// Adds an array of signed 32-bit integers.
    public GgufWriter int32s(String key, int[] values) {
        array(key, ValueType.INT32, values.length);
        for (int value : values) metadata.int32(value);
        return this;
    }

    /// Adds an array of 32-bit floating-point numbers.
    public GgufWriter float32s(String key, float[] values) {
        array(key, ValueType.FLOAT32, values.length);
        for (float value : values) metadata.int32(Float.floatToIntBits(value));
        return this;
    }

    /// Adds an entry of another file as it is, whatever its type.
    public GgufWriter copyMetadata(GgufFile file, String key) {
        if (!keys.add(key)) throw new IllegalArgumentException("metadata " + key + " was already added");
        metadata.writeBytes(file.entry(key).toArray(ValueLayout.JAVA_BYTE));
        return this;
    }

    /// Adds a tensor; `source` is asked for its bytes by [#write(Path)].
    ///
    /// @param shape the contiguous dimension first: `[columns, rows]` for a matrix
    public GgufWriter tensor(String name, TensorType type, long[] shape, Source source) {
        if (shape.length < 1 || shape.length > GgufFile.MAX_DIMENSIONS || shape[0] % type.blockWeights() != 0) {
            throw new IllegalArgumentException("tensor " + name + ": 1 to 4 dimensions, the first a multiple of "
                    + type.blockWeights() + " for " + type);
        }
        if (!names.add(name)) throw new IllegalArgumentException("tensor " + name + " was already added");
        long weights = 1;
        for (long dimension : shape) weights = Math.multiplyExact(weights, dimension);
        var info = new TensorInfo(name, type, shape, dataSize, type.size(weights));
        tensors.add(new Tensor(info, source));
        dataSize = GgufFile.align(dataSize + info.size(), GgufFile.DEFAULT_ALIGNMENT);
        return this;
    }

    /// `file` holds all that was added, on disk, when this returns; before that it is as it was.
    ///
    /// @throws IOException when the disk refuses or a source does
    public void write(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), () -> file + " is not a file name");
        Files.createDirectories(folder);
        // Not createTempFile, which lets nobody but the owner read: models are there to be shared.
        Path draft = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".draft");
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                append(channel, ByteBuffer.wrap(header()));
                for (Tensor tensor : tensors) append(channel, tensor);
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        AtomicFile.syncFolder(folder);
    }

    private byte[] header() {
        var header = new Bytes();
        header.int32(GgufFile.MAGIC);
        header.int32(GgufFile.VERSION);
        header.int64(tensors.size());
        header.int64(keys.size());
        header.writeBytes(metadata.toByteArray());
        for (Tensor tensor : tensors) {
            var info = tensor.info();
            header.string(info.name());
            header.int32(info.shape().length);
            for (long dimension : info.shape()) header.int64(dimension);
            header.int32(info.type().id());
            header.int64(info.offset());
        }
        header.pad(GgufFile.DEFAULT_ALIGNMENT);
        return header.toByteArray();
    }

    private static void append(FileChannel channel, Tensor tensor) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            long size = tensor.info().size();
            var bytes = arena.allocate(GgufFile.align(size, GgufFile.DEFAULT_ALIGNMENT), GgufFile.DEFAULT_ALIGNMENT);
            tensor.source().fill(bytes.asSlice(0, size));
            for (long from = 0; from < bytes.byteSize(); from += 1 << 28) {
                long part = Math.min(1 << 28, bytes.byteSize() - from);
                append(channel, bytes.asSlice(from, part).asByteBuffer());
            }
        }
    }

    private static void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    private Bytes entry(String key, ValueType type) {
        if (!keys.add(key)) throw new IllegalArgumentException("metadata " + key + " was already added");
        metadata.string(key);
        metadata.int32(type.id);
        return metadata;
    }

    private void array(String key, ValueType type, int count) {
        entry(key, ValueType.ARRAY).int32(type.id);
        metadata.int64(count);
    }

    /// Little-endian bytes that grow.
    private static final class Bytes extends ByteArrayOutputStream {
        void int32(int value) {
            writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
        }

        void int64(long value) {
            writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
        }

        void string(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            int64(bytes.length);
            writeBytes(bytes);
        }

        void pad(int alignment) {
            while (size() % alignment != 0) write(0);
        }
    }
}
