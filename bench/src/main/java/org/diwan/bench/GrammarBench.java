package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.base.CanonicalJson;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;
import org.diwan.language.grammar.Grammar;
import org.diwan.language.grammar.TokenGrammar;
import org.diwan.language.grammar.TokenTrie;

/// `bench grammar`: how long a mask over the vocabulary takes, for the tokens of random answers.
///
/// Each answer is a random walk of allowed tokens, mostly short ones as models choose them. The first
/// answers of a grammar meet its states for the first time (`cold`), later ones mostly those that are
/// known (`warm`); with nesting grammars new states go on coming. Times are of single masks in
/// microseconds, with one mask for each token as in serving: by the clock, and of CPU of the asking
/// thread alone, which says on a busy machine what the mask itself takes.
final class GrammarBench {
    private static final int MAX_TOKENS = 1 << 18;
    private static final int ANSWER = 120;
    private static final int COLD = 3;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final Map<String, Grammar> GRAMMARS = grammars();

    private GrammarBench() {}

    /// Measures, prints, returns the exit code 0.
    static int run(Options options, PrintStream out) throws IOException {
        int tokens = options.number("tokens", 128_256, 1, MAX_TOKENS);
        int rounds = options.number("rounds", 200, COLD + 1, 100_000);
        var tokenizer = Tokenizer.of(vocabulary(Path.of(options.text("model")), tokens));
        long begin = System.nanoTime();
        long beginCpu = THREADS.getCurrentThreadCpuTime();
        var trie = new TokenTrie(tokenizer);
        var result = new LinkedHashMap<String, Object>();
        result.put("tokens", tokenizer.vocabulary().size());
        result.put("trieCpuMillis", millis(THREADS.getCurrentThreadCpuTime() - beginCpu));
        result.put("trieMillis", millis(System.nanoTime() - begin));
        for (var entry : GRAMMARS.entrySet())
            result.put(entry.getKey(), measure(entry.getValue(), tokenizer, trie, rounds));
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        else result.forEach((name, value) -> out.println(name + ": " + value));
        return 0;
    }

    /// The vocabulary of a GGUF file; pairs of its tokens make it as large as asked.
    private static Vocabulary vocabulary(Path file, int size) throws IOException {
        try (var gguf = GgufFile.open(file)) {
            var whole = Vocabulary.fromMetadata(gguf.metadata());
            if (whole.size() >= size) return whole;
            var tokens = new ArrayList<>(whole.tokens());
            var random = new SplittableRandom(1);
            while (tokens.size() < size) {
                String text = whole.tokens().get(random.nextInt(whole.size())).text()
                        + whole.tokens().get(random.nextInt(whole.size())).text();
                if (text.length() <= 24) tokens.add(new Vocabulary.Token(text, 0, org.diwan.language.TokenType.NORMAL));
            }
            return new Vocabulary(
                    whole.kind(),
                    whole.preTokenizer(),
                    tokens,
                    whole.merges(),
                    whole.bos(),
                    whole.eos(),
                    whole.unknown(),
                    whole.endTokens(),
                    whole.addBos(),
                    whole.addSpacePrefix());
        }
    }

    private static Map<String, Object> measure(Grammar grammar, Tokenizer tokenizer, TokenTrie trie, int rounds) {
        long begin = System.nanoTime();
        var ready = new TokenGrammar(grammar, trie);
        var result = new LinkedHashMap<String, Object>();
        result.put("compileMillis", millis(System.nanoTime() - begin));
        var cold = new Times();
        var warm = new Times();
        long[] allowed = new long[(tokenizer.vocabulary().size() + 63) / 64];
        for (int round = 0; round < rounds; round++)
            answer(ready, tokenizer, new SplittableRandom(round), allowed, round < COLD ? cold : warm);
        result.put("cold", cold.summary());
        result.put("warm", warm.summary());
        return result;
    }

    private static void answer(
            TokenGrammar grammar, Tokenizer tokenizer, SplittableRandom random, long[] allowed, Times times) {
        var cursor = grammar.begin();
        for (int i = 0; i < ANSWER; i++) {
            long begin = System.nanoTime();
            long beginCpu = THREADS.getCurrentThreadCpuTime();
            cursor.mask(allowed);
            times.add(System.nanoTime() - begin, THREADS.getCurrentThreadCpuTime() - beginCpu);
            int token = choose(tokenizer, allowed, random);
            if (token < 0) return;
            cursor.accept(token);
        }
    }

    /// An allowed token that does not end the answer, preferring the first allowed after a random one:
    /// -1 if there is none.
    private static int choose(Tokenizer tokenizer, long[] allowed, SplittableRandom random) {
        int size = tokenizer.vocabulary().size();
        int from = random.nextInt(random.nextBoolean() ? Math.min(size, 1_000) : size);
        for (int i = 0; i < size; i++) {
            int id = (from + i) % size;
            boolean open = (allowed[id >> 6] >>> id & 1) != 0;
            if (open && !tokenizer.vocabulary().endTokens().contains(id)) return id;
        }
        return -1;
    }

    private static final class Times {
        private long[] clock = new long[1024];
        private long[] cpu = new long[1024];
        private int count;

        void add(long clockNanos, long cpuNanos) {
            if (count == clock.length) {
                clock = Arrays.copyOf(clock, 2 * count);
                cpu = Arrays.copyOf(cpu, 2 * count);
            }
            clock[count] = clockNanos;
            cpu[count++] = cpuNanos;
        }

        Map<String, Object> summary() {
            var summary = new LinkedHashMap<String, Object>();
            summary.put("masks", count);
            put(summary, "Micros", clock);
            put(summary, "CpuMicros", cpu);
            return summary;
        }

        private void put(Map<String, Object> summary, String unit, long[] nanos) {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            summary.put("p50" + unit, micros(sorted[count / 2]));
            summary.put("p99" + unit, micros(sorted[(int) (count * 0.99)]));
            summary.put("max" + unit, micros(sorted[count - 1]));
        }
    }

    private static double micros(long nanos) {
        return Math.round(nanos / 100.0) / 10.0;
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e5) / 10.0;
    }

    private static Map<String, Grammar> grammars() {
        Object text = Map.of("type", "string");
        Object whole = Map.of("type", "integer", "minimum", 0, "maximum", 1_000_000);
        var order = new LinkedHashMap<String, Object>();
        order.put("id", Map.of("type", "string", "format", "uuid"));
        order.put("name", Map.of("type", "string", "minLength", 1, "maxLength", 200));
        order.put("note", text);
        order.put(
                "lines",
                Map.of("type", "array", "items", object(Map.of("item", text, "count", whole)), "maxItems", 20));
        order.put("state", Map.of("enum", List.of("open", "paid", "shipped")));
        var grammars = new LinkedHashMap<String, Grammar>();
        grammars.put("schema", Grammar.jsonSchema(object(order)));
        grammars.put("anyObject", Grammar.jsonObject());
        grammars.put("pattern", Grammar.regex("[A-Z][a-z]{2,30}( [A-Z][a-z]{2,30}){1,5}, [0-9]{4}"));
        grammars.put("sums", Grammar.gbnf("root ::= term ([+] term)*\nterm ::= [0-9]+ | [(] root [)]\n"));
        return grammars;
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        return Map.of(
                "type",
                "object",
                "properties",
                properties,
                "required",
                List.copyOf(properties.keySet()),
                "additionalProperties",
                false);
    }
}
