package org.diwan.engine.gguf;

import org.jspecify.annotations.Nullable;

/// The types of metadata values, with their numbers in a file (GGUF specification,
/// `gguf_metadata_value_type`).
enum ValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 8),
    ARRAY(9, 12),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    /// The number that stands for this type in a file.
    final int id;

    /// The fewest bytes a value takes: a string has at least its length, an array its type and count.
    final int leastSize;

    ValueType(int id, int leastSize) {
        this.id = id;
        this.leastSize = leastSize;
    }

    static @Nullable ValueType byId(int id) {
        for (ValueType type : values()) if (type.id == id) return type;
        return null;
    }
}
