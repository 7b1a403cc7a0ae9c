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
import java.util.BitSet;
import java.util.List;
import java.util.Map;
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
import org.diwan.language.ChatMessage;
import org.diwan.language.ChatTemplate;
import org.diwan.language.TokenType;
import org.diwan.language.Tokenizer;
import org.diwan.language.TokenizerJson;
import org.diwan.language.Vocabulary;
import org.diwan.language.Vocabulary.Token;
import org.diwan.language.grammar.Grammar;
import org.diwan.language.grammar.GrammarCursor;
import org.diwan.language.grammar.TokenGrammar;
import org.diwan.language.grammar.TokenTrie;
import org.diwan.language.json.JsonText;
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

    /// Heap that a template may take while it renders, and a grammar while its first masks are made: what
    /// `template.Limits` and `grammar.Network` allow, with room.
    private static final long TEMPLATE_BYTES = 3L << 30;

    private static final long GRAMMAR_BYTES = 1L << 30;

    /// Tokens that are said with a grammar.
    private static final int TOKENS = 24;

    /// A reader and damaged inputs for it.
    ///
    /// @param besides heap that one input may take besides what its length justifies
    private record Target(String name, long besides, Inputs inputs, Reader reader) {
        /// A reader of a format, given a sound input.
        static Target of(String name, byte[] sound, Reader reader) throws IOException {
            reader.read(sound);
            return new Target(name, BYTES_BESIDES, random -> Mutations.of(sound, random), reader);
        }

        /// A reader of a language, given sound sources.
        static Target of(String name, long besides, List<String> sources, Reader reader) throws IOException {
            for (String source : sources) reader.read(source.getBytes(StandardCharsets.UTF_8));
            return new Target(name, besides, random -> FuzzTexts.damaged(sources, random), reader);
        }
    }

    @FunctionalInterface
    private interface Inputs {
        byte[] next(SplittableRandom random);
    }

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
            String only = options.named().getOrDefault("only", "");
            List<Target> targets = targets(folder, scratch, workers).stream()
                    .filter(target -> target.name().startsWith(only))
                    .toList();
            if (targets.isEmpty()) throw new IllegalArgumentException("--only " + only + ": no reader begins so");
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            long count = 0;
            for (; System.nanoTime() < end; count++) {
                long one = seed + count;
                Target target = targets.get(Math.floorMod(one, targets.size()));
                byte[] input = target.inputs().next(new SplittableRandom(one));
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
        if (taken > BYTES_PER_BYTE * input.length + target.besides()) return taken + " bytes for " + input.length;
        long nanos = System.nanoTime() - start;
        return nanos > MOST_NANOS ? nanos / 1_000_000 + " ms for " + input.length + " bytes" : null;
    }

    private static List<Target> targets(Path folder, Path scratch, Workers workers) throws IOException {
        Path model = folder.resolve("model.gguf");
        RandomModel.write(model, SMALL, TensorType.Q4_0, 1);
        byte[] whole = Files.readAllBytes(model);
        Files.delete(model);
        var trie = new TokenTrie(Tokenizer.of(bytes()));
        return List.of(
                Target.of("gguf", whole, input -> GgufFile.open(write(scratch, input))
                        .close()),
                Target.of("model", whole, input -> load(write(scratch, input), workers)),
                Target.of("vocabulary", whole, input -> {
                    try (var file = GgufFile.open(write(scratch, input))) {
                        Vocabulary.fromMetadata(file.metadata());
                    }
                }),
                Target.of("tokenizer.json", tokenizer(), input -> TokenizerJson.read(text(input), null)),
                Target.of("safetensors", safetensors(), input -> SafetensorsFile.open(write(scratch, input))
                        .close()),
                Target.of("template", TEMPLATE_BYTES, FuzzTexts.TEMPLATES, input -> render(text(input))),
                Target.of(
                        "regex", GRAMMAR_BYTES, FuzzTexts.EXPRESSIONS, input -> say(Grammar.regex(text(input)), trie)),
                Target.of("gbnf", GRAMMAR_BYTES, FuzzTexts.GRAMMARS, input -> say(Grammar.gbnf(text(input)), trie)),
                Target.of(
                        "schema",
                        GRAMMAR_BYTES,
                        FuzzTexts.SCHEMAS,
                        input -> say(Grammar.jsonSchema(JsonText.parse(text(input))), trie)));
    }

    private static void render(String template) {
        var messages = List.of(
                new ChatMessage("system", "be brief"), new ChatMessage("user", "what?"), new ChatMessage("user", "x"));
        var tools = List.of(Map.of("type", "function", "function", Map.of("name", "f", "parameters", Map.of())));
        ChatTemplate.parse(template).render(messages, true, Map.of("tools", tools, "bos_token", "<s>"));
    }

    /// Says tokens that the grammar allows, the same for the same grammar.
    private static void say(Grammar grammar, TokenTrie trie) {
        GrammarCursor cursor = new TokenGrammar(grammar, trie).begin();
        var random = new SplittableRandom(1);
        long[] allowed = new long[8];
        for (int i = 0; i < TOKENS; i++) {
            try {
                cursor.mask(allowed);
            } catch (IllegalStateException tooAmbiguous) {
                if (String.valueOf(tooAmbiguous.getMessage()).contains("too ambiguous")) return;
                throw tooAmbiguous;
            }
            BitSet tokens = BitSet.valueOf(allowed);
            if (tokens.isEmpty() && !cursor.isComplete()) throw new AssertionError("no token is allowed");
            if (tokens.isEmpty()) return;
            int token = tokens.nextSetBit(random.nextInt(tokens.length()));
            cursor.accept(token);
        }
    }

    private static void load(Path path, Workers workers) throws IOException {
        try (var model = Model.load(path, workers)) {
            model.logits(new int[] {1, 2});
        }
    }

    private static byte[] tokenizer() {
        return TokenizerJson.write(bytes()).getBytes(StandardCharsets.UTF_8);
    }

    /// A token for each byte, and one for a space.
    private static Vocabulary bytes() {
        var tokens = IntStream.range(0, 256).mapToObj(b -> new Token("<0x%02X>".formatted(b), 0, TokenType.BYTE));
        var words = Stream.of(new Token("<unk>", 0, TokenType.UNKNOWN), new Token("▁", -1, TokenType.NORMAL));
        var all = Stream.concat(words, tokens).toList();
        return new Vocabulary(Vocabulary.Kind.SENTENCE_PIECE, null, all, List.of(), -1, -1, 0, Set.of(), false, true);
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
