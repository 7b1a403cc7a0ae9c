package org.diwan.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.diwan.base.Mutations;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Family;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.diwan.engine.safetensors.SafetensorsFile;
import org.diwan.language.TokenType;
import org.diwan.language.TokenizerJson;
import org.diwan.language.Vocabulary;
import org.diwan.language.Vocabulary.Token;
import org.jspecify.annotations.Nullable;

/// `bench fuzz`: every reader of outside data, fed with damaged inputs for as long as one likes. A
/// reader reads or refuses: with an `IOException` or an `IllegalArgumentException`, whose message names
/// what is wrong, in bounded time and memory. Anything else ends the run with the seed of the input.
///
/// A new reader is one line in [#targets].
final class Fuzz {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Heap that one input may take on the reading thread.
    private static final long BYTES_PER_BYTE = 64;

    private static final long BYTES_BESIDES = 16 << 20;

    /// One input takes some milliseconds; on a busy machine it may wait.
    private static final long MOST_NANOS = 10_000_000_000L;

    private static final int MAX_SECONDS = 7 * 24 * 3600;

    private static final Shape SMALL =
            new Shape(new Family.Llama(), 1, 32, 32, 2, 1, 16, 320, 64, 10_000f, 1, 1e-5f, false, true, false);

    /// A reader and a sound input to damage.
    @SuppressWarnings("ArrayRecordComponent") // never compared, never written
    private record Target(String name, byte[] sound, Reader reader) {}

    @FunctionalInterface
    private interface Reader {
        void read(byte[] input) throws IOException;
    }

    private Fuzz() {}

    /// Runs until the time is over; returns the exit code 0, or 1 after the first wrong answer.
    static int run(Options options, PrintStream out) throws IOException {
        int seconds = options.number("seconds", 60, 1, MAX_SECONDS);
        long seed = options.named().containsKey("seed") ? Long.parseLong(options.text("seed")) : System.nanoTime();
        Path folder = Files.createTempDirectory("diwan-fuzz");
        Path scratch = folder.resolve("input");
        try (var workers = new Workers(1)) {
            List<Target> targets = targets(folder, scratch, workers);
            for (Target target : targets) target.reader().read(target.sound());
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            long count = 0;
            for (; System.nanoTime() < end; count++) {
                long one = seed + count;
                Target target = targets.get(Math.floorMod(one, targets.size()));
                byte[] input = Mutations.of(target.sound(), new SplittableRandom(one));
                String problem = problem(target, input);
                if (problem != null) {
                    out.println("fuzz: " + target.name() + " --seed " + one + ": " + problem);
                    return 1;
                }
            }
            out.printf(
                    "fuzz: %,d inputs for %d readers in %d s from seed %d, all read or refused%n",
                    count, targets.size(), seconds, seed);
            return 0;
        } finally {
            Files.deleteIfExists(scratch);
            Files.deleteIfExists(folder);
        }
    }

    private static @Nullable String problem(Target target, byte[] input) {
        long start = System.nanoTime();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            target.reader().read(input);
        } catch (IOException | IllegalArgumentException refused) {
            if (refused.getMessage() == null) return "a refusal without a reason: " + refused;
        } catch (RuntimeException | Error wrong) {
            return wrong + " at "
                    + Arrays.stream(wrong.getStackTrace()).limit(3).toList();
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (taken > BYTES_PER_BYTE * input.length + BYTES_BESIDES) return taken + " bytes for " + input.length;
        long nanos = System.nanoTime() - start;
        return nanos > MOST_NANOS ? nanos / 1_000_000 + " ms for " + input.length + " bytes" : null;
    }

    private static List<Target> targets(Path folder, Path scratch, Workers workers) throws IOException {
        Path model = folder.resolve("model.gguf");
        RandomModel.write(model, SMALL, TensorType.Q4_0, 1);
        byte[] whole = Files.readAllBytes(model);
        Files.delete(model);
        return List.of(
                new Target("gguf", whole, input -> GgufFile.open(write(scratch, input))
                        .close()),
                new Target("model", whole, input -> load(write(scratch, input), workers)),
                new Target("vocabulary", whole, input -> {
                    try (var file = GgufFile.open(write(scratch, input))) {
                        Vocabulary.fromMetadata(file.metadata());
                    }
                }),
                new Target("tokenizer.json", tokenizer(), input -> TokenizerJson.read(text(input), null)),
                new Target("safetensors", safetensors(), input -> SafetensorsFile.open(write(scratch, input))
                        .close()));
    }

    private static void load(Path path, Workers workers) throws IOException {
        try (var model = Model.load(path, workers)) {
            model.logits(new int[] {1, 2});
        }
    }

    private static byte[] tokenizer() {
        var tokens = IntStream.range(0, 256).mapToObj(b -> new Token("<0x%02X>".formatted(b), 0, TokenType.BYTE));
        var words = Stream.of(new Token("<unk>", 0, TokenType.UNKNOWN), new Token("▁", -1, TokenType.NORMAL));
        var all = Stream.concat(words, tokens).toList();
        var vocabulary =
                new Vocabulary(Vocabulary.Kind.SENTENCE_PIECE, null, all, List.of(), -1, -1, 0, Set.of(), false, true);
        return TokenizerJson.write(vocabulary).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static byte[] safetensors() {
        byte[] header = ("{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[4,8],\"data_offsets\":[0,128]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[16],\"data_offsets\":[128,160]}}")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 160)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static Path write(Path path, byte[] input) {
        try {
            return Files.write(path, input);
        } catch (IOException e) {
            // The disk's failure is not the reader's answer.
            throw new UncheckedIOException(e);
        }
    }
}
