package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.diwan.base.Digest;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies against llama.cpp's own; `golden/mixes.HOW.md` says how its digests were made.
class QuantizedCopyTest {
    /// Where llama.cpp takes types that are not computed here.
    private static final Set<String> OTHER_FALLBACK = Set.of("Q4_K", "Q4_K_M", "Q5_K", "Q5_K_M");

    @TempDir
    Path folder;

    @Test
    void copiesAreThoseOfTheReferenceByteForByte() throws IOException {
        int compared = 0;
        for (String name : MixModels.NAMES) {
            Path model = MixModels.write(folder, name);
            for (String[] golden : golden(name)) {
                if (name.equals("llama-narrow") && OTHER_FALLBACK.contains(golden[1])) continue;
                Path copy = folder.resolve("copy.gguf");
                QuantizedCopy.write(model, copy, Mix.valueOf(golden[1]), tensor -> {});
                assertEquals(golden[3], Digest.hex(Digest.sha256(copy)), name + " as " + golden[1]);
                compared++;
            }
        }
        assertEquals(36, compared);
    }

    @Test
    void rowsThatAreNotWholeBlocksAreStoredInMoreBits() throws IOException {
        Path model = MixModels.write(folder, "llama-narrow");
        Path copy = folder.resolve("copy.gguf");
        QuantizedCopy.write(model, copy, Mix.Q4_K_M, tensor -> {});
        try (var file = GgufFile.open(copy)) {
            assertEquals(TensorType.Q8_0, file.tensor("blk.1.attn_q.weight").type());
            assertEquals(TensorType.Q8_0, file.tensor("token_embd.weight").type());
            assertEquals(TensorType.F32, file.tensor("blk.1.attn_norm.weight").type());
        }
    }

    @Test
    void aRandomModelOfAMixIsTheCopyOfTheRandomModel() throws IOException {
        Path model = MixModels.write(folder, "llama");
        Path copy = folder.resolve("copy.gguf");
        Path direct = folder.resolve("direct.gguf");
        QuantizedCopy.write(model, copy, Mix.Q4_K_M, tensor -> {});
        RandomModel.write(direct, MixModels.shape("llama"), Mix.Q4_K_M, MixModels.SEED);
        try (var a = GgufFile.open(copy);
                var b = GgufFile.open(direct)) {
            assertEquals(a.tensors().size(), b.tensors().size());
            for (var tensor : a.tensors()) {
                var twin = b.tensor(tensor.name());
                assertEquals(tensor.type(), twin.type(), tensor.name());
                assertArrayEquals(
                        a.data(tensor).toArray(ValueLayout.JAVA_BYTE),
                        b.data(twin).toArray(ValueLayout.JAVA_BYTE));
            }
            assertEquals(a.metadata().get("general.file_type"), b.metadata().get("general.file_type"));
        }
    }

    @Test
    void blocksBecomeFloatsButNeverOtherBlocks() throws IOException {
        Path model = MixModels.write(folder, "llama-narrow");
        Path blocks = folder.resolve("q8.gguf");
        Path floats = folder.resolve("f32.gguf");
        Path again = folder.resolve("again.gguf");
        QuantizedCopy.write(model, blocks, Mix.Q8_0, tensor -> {});
        QuantizedCopy.write(blocks, floats, Mix.F32, tensor -> {});
        QuantizedCopy.write(floats, again, Mix.Q8_0, tensor -> {});
        assertEquals(-1, Files.mismatch(blocks, again), "Q8_0 → F32 → Q8_0 is the same file");
        var refused =
                assertThrows(GgufException.class, () -> QuantizedCopy.write(blocks, again, Mix.Q4_0, tensor -> {}));
        assertTrue(String.valueOf(refused.getMessage()).contains("rounded again to Q4_0"), refused.getMessage());
    }

    @Test
    void aDamagedWeightIsNamedAndTheOldFileStays() throws IOException {
        Path model = folder.resolve("damaged.gguf");
        Path copy = folder.resolve("copy.gguf");
        Files.writeString(copy, "old");
        for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 70_000}) {
            float[] weights = new float[64];
            weights[37] = wrong;
            new GgufWriter()
                    .string("general.architecture", "llama")
                    .uint32("llama.block_count", 1)
                    .uint32("llama.attention.head_count", 1)
                    .tensor("token_embd.weight", TensorType.F32, new long[] {32, 2}, out -> {
                        for (int i = 0; i < 64; i++) out.setAtIndex(ValueLayout.JAVA_FLOAT, i, weights[i]);
                    })
                    .write(model);
            var refused =
                    assertThrows(GgufException.class, () -> QuantizedCopy.write(model, copy, Mix.Q8_0, tensor -> {}));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.contains("token_embd.weight: weight 5 of row 1 is " + wrong), message);
        }
        assertEquals("old", Files.readString(copy));
        try (var files = Files.list(folder)) {
            assertFalse(files.anyMatch(file -> file.toString().endsWith(".draft")));
        }
    }

    private static List<String[]> golden(String model) throws IOException {
        try (var in = Objects.requireNonNull(QuantizedCopyTest.class.getResourceAsStream("/golden/mixes.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .filter(words -> words[0].equals(model))
                    .toList();
        }
    }
}
