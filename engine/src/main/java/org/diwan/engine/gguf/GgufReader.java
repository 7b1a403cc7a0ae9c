package org.diwan.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the header of a GGUF file front to back. Every read says what it reads, so that the error
/// can: the bytes it needs are known to be there before it touches them or allocates for them.
final class GgufReader {
    /// A metadata entry has at least a key's length, a type and one byte.
    static final int LEAST_ENTRY_SIZE = 8 + 4 + 1;

    /// A tensor has at least a name's length, a dimension count, one dimension, a type, an offset.
    static final int LEAST_TENSOR_SIZE = 8 + 4 + 8 + 4 + 8;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final MemorySegment file;
    private long position;

    GgufReader(Path path, MemorySegment file) {
        this.path = path;
        this.file = file;
    }

    long position() {
        return position;
    }

    GgufException wrong(String field, String problem) {
        return new GgufException(path, field + " (before byte " + position + ")", problem);
    }

    byte int8(String field) throws GgufException {
        return file.get(ValueLayout.JAVA_BYTE, take(field, 1));
    }

    short int16(String field) throws GgufException {
        return file.get(SHORT, take(field, 2));
    }

    int int32(String field) throws GgufException {
        return file.get(INT, take(field, 4));
    }

    long int64(String field) throws GgufException {
        return file.get(LONG, take(field, 8));
    }

    /// A u64 count of things that take at least `leastSize` bytes each: no more than `limit`, and
    /// no more than the rest of the file can hold.
    int count(String field, int limit, int leastSize) throws GgufException {
        long count = int64(field);
        if (count < 0 || count > limit) {
            throw wrong(field, Long.toUnsignedString(count) + ", the limit is " + limit);
        }
        long room = (file.byteSize() - position) / leastSize;
        if (count > room) throw wrong(field, count + ", but the rest of the file holds " + room + " at most");
        return (int) count;
    }

    String string(String field, int limit) throws GgufException {
        int size = count("size of " + field, limit, 1);
        var bytes = file.asSlice(take(field, size), size).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong(field, "is not UTF-8");
        }
    }

    Object value(String key) throws GgufException {
        ValueType type = type(key);
        return type == ValueType.ARRAY ? array(key) : scalar(key, type);
    }

    TensorInfo tensor(int index, int alignment) throws GgufException {
        String name = string("name of tensor " + index, GgufFile.MAX_NAME_SIZE);
        int dimensions = int32("dimension count of " + name);
        if (dimensions < 1 || dimensions > GgufFile.MAX_DIMENSIONS) {
            throw wrong("dimension count of " + name, dimensions + ", must be 1 to " + GgufFile.MAX_DIMENSIONS);
        }
        long[] shape = new long[dimensions];
        long weights = 1;
        for (int i = 0; i < dimensions; i++) {
            shape[i] = int64("dimension " + i + " of " + name);
            if (shape[i] < 1 || shape[i] > GgufFile.MAX_WEIGHTS / weights) {
                throw wrong(
                        "dimension " + i + " of " + name,
                        Long.toUnsignedString(shape[i]) + ", must be 1 or more and the product of all at most "
                                + GgufFile.MAX_WEIGHTS);
            }
            weights *= shape[i];
        }
        TensorType type = tensorType(name);
        if (shape[0] % type.blockWeights() != 0) {
            throw wrong(
                    "dimension 0 of " + name,
                    shape[0] + ", must be a multiple of " + type.blockWeights() + " for " + type);
        }
        long offset = int64("offset of " + name);
        if (offset < 0 || offset % alignment != 0) {
            throw wrong(
                    "offset of " + name,
                    Long.toUnsignedString(offset) + ", must be a multiple of the alignment " + alignment);
        }
        return new TensorInfo(name, type, shape, offset, type.size(weights));
    }

    private ValueType type(String field) throws GgufException {
        int id = int32("type of " + field);
        @Nullable ValueType type = ValueType.byId(id);
        if (type == null) throw wrong("type of " + field, id + " is no metadata type");
        return type;
    }

    private TensorType tensorType(String name) throws GgufException {
        int id = int32("type of " + name);
        for (TensorType type : TensorType.values()) if (type.id() == id) return type;
        throw wrong("type of " + name, id + " is not read; known: " + Arrays.toString(TensorType.values()));
    }

    private Object scalar(String key, ValueType type) throws GgufException {
        return switch (type) {
            case UINT8 -> int8(key) & 0xff;
            case INT8 -> (int) int8(key);
            case UINT16 -> int16(key) & 0xffff;
            case INT16 -> (int) int16(key);
            case UINT32 -> int32(key) & 0xffff_ffffL;
            case INT32 -> int32(key);
            case FLOAT32 -> Float.intBitsToFloat(int32(key));
            case BOOL -> bool(key);
            case STRING -> string(key, GgufFile.MAX_STRING_SIZE);
            case UINT64 -> unsigned64(key);
            case INT64 -> int64(key);
            case FLOAT64 -> Double.longBitsToDouble(int64(key));
            case ARRAY -> throw wrong(key, "holds arrays within an array, which is not read");
        };
    }

    private Object array(String key) throws GgufException {
        ValueType type = type("elements of " + key);
        int count = count("length of " + key, GgufFile.MAX_ARRAY, type.leastSize);
        switch (type) {
            case UINT8, INT8 -> {
                var array = new byte[count];
                for (int i = 0; i < count; i++) array[i] = int8(key);
                return array;
            }
            case UINT16, INT16, INT32 -> {
                var array = new int[count];
                for (int i = 0; i < count; i++) array[i] = (Integer) scalar(key, type);
                return array;
            }
            case UINT32, UINT64, INT64 -> {
                var array = new long[count];
                for (int i = 0; i < count; i++) array[i] = (Long) scalar(key, type);
                return array;
            }
            case FLOAT32 -> {
                var array = new float[count];
                for (int i = 0; i < count; i++) array[i] = Float.intBitsToFloat(int32(key));
                return array;
            }
            case FLOAT64 -> {
                var array = new double[count];
                for (int i = 0; i < count; i++) array[i] = Double.longBitsToDouble(int64(key));
                return array;
            }
            case BOOL -> {
                var array = new boolean[count];
                for (int i = 0; i < count; i++) array[i] = bool(key);
                return array;
            }
            case STRING -> {
                var array = new String[count];
                for (int i = 0; i < count; i++) array[i] = string("element of " + key, GgufFile.MAX_STRING_SIZE);
                return array;
            }
            case ARRAY -> throw wrong(key, "holds arrays within an array, which is not read");
        }
        throw new AssertionError("every type has its case");
    }

    private boolean bool(String key) throws GgufException {
        byte value = int8(key);
        if (value != 0 && value != 1) throw wrong(key, "boolean " + value + ", must be 0 or 1");
        return value == 1;
    }

    private long unsigned64(String key) throws GgufException {
        long value = int64(key);
        if (value < 0) throw wrong(key, Long.toUnsignedString(value) + ", the limit is " + Long.MAX_VALUE);
        return value;
    }

    /// The position of the next `size` bytes, which are there.
    private long take(String field, long size) throws GgufException {
        long start = position;
        if (size > file.byteSize() - start) {
            throw new GgufException(
                    path, field + " at byte " + start, "needs " + size + " bytes, the file ends at " + file.byteSize());
        }
        position = start + size;
        return start;
    }
}
