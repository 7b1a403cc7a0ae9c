package org.diwan.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.diwan.engine.gguf.TensorType;
import org.junit.jupiter.api.Test;

/// Blocks and their reading against llama.cpp's own; `golden/quantizer.HOW.md` says how they were made.
class QuantizerGoldenTest {
    @Test
    void blocksAreThoseOfTheReferenceAndReadBackTheSame() {
        Map<String, float[]> inputs = new HashMap<>();
        int compared = 0;
        for (String line : golden().lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("input")) {
                inputs.put(words[1], floats(words[2]));
                continue;
            }
            TensorType type = TensorType.valueOf(words[0]);
            float[] values = Objects.requireNonNull(inputs.get(words[1]));
            MemorySegment blocks = Arena.ofAuto().allocate(type.size(values.length));
            Quantizer.quantize(type, values, 0, values.length, blocks, 0);
            String hex = HexFormat.of().formatHex(blocks.toArray(ValueLayout.JAVA_BYTE));
            assertEquals(words[2], hex, type + " of " + words[1]);

            float[] expected = floats(words[3]);
            float[] row = new float[values.length];
            Matrix.of(type, blocks, 1, values.length).row(0, row, 0);
            for (int i = 0; i < row.length; i++) {
                assertEquals(expected[i], row[i], Math.ulp(expected[i]), type + " of " + words[1] + ", weight " + i);
            }
            compared++;
        }
        assertEquals(60, compared);
    }

    @Test
    void halvesRoundToNearestEven() {
        float[] values = {1, -2.5f, 65504, 0x1p-24f, 1 + 0x1p-11f, 1 + 0x1p-8f, 1 + 0x1p-9f, 1 + 3 * 0x1p-8f};
        assertArrayEquals(
                new short[] {
                    0x3c00, (short) 0xc100, 0x7bff, 1, 0x3c00, 0x3c04, 0x3c02, 0x3c0c,
                },
                halves(TensorType.F16, values));
        assertArrayEquals(
                new short[] {
                    0x3f80, (short) 0xc020, 0x4780, 0x3380, 0x3f80, 0x3f80, 0x3f80, 0x3f82,
                },
                halves(TensorType.BF16, values));
    }

    private static short[] halves(TensorType type, float[] values) {
        MemorySegment out = Arena.ofAuto().allocate(values.length * 2L, 2);
        Quantizer.quantize(type, values, 0, values.length, out, 0);
        return out.toArray(ValueLayout.JAVA_SHORT);
    }

    private static float[] floats(String hex) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static String golden() {
        try (var in = Objects.requireNonNull(QuantizerGoldenTest.class.getResourceAsStream("/golden/quantizer.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
