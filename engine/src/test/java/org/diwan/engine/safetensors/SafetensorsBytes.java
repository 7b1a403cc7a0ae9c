package org.diwan.engine.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes safetensors files for tests, well-formed or not.
public final class SafetensorsBytes {
    private final List<String> entries = new ArrayList<>();
    private final ByteBuffer data;

    public SafetensorsBytes(int size) {
        data = ByteBuffer.allocate(size);
    }

    public SafetensorsBytes add(String name, String dtype, long[] shape, byte[] bytes) {
        entries.add("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, Arrays.toString(shape), data.position(), data.position() + bytes.length));
        data.put(bytes);
        return this;
    }

    public void write(Path file) throws IOException {
        Files.write(file, bytes("{" + String.join(",", entries) + "}", Arrays.copyOf(data.array(), data.position())));
    }

    public static byte[] bytes(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
