package org.diwan.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.Family;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.diwan.engine.safetensors.SafetensorsBytes;
import org.diwan.engine.safetensors.SafetensorsException;
import org.diwan.engine.safetensors.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged and hostile model files are read or refused with a sentence: no other exception, and no
/// memory that the size of the file does not justify. `./diwan bench fuzz` runs the same for hours.
class HostileFilesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Heap that opening a file may take: objects for each entry, whose shortest form has 13 bytes.
    private static final long BYTES_PER_BYTE = 64;

    private static final long BYTES_BESIDES = 1 << 20;

    private static final Shape SMALL =
            new Shape(new Family.Llama(), 1, 32, 32, 2, 1, 16, 320, 64, 10_000f, 1, 1e-5f, false, true, false);

    @TempDir
    Path folder;

    @FunctionalInterface
    private interface Open {
        AutoCloseable open(Path path) throws IOException;
    }

    @Test
    void damagedGgufFilesAreReadOrRefused() throws Exception {
        Path model = folder.resolve("model.gguf");
        RandomModel.write(model, SMALL, TensorType.Q4_0, 1);
        byte[] whole = Files.readAllBytes(model);
        Path path = folder.resolve("damaged.gguf");
        Seeded.forAll(3_000, random -> tolerates(path, Mutations.of(whole, random), GgufFile::open));
    }

    @Test
    void damagedSafetensorsFilesAreReadOrRefused() throws Exception {
        Path whole = folder.resolve("whole.safetensors");
        new SafetensorsBytes(4_096)
                .add("a", "F32", new long[] {4, 8}, new byte[128])
                .add("b", "BF16", new long[] {16}, new byte[32])
                .add("c", "F16", new long[] {}, new byte[2])
                .write(whole);
        byte[] bytes = Files.readAllBytes(whole);
        Path path = folder.resolve("damaged.safetensors");
        Seeded.forAll(3_000, random -> tolerates(path, Mutations.of(bytes, random), SafetensorsFile::open));
    }

    private static void tolerates(Path path, byte[] bytes, Open open) throws Exception {
        Files.write(path, bytes);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (var file = open.open(path)) {
            assertTrue(file != null);
        } catch (GgufException | SafetensorsException refused) {
            assertTrue(String.valueOf(refused.getMessage()).startsWith(path.toString()), refused.getMessage());
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken <= BYTES_PER_BYTE * bytes.length + BYTES_BESIDES, taken + " bytes for " + bytes.length);
    }

    /// Counts, lengths and dimensions that promise more than the file can hold.
    @Test
    void promisesOfMuchAreRefusedBeforeMemoryIsTaken() throws Exception {
        for (long promise : new long[] {-1, 1L << 62, Long.MAX_VALUE, 0xffff_ffffL, 1 << 30, 65_537, 4_097}) {
            refused("tensor count", gguf().putLong(promise).putLong(0));
            refused("metadata count", gguf().putLong(0).putLong(promise));
            refused("size of key", gguf().putLong(0).putLong(1).putLong(promise));
            refused(
                    "size of k",
                    text(gguf().putLong(0).putLong(1), "k").putInt(8).putLong(promise));
            for (int type = 0; type < 13; type++) {
                if (type != 9) refused("k", array(type).putLong(promise));
            }
            refused("arrays within an array", array(9).putLong(1));
            // Below 2⁴⁰ weights the dimensions are allowed, and the file is too short for them.
            String problem = promise < 0 || promise > 1 << 20 ? "dimension" : "is beyond";
            refused(
                    problem,
                    text(gguf().putLong(1).putLong(0), "t")
                            .putInt(2)
                            .putLong(promise)
                            .putLong(promise));
        }
        refused("type of k", text(gguf().putLong(0).putLong(1), "k").putInt(13));
        refused("dimension count", text(gguf().putLong(1).putLong(0), "t").putInt(5));
        refused(
                "type of t",
                text(gguf().putLong(1).putLong(0), "t").putInt(1).putLong(32).putInt(99));
        refused("appears twice", tensors("t", 0, "t", 128));
        refused("lies inside the tensor before", tensors("t", 0, "u", 96));
        refused("must be a multiple of the alignment", tensors("t", 0, "u", 97));
        refused("is beyond", tensors("t", 0, "u", 1L << 40));
        refused(
                "general.alignment",
                text(gguf().putLong(0).putLong(1), "general.alignment")
                        .putInt(4)
                        .putInt(1 << 20));
    }

    private static ByteBuffer gguf() {
        return ByteBuffer.allocate(512)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x46554747)
                .putInt(3);
    }

    private static ByteBuffer text(ByteBuffer out, String text) {
        return out.putLong(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer array(int type) {
        return text(gguf().putLong(0).putLong(1), "k").putInt(9).putInt(type);
    }

    /// Two tensors of 32 floats, 128 bytes each.
    private static ByteBuffer tensors(String first, long at, String second, long then) {
        var out = gguf().putLong(2).putLong(0);
        text(out, first).putInt(1).putLong(32).putInt(0).putLong(at);
        return text(out, second).putInt(1).putLong(32).putInt(0).putLong(then);
    }

    private void refused(String message, ByteBuffer bytes) throws IOException {
        Path path = folder.resolve("hostile.gguf");
        byte[] content = new byte[bytes.capacity()];
        bytes.get(0, content);
        Files.write(path, content);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        var e = assertThrows(GgufException.class, () -> GgufFile.open(path).close());
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
        assertTrue(THREADS.getCurrentThreadAllocatedBytes() - before < BYTES_BESIDES);
    }

    @Test
    void hostileSafetensorsHeadersAreRefused() throws IOException {
        String fine = "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        safetensors("header", "[]");
        safetensors("header", "{\"t\":");
        safetensors("goes on after its object", fine + "} {}");
        safetensors("nesting", "{\"__metadata__\":{\"a\":[[[[[[]]]]]]}}");
        safetensors("Duplicate", fine + "," + fine.substring(1) + "}");
        safetensors(
                "lies inside the tensor before", fine + "," + fine.substring(1).replace("\"t\"", "\"u\"") + "}");
        safetensors("dtype of t: I32", fine.replace("F32", "I32") + "}");
        safetensors("must have dtype", "{\"t\":{\"dtype\":\"F32\",\"shape\":[2]}}");
        safetensors("unknown field", fine.replace("shape", "form") + "}");
        safetensors("data_offsets of t: 8 to 0", fine.replace("[0,8]", "[8,0]") + "}");
        safetensors("must lie in order", fine.replace("[0,8]", "[0,9223372036854775807]") + "}");
        safetensors("header", fine.replace("[0,8]", "[0,9223372036854775808]") + "}");
        safetensors("-1, must not be negative", fine.replace("[0,8]", "[-1,8]") + "}");
        safetensors("does not take 8 bytes", fine.replace("[2]", "[3]") + "}");
        safetensors("does not take 8 bytes", fine.replace("[2]", "[4294967296,4294967296]") + "}");
        safetensors("does not take 8 bytes", fine.replace("[2]", "[0,4294967296]") + "}");
        safetensors("more than 8 numbers", fine.replace("[2]", "[1,1,1,1,1,1,1,1,2]") + "}");
        Path path = folder.resolve("hostile.safetensors");
        for (long size : new long[] {-1, Long.MAX_VALUE, 1L << 40, 17}) {
            Files.write(
                    path,
                    ByteBuffer.allocate(24)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(size)
                            .array());
            var e = assertThrows(
                    SafetensorsException.class, () -> SafetensorsFile.open(path).close());
            assertTrue(String.valueOf(e.getMessage()).contains("header size: "), e.getMessage());
        }
    }

    private void safetensors(String message, String header) throws IOException {
        Path path = folder.resolve("hostile.safetensors");
        Files.write(path, SafetensorsBytes.bytes(header, new byte[16]));
        var e = assertThrows(
                SafetensorsException.class, () -> SafetensorsFile.open(path).close(), header);
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }
}
