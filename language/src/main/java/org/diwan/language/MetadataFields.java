package org.diwan.language;

import java.util.Map;

/// Typed look-ups in a GGUF metadata map; every complaint names the field.
record MetadataFields(Map<String, Object> metadata) {
    private static final int[] NO_INTEGERS = {};
    private static final float[] NO_NUMBERS = {};

    String text(String key) {
        return switch (metadata.get(key)) {
            case String value -> value;
            case null -> throw new IllegalArgumentException("metadata lacks " + key);
            case Object other -> throw wrong(key, other, "a string");
        };
    }

    String[] texts(String key) {
        return switch (metadata.get(key)) {
            case String[] values -> values;
            case null -> throw new IllegalArgumentException("metadata lacks " + key);
            case Object other -> throw wrong(key, other, "an array of strings");
        };
    }

    /// The token id under `key`, or `absent`.
    int id(String key, int absent) {
        return switch (metadata.get(key)) {
            case null -> absent;
            case Integer value -> value;
            case Long value when value >= 0 && value <= Integer.MAX_VALUE -> value.intValue();
            // Writers use 2^32 - 1 for "none".
            case Long value when value == 0xFFFF_FFFFL -> absent;
            case Object other -> throw wrong(key, other, "a token id");
        };
    }

    boolean flag(String key, boolean absent) {
        return switch (metadata.get(key)) {
            case null -> absent;
            case Boolean value -> value;
            case Object other -> throw wrong(key, other, "true or false");
        };
    }

    /// One integer for each of `count` tokens, or none at all when the field is absent.
    int[] integers(String key, int count) {
        return switch (metadata.get(key)) {
            case null -> NO_INTEGERS;
            case int[] values -> {
                checkCount(key, values.length, count);
                yield values;
            }
            case Object other -> throw wrong(key, other, "an array of 32-bit integers");
        };
    }

    /// One number for each of `count` tokens, or none at all when the field is absent.
    float[] numbers(String key, int count) {
        return switch (metadata.get(key)) {
            case null -> NO_NUMBERS;
            case float[] values -> {
                checkCount(key, values.length, count);
                yield values;
            }
            case Object other -> throw wrong(key, other, "an array of 32-bit floats");
        };
    }

    /// Raw bytes, or none at all when the field is absent.
    byte[] bytes(String key) {
        return switch (metadata.get(key)) {
            case null -> new byte[0];
            case byte[] values -> values;
            case Object other -> throw wrong(key, other, "an array of bytes");
        };
    }

    private static void checkCount(String key, int found, int count) {
        if (found != count)
            throw new IllegalArgumentException(key + " has " + found + " entries for " + count + " tokens");
    }

    private static IllegalArgumentException wrong(String key, Object value, String wanted) {
        return new IllegalArgumentException(
                key + " holds a " + value.getClass().getSimpleName() + ", must be " + wanted);
    }
}
