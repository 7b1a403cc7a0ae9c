package org.diwan.engine.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An open GGUF v3 file: its metadata as Java values, its tensors as slices of the mapped file.
///
/// The format (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>), all little-endian:
///
/// ```
/// magic       "GGUF"
/// version     u32 = 3
/// tensors     u64 count
/// metadata    u64 count, then per entry: key string · u32 value type · value
/// per tensor  name string · u32 dimensions (1–4) · u64 each · u32 type · u64 offset
/// padding     zeros up to a multiple of general.alignment (32 where not stated)
/// data        each tensor at its offset from here, itself a multiple of the alignment
///
/// string      u64 size in bytes, UTF-8 bytes
/// array       u32 element type · u64 count · elements (arrays of arrays are refused)
/// ```
///
/// The first bytes of a file with one entry `general.architecture` = `llama` and no tensor:
///
/// ```
/// 47 47 55 46  03 00 00 00  00 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
/// 14 00 00 00 00 00 00 00  "general.architecture"  08 00 00 00
/// 05 00 00 00 00 00 00 00  "llama"
/// ```
///
/// Immutable and safe to share. The mapping lives until [#close()]: slices handed out before throw
/// `IllegalStateException` after it. A file without tensors (a vocabulary alone) is a valid file.
public final class GgufFile implements AutoCloseable {
    /// Entries of metadata: real files have about 50.
    public static final int MAX_METADATA = 65_536;

    /// Tensors: a dense model of 200 layers has about 2,500.
    public static final int MAX_TENSORS = 65_536;

    /// Bytes of a metadata key, as the specification says.
    public static final int MAX_KEY_SIZE = 65_535;

    /// Bytes of a tensor's name; ggml itself stops at 64.
    public static final int MAX_NAME_SIZE = 256;

    /// Bytes of one string value: the longest known are chat templates of some 100 KB.
    public static final int MAX_STRING_SIZE = 1 << 24;

    /// Elements of one array: the largest known are merge lists of some 500,000 strings.
    public static final int MAX_ARRAY = 1 << 22;

    /// Weights of one tensor.
    public static final long MAX_WEIGHTS = 1L << 40;

    /// The alignment of tensors where the file does not state one.
    public static final int DEFAULT_ALIGNMENT = 32;

    /// The largest alignment a file may state.
    public static final int MAX_ALIGNMENT = 65_536;

    static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    static final int VERSION = 3;
    static final int MAX_DIMENSIONS = 4;

    private final Path path;
    private final Arena arena;
    private final MemorySegment file;
    private final Map<String, Object> metadata;
    private final Map<String, MemorySegment> entries = new HashMap<>();
    private final Map<String, TensorInfo> tensors;
    private final long dataStart;

    private GgufFile(Path path, Arena arena, MemorySegment file) throws GgufException {
        this.path = path;
        this.arena = arena;
        this.file = file;
        var in = new GgufReader(path, file);
        if (in.int32("magic") != MAGIC) throw in.wrong("magic", "does not start with the bytes \"GGUF\"");
        int version = in.int32("version");
        if (version != VERSION) throw in.wrong("version", version + ", only " + VERSION + " is read");
        int tensorCount = in.count("tensor count", MAX_TENSORS, GgufReader.LEAST_TENSOR_SIZE);
        int metadataCount = in.count("metadata count", MAX_METADATA, GgufReader.LEAST_ENTRY_SIZE);
        this.metadata = Collections.unmodifiableMap(readMetadata(in, metadataCount));
        int alignment = alignment(in);
        this.tensors = Collections.unmodifiableMap(readTensors(in, tensorCount, alignment));
        this.dataStart = align(in.position(), alignment);
        checkPlacement();
    }

