package org.diwan.engine.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written is read; what is damaged is refused with a sentence, never with anything else.
class GgufFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path path = small();
        try (var file = GgufFile.open(path)) {
            assertEquals(
                    List.of("general.architecture", "a", "b", "c", "d", "e", "f", "g"),
                    List.copyOf(file.metadata().keySet()));
            assertEquals("llama", file.metadata().get("general.architecture"));
            assertEquals(0xffff_ffffL, file.metadata().get("a"));
            assertEquals(-7, file.metadata().get("b"));
            assertEquals(0.1f, file.metadata().get("c"));
            assertEquals(true, file.metadata().get("d"));
            assertArrayEquals(
                    new String[] {"ديوان", ""}, (String[]) file.metadata().get("e"));
            assertArrayEquals(new int[] {1, -2}, (int[]) file.metadata().get("f"));
            assertArrayEquals(
                    new float[] {Float.MIN_VALUE}, (float[]) file.metadata().get("g"));

            assertEquals(
                    List.of("x", "y"),
                    file.tensors().stream().map(TensorInfo::name).toList());
            TensorInfo y = file.tensor("y");
            assertArrayEquals(new long[] {32, 3}, y.shape());
            assertEquals(TensorType.Q8_0, y.type());
            assertEquals(3 * 34, y.size());
            assertEquals(32, y.offset(), "tensors begin at multiples of 32");
            assertEquals(42, file.data(y).get(ValueLayout.JAVA_BYTE, 101));
            assertEquals(0, file.data(y).address() % 32, "and the data section too");
            assertFalse(file.has("z"));
            assertThrows(IllegalArgumentException.class, () -> file.tensor("z"));
        }
    }

    @Test
    void theExampleOfTheFormatIsThisFile() throws IOException {
        Path path = folder.resolve("example.gguf");
        new GgufWriter().string("general.architecture", "llama").write(path);
        var expected = ByteBuffer.allocate(96).order(ByteOrder.LITTLE_ENDIAN);
        expected.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(3)
                .putLong(0)
                .putLong(1);
        expected.putLong(20)
                .put("general.architecture".getBytes(StandardCharsets.US_ASCII))
                .putInt(8);
        expected.putLong(5).put("llama".getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = Files.readAllBytes(path);
        assertArrayEquals(expected.array(), bytes);
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(small());
        // The writer pads behind the last tensor: those bytes are nobody's.
        int needed = whole.length - 26;
        Path path = folder.resolve("truncated.gguf");
        for (int size = 0; size < needed; size++) {
            Files.write(path, Arrays.copyOf(whole, size));
            var e = assertThrows(GgufException.class, () -> GgufFile.open(path).close(), "cut to " + size);
            assertTrue(e.toString().contains("truncated.gguf"), e.toString());
        }
        Files.write(path, Arrays.copyOf(whole, needed));
        GgufFile.open(path).close();
    }

    @Test
    void mutatedFilesAreReadOrRefusedAndNothingElse() throws IOException {
        byte[] whole = Files.readAllBytes(small());
        Path path = folder.resolve("mutated.gguf");
        Seeded.forAll(1_500, random -> {
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> (byte) 0xff;
                    case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                    default -> (byte) random.nextInt();
                };
            }
            Files.write(path, bytes);
            try (var file = GgufFile.open(path)) {
                for (TensorInfo info : file.tensors())
                    assertEquals(info.size(), file.data(info).byteSize());
            } catch (GgufException e) {
                assertTrue(e.toString().contains("mutated.gguf: "), e.toString());
            }
        });
    }

    @Test
    void fieldsOutOfRangeAreNamed() throws IOException {
        refused("magic", b -> b.putInt(0, 0x46554746));
        refused("version", b -> b.putInt(4, 2));
        refused("tensor count", b -> b.putLong(8, 1L << 40));
        refused("tensor count", b -> b.putLong(8, 60_000));
        refused("tensor count", b -> b.putLong(8, -1));
        refused("metadata count", b -> b.putLong(16, Long.MAX_VALUE));
        refused("key of metadata entry 0", b -> b.putLong(24, 1L << 62));
        int type = 24 + 8 + "general.architecture".length();
        refused("general.architecture", b -> b.putInt(type, 99));
        refused("general.architecture", b -> b.putLong(type + 4, 1 << 24));
    }

    @Test
    void tensorsOutOfPlaceAreNamed() throws IOException {
        var names = new String[] {"name", "dimension count", "dimension 0", "dimension 1", "type", "offset"};
        int y = find(Files.readAllBytes(small()), "y") - 8;
        int[] at = {y, y + 9, y + 13, y + 21, y + 29, y + 33};
        refused("size of " + names[0], b -> b.putLong(at[0], 257));
        for (int count : new int[] {0, 5, -1}) refused(names[1], b -> b.putInt(at[1], count));
        for (long size : new long[] {0, 31, 33, -32, Long.MAX_VALUE}) refused(names[2], b -> b.putLong(at[2], size));
        refused(names[3], b -> b.putLong(at[3], Long.MAX_VALUE / 16));
        refused("is beyond", b -> b.putLong(at[3], 4));
        for (int type : new int[] {-1, 3, 15, 1000}) refused(names[4], b -> b.putInt(at[4], type));
        for (long offset : new long[] {1, -32, 48}) refused(names[5], b -> b.putLong(at[5], offset));
        refused("is beyond", b -> b.putLong(at[5], 64));
        refused("is beyond", b -> b.putLong(at[5], Long.MAX_VALUE & -32));
        refused("inside the tensor before", b -> b.putLong(at[5], 0));
    }

    @Test
    void namesMayNotRepeat() throws IOException {
        int b = find(Files.readAllBytes(small()), "b");
        refused("appears twice", bytes -> bytes.put(b, (byte) 'a'));
        int y = find(Files.readAllBytes(small()), "y");
        refused("appears twice", bytes -> bytes.put(y, (byte) 'x'));
    }

    @Test
    void alignmentMustBeAPowerOfTwo() throws IOException {
        Path path = folder.resolve("aligned.gguf");
        for (long alignment : new long[] {0, 1, 4, 24, 1 << 17}) {
            new GgufWriter().uint32("general.alignment", alignment).write(path);
            var e = assertThrows(GgufException.class, () -> GgufFile.open(path).close());
            assertTrue(e.toString().contains("general.alignment"), e.toString());
        }
    }

    @Test
    void keysThatAreNotTextAreRefused() throws IOException {
        int key = find(Files.readAllBytes(small()), "general");
        refused("not UTF-8", b -> b.put(key, (byte) 0xff));
    }

    @Test
    void vocabulariesOfTheWorldAreRead() throws IOException {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "needs DIWAN_DATA with models/vocab");
        try (var paths = Files.newDirectoryStream(Path.of(data, "models/vocab"), "*.gguf")) {
            for (Path path : paths) {
                try (var file = GgufFile.open(path)) {
                    assertInstanceOf(String[].class, file.metadata().get("tokenizer.ggml.tokens"), path.toString());
                }
            }
        }
    }

    @Test
    void aWriteThatFailsLeavesTheOldFile() throws IOException {
        Path path = folder.resolve("kept.gguf");
        new GgufWriter().string("k", "old").write(path);
        var writer = new GgufWriter().string("k", "new").tensor("t", TensorType.F32, new long[] {1}, out -> {
            throw new IOException("the source is gone");
        });
        assertThrows(IOException.class, () -> writer.write(path));
        try (var file = GgufFile.open(path);
                var names = Files.list(folder)) {
            assertEquals("old", file.metadata().get("k"));
            assertEquals(1, names.count());
        }
    }

    private void refused(String field, Consumer<ByteBuffer> change) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(small())).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(bytes);
        Path path = folder.resolve("changed.gguf");
        Files.write(path, bytes.array());
        var e = assertThrows(GgufException.class, () -> GgufFile.open(path).close(), field);
        assertTrue(e.toString().contains(field), e.toString());
    }

    private Path small() throws IOException {
        Path path = folder.resolve("small.gguf");
        new GgufWriter()
                .string("general.architecture", "llama")
                .uint32("a", 0xffff_ffffL)
                .int32("b", -7)
                .float32("c", 0.1f)
                .bool("d", true)
                .strings("e", List.of("ديوان", ""))
                .int32s("f", new int[] {1, -2})
                .float32s("g", new float[] {Float.MIN_VALUE})
                .tensor("x", TensorType.F32, new long[] {5}, out -> out.fill((byte) 1))
                .tensor("y", TensorType.Q8_0, new long[] {32, 3}, out -> out.fill((byte) 42))
                .write(path);
        return path;
    }

    /// Where a string of the file begins, found by its length before it.
    private static int find(byte[] bytes, String string) {
        byte[] text = string.getBytes(StandardCharsets.UTF_8);
        for (int i = 8; i + text.length <= bytes.length; i++) {
            boolean length = bytes[i - 8] == text.length || string.equals("general");
            if (length && Arrays.equals(bytes, i, i + text.length, text, 0, text.length)) return i;
        }
        throw new AssertionError("no " + string);
    }
}
