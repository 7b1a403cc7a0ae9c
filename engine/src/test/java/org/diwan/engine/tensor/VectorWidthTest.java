package org.diwan.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Attention;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.KeyValues;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.RmsNorm;
import org.diwan.engine.kernel.Silu;
import org.diwan.engine.kernel.SoftCap;
import org.diwan.engine.kernel.Softmax;
import org.diwan.engine.kernel.TanhGelu;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.kernel.Xielu;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// All kernels in a virtual machine of their own for each vector width, as scalar twins and as machine
/// code: one digest of all results.
///
/// The width is a constant of [org.diwan.engine.kernel.Lanes], because only constants compile to vector
/// instructions; so another width needs another process.
class VectorWidthTest {
    private static final long SEED = 7;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Ddiwan.kernels=scalar",
                "-Ddiwan.kernels=vector -Ddiwan.vectorBits=128",
                "-Ddiwan.kernels=vector -Ddiwan.vectorBits=256",
                "-Ddiwan.kernels=vector -Ddiwan.vectorBits=512",
                "-Ddiwan.kernels=machine",
                "-Ddiwan.kernels=avx2"
            })
    void allKernelsGiveTheSameBits(String options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), VectorWidthTest.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String digest = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        process.waitFor(60, TimeUnit.SECONDS);
        assertEquals(0, process.exitValue(), "exit code with " + options);
        assertEquals(digest(), digest, options);
    }

    /// What each of the processes runs.
    public static void main(String[] arguments) throws Exception {
        System.out.println(digest());
    }

    private static String digest() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        var random = new SplittableRandom(SEED);
        try (var workers = new Workers(2)) {
            for (TensorType type : TensorType.values()) {
                for (int trial = 0; trial < 4; trial++) {
                    products(type, random::nextInt, random, workers, digest);
                }
                for (int end : new int[] {0x00, 0xff, 0x80}) {
                    products(type, () -> end, random, workers, digest);
                }
            }
        }
        functions(random, digest);
        attention(random, digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void products(
            TensorType type, IntSupplier bytes, SplittableRandom random, Workers workers, MessageDigest digest)
            throws IOException {
        int rows = random.nextInt(1, 70);
        int whole = type.blockWeights() > 1 ? type.blockWeights() : random.nextBoolean() ? 37 : 48;
        int columns = random.nextInt(1, 4) * whole;
        Matrix matrix = Matrix.of(type, Blocks.of(bytes, random, type, rows, columns), rows, columns);
        for (int tokens : new int[] {1, 2, 6, 13}) {
            float[] out = new float[tokens * rows];
            matrix.multiply(Floats.random(random, tokens * columns), tokens, out, workers);
            update(digest, out);
        }
    }

    private static void functions(SplittableRandom random, MessageDigest digest) {
        for (int count : new int[] {1, 15, 16, 63, 200}) {
            float[] x = Floats.random(random, count);
            float[] out = new float[count];
            RmsNorm.apply(x, 0, Floats.random(random, count), 1e-5f, out, 0);
            update(digest, out);
            Silu.gate(out, x, 0, count);
            update(digest, out);
            TanhGelu.gate(out, x, 0, count);
            update(digest, out);
            new Xielu(0.7f, -0.2f, 0.5f, -1e-6f).apply(out, 0, count);
            update(digest, out);
            SoftCap.apply(out, 0, count, 2);
            update(digest, out);
            update(digest, new float[] {Softmax.logSumExp(x, 0, count)});
            Softmax.inPlace(x, 0, count);
            update(digest, x);
        }
    }

    private static void attention(SplittableRandom random, MessageDigest digest) {
        for (KvType type : KvType.values()) {
            for (int headSize : new int[] {8, 48, 64, 128}) {
                KeyValues cache = new KeyValues(type, 1, headSize);
                for (int p = 0; p < 600; p++) {
                    if (p % KeyValues.PAGE == 0) {
                        cache.attach(Arena.ofAuto().allocate(KeyValues.pageSize(type, 1, headSize)));
                    }
                    cache.put(p, Floats.random(random, headSize), 0, Floats.random(random, headSize), 0);
                }
                for (AttentionRule rule :
                        new AttentionRule[] {AttentionRule.full(headSize), new AttentionRule(0.3f, 37, 20)}) {
                    float[] out = new float[3 * 5 * headSize];
                    float[] query = Floats.random(random, out.length);
                    Attention.attend(query, 0, 3, 5, cache, 0, 597, rule, out, 0);
                    update(digest, out);
                }
            }
        }
    }

    private static void update(MessageDigest digest, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
    }
}
