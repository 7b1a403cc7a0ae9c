package org.diwan.foundry.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void theWorkedExampleIsWrittenByteForByte() throws IOException {
        Path file = folder.resolve("w.safetensors");
        Safetensors.write(file, Map.of(), List.of(new Safetensors.Array("w", new long[] {2}, new float[] {1, -2})));
        byte[] bytes = Files.readAllBytes(file);
        String header = "{\"w\":{\"data_offsets\":[0,8],\"dtype\":\"F32\",\"shape\":[2]}}";
        assertEquals((header.length() + 7) / 8 * 8, bytes[0]);
        assertEquals(header, new String(bytes, 8, header.length(), StandardCharsets.UTF_8));
        byte[] data = {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, (byte) 0xC0};
        assertArrayEquals(data, Arrays.copyOfRange(bytes, bytes.length - 8, bytes.length));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("m.safetensors");
        var a = new Safetensors.Array("a", new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, Float.MIN_VALUE});
        var b = new Safetensors.Array("b", new long[] {1}, new float[] {-0f});
        Safetensors.write(file, Map.of("step", "7"), List.of(a, b));
        var read = Safetensors.read(file);
        assertEquals(Map.of("step", "7"), read.metadata());
        assertEquals(List.of("a", "b"), List.copyOf(read.arrays().keySet()));
        for (var array : List.of(a, b)) {
            var again = read.arrays().get(array.name());
            assertArrayEquals(array.shape(), again == null ? null : again.shape());
            assertArrayEquals(array.values(), again == null ? null : again.values());
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        Path file = folder.resolve("m.safetensors");
        Safetensors.write(file, Map.of(), List.of(new Safetensors.Array("a", new long[] {3}, new float[] {1, 2, 3})));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> Safetensors.read(file), "cut at " + length);
        }
        whole[3] = 1; // a header of 16 million bytes
        Files.write(file, whole);
        assertThrows(IOException.class, () -> Safetensors.read(file));
    }
}
