package org.diwan.language;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The metadata of a trusted GGUF file, read with the least code that can: `language` must not
/// depend on `engine`, whose reader is the one for files from outside.
///
/// Layout: `GGUF`, u32 version, u64 tensors, u64 entries, then for each entry a string key, u32 type
/// and the value; strings are u64 length and bytes; arrays u32 type, u64 count, values.
final class GgufMetadata {
    private final ByteBuffer in;

    private GgufMetadata(ByteBuffer in) {
        this.in = in;
    }

    static Map<String, Object> read(Path file) throws IOException {
        var in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        in.position(16);
        long entries = in.getLong();
        var reader = new GgufMetadata(in);
        var metadata = new LinkedHashMap<String, Object>();
        for (long i = 0; i < entries; i++) metadata.put(reader.string(), reader.value(in.getInt()));
        return metadata;
    }

    private Object value(int type) {
        return switch (type) {
            case 0, 1 -> (int) in.get();
            case 2, 3 -> (int) in.getShort();
            case 4, 5 -> in.getInt();
            case 6 -> in.getFloat();
            case 7 -> in.get() != 0;
            case 8 -> string();
            case 9 -> array(in.getInt(), Math.toIntExact(in.getLong()));
            case 10, 11 -> in.getLong();
            case 12 -> in.getDouble();
            default -> throw new IllegalStateException("GGUF value type " + type);
        };
    }

    private Object array(int type, int count) {
        return switch (type) {
            case 4, 5 -> {
                var values = new int[count];
                for (int i = 0; i < count; i++) values[i] = in.getInt();
                yield values;
            }
            case 6 -> {
                var values = new float[count];
                for (int i = 0; i < count; i++) values[i] = in.getFloat();
                yield values;
            }
            case 8 -> {
                var values = new String[count];
                for (int i = 0; i < count; i++) values[i] = string();
                yield values;
            }
            default -> throw new IllegalStateException("GGUF array of type " + type);
        };
    }

    private String string() {
        var bytes = new byte[Math.toIntExact(in.getLong())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
