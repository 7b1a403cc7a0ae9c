package org.diwan.engine.kernel;

import java.util.Locale;

/// How keys and values are kept. An answer depends on it: attention reads what was stored, not what
/// was computed. Each type gives the same bits everywhere.
public enum KvType {
    /// As computed.
    F32,

    /// Rounded to the nearest binary16, ties to even; finite values beyond ±65,504 become that.
    F16,

    /// Blocks of 32 elements of a head: a binary16 scale and 8-bit integers, as GGUF's Q8_0.
    Q8_0;

    /// Elements of a block of [#Q8_0].
    static final int BLOCK = 32;

    /// The type called `name` in lower or upper case.
    ///
    /// @throws IllegalArgumentException naming the types there are
    public static KvType of(String name) {
        for (KvType type : values()) if (type.name().equalsIgnoreCase(name)) return type;
        throw new IllegalArgumentException("cache type " + name + ", must be f32, f16 or q8_0");
    }

    /// As options and receipts write it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Bytes of `positions` keys, or values, of one head.
    long size(int headSize, int positions) {
        return switch (this) {
            case F32 -> 4L * headSize * positions;
            case F16 -> 2L * headSize * positions;
            case Q8_0 -> (2L * Math.ceilDiv(headSize, BLOCK) + headSize) * positions;
        };
    }
}