    /// The file, mapped and checked from front to back except for the weights themselves.
    ///
    /// @throws GgufException when the content is not a GGUF v3 file within the limits above
    /// @throws IOException when the file cannot be read
    public static GgufFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (var channel = FileChannel.open(path)) {
            var file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new GgufFile(path, arena, file);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /// The metadata in file order, immutable. UINT8, INT8, UINT16, INT16 and INT32 are `Integer`;
    /// UINT32, INT64 and UINT64 are `Long`; FLOAT32 `Float`; FLOAT64 `Double`; BOOL `Boolean`;
    /// STRING `String`. Arrays follow: `byte[]` (UINT8, INT8), `int[]` (UINT16, INT16, INT32),
    /// `long[]`, `float[]`, `double[]`, `boolean[]`, `String[]`. Callers must not write to them.
    public Map<String, Object> metadata() {
        return metadata;
    }

    /// The bytes of one metadata entry as they lie in the file: key, type and value.
    MemorySegment entry(String key) {
        @Nullable MemorySegment entry = entries.get(key);
        if (entry == null) throw new IllegalArgumentException(path + " holds no metadata " + key);
        return entry;
    }

    /// The tensors in file order.
    public List<TensorInfo> tensors() {
        return List.copyOf(tensors.values());
    }

    /// Whether the file holds a tensor of that name.
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /// The tensor of that name.
    ///
    /// @throws IllegalArgumentException when there is none: ask [#has(String)] first where that may be
    public TensorInfo tensor(String name) {
        @Nullable TensorInfo info = tensors.get(name);
        if (info == null) throw new IllegalArgumentException(path + " holds no tensor " + name);
        return info;
    }

    /// The bytes of a tensor of this file: a read-only slice of the mapping, aligned as the file is.
    public MemorySegment data(TensorInfo info) {
        return file.asSlice(dataStart + info.offset(), info.size());
    }

    /// The file that was opened.
    public Path path() {
        return path;
    }

    /// Bytes of the whole file.
    public long size() {
        return file.byteSize();
    }

    /// Unmaps the file; every slice handed out is dead.
    @Override
    public void close() {
        arena.close();
    }

    private Map<String, Object> readMetadata(GgufReader in, int count) throws GgufException {
        var metadata = LinkedHashMap.<String, Object>newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            long start = in.position();
            String key = in.string("key of metadata entry " + i, MAX_KEY_SIZE);
            if (metadata.put(key, in.value(key)) != null) throw in.wrong(key, "appears twice in the metadata");
            entries.put(key, file.asSlice(start, in.position() - start));
        }
        return metadata;
    }

    private int alignment(GgufReader in) throws GgufException {
        Object stated = metadata.getOrDefault("general.alignment", (long) DEFAULT_ALIGNMENT);
        if (stated instanceof Number number
                && number.longValue() >= 8
                && number.longValue() <= MAX_ALIGNMENT
                && Long.bitCount(number.longValue()) == 1) return number.intValue();
        throw in.wrong("general.alignment", stated + ", must be a power of two, 8 to " + MAX_ALIGNMENT);
    }

    private static Map<String, TensorInfo> readTensors(GgufReader in, int count, int alignment) throws GgufException {
        var tensors = LinkedHashMap.<String, TensorInfo>newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            TensorInfo info = in.tensor(i, alignment);
            if (tensors.put(info.name(), info) != null) throw in.wrong(info.name(), "appears twice among the tensors");
        }
        return tensors;
    }

    /// Every tensor lies inside the file and none overlaps the next.
    private void checkPlacement() throws GgufException {
        long room = file.byteSize() - dataStart;
        var ordered = new ArrayList<>(tensors.values());
        ordered.sort(Comparator.comparingLong(TensorInfo::offset));
        long free = 0;
        for (TensorInfo info : ordered) {
            if (info.offset() < free) {
                throw new GgufException(
                        path,
                        info.name(),
                        "offset " + info.offset() + " lies inside the tensor before, which ends at " + free);
            }
            if (info.size() > room || info.offset() > room - info.size()) {
                throw new GgufException(
                        path,
                        info.name(),
                        "offset " + info.offset() + " + size " + info.size() + " is beyond the " + Math.max(0, room)
                                + " bytes of data in the file");
            }
            free = info.offset() + info.size();
        }
    }

    static long align(long position, int alignment) {
        return (position + alignment - 1) & -alignment;
    }
}
