package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.diwan.base.Seeded;
import org.diwan.language.Tokenizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random answers over 128,256 tokens: words, pairs and triples of words and signs, single bytes, and runs
/// longer than [StateMachine#SHORT]. Judges: a JSON Schema validator, Java's regular expressions, a reader of
/// sums; and for single masks each token alone.
class LargeVocabularyTest {
    private static final int SIZE = 128_256;
    private static final List<String> PIECES = List.of(
            "a", "e", "st", "ing", "The", "Max", " ", " of", "دي", "وان", "ال", "한", "국", "é", "😀", "\"", "\\", "\\n",
            "\":", "\",\"", "{\"", "}", "[", "],", ",", ", ", ":", "1", "20", "999", "+", "(", ")", ".", "-", "0");

    private static final String SCHEMA = """
            {"type": "object", "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 60},
             "note": {"type": "string"}, "age": {"type": "integer", "minimum": 0, "maximum": 150},
             "tags": {"type": "array", "items": {"enum": ["a", "st", "الوان", null]}, "maxItems": 4}},
             "required": ["name", "note", "age", "tags"], "additionalProperties": false}""";

    private static final String PATTERN = "[A-Z][a-z]{2,30}( [A-Z][a-z]{2,30}){1,5}, [0-9]{4}";
    private static final String SUMS = "root ::= term ([+] term){0,5}\nterm ::= [0-9]{1,40} | [(] root [)]\n";

    private static final Tokenizer TOKENIZER = tokenizer();
    private static final TokenTrie TRIE = new TokenTrie(TOKENIZER);

    @Test
    void everyObjectIsValid() throws IOException {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SCHEMA);
        var grammar = Grammar.jsonSchema(new ObjectMapper().readValue(SCHEMA, Map.class));
        walk(grammar, text -> schema.validate(text, InputFormat.JSON).isEmpty());
    }

    @Test
    void everyTextMatches() {
        walk(Grammar.regex(PATTERN), text -> text.matches(PATTERN));
    }

    @Test
    void everySumCanBeRead() {
        walk(Grammar.gbnf(SUMS), text -> new Sum(text).isWhole());
    }

    private static void walk(Grammar grammar, Predicate<String> isValid) {
        var ready = new TokenGrammar(grammar, TRIE);
        var machine = Texts.machine(grammar);
        int[] ended = {0};
        Seeded.forAll(10, random -> {
            String text = answer(ready, machine, random);
            if (text == null) return;
            ended[0]++;
            assertTrue(isValid.test(text), text);
        });
        assertTrue(ended[0] > 3, ended[0] + " answers ended");
    }

    /// Null for an answer that did not end in time.
    private static @Nullable String answer(TokenGrammar ready, StateMachine machine, SplittableRandom random) {
        var cursor = ready.begin();
        State state = machine.start();
        long[] allowed = new long[(SIZE + 63) / 64];
        var text = new ByteArrayOutputStream();
        int checked = random.nextInt(40);
        for (int step = 0; step < 300; step++) {
            cursor.mask(allowed);
            BitSet open = BitSet.valueOf(allowed);
            assertEquals(state.complete, cursor.isComplete());
            if (step == checked) assertEquals(eachAlone(machine, state), open);
            TRIE.endTokens.forEach(open::clear);
            if (open.isEmpty() || (state.complete && random.nextBoolean()))
                return state.complete ? text.toString(StandardCharsets.UTF_8) : null;
            int token = open.nextSetBit(random.nextInt(random.nextInt(3) == 0 ? 300 : SIZE));
            if (token < 0) token = open.nextSetBit(0);
            cursor.accept(token);
            for (byte b : TRIE.text(token)) state = machine.next(state, b & 0xFF);
            text.writeBytes(TRIE.text(token));
        }
        return null;
    }

    /// The slow way: without a trie, slices, representatives or memory of masks.
    private static BitSet eachAlone(StateMachine machine, State from) {
        var open = new BitSet();
        for (int id = 0; id < SIZE; id++) {
            State state = from;
            for (byte b : TRIE.text(id)) state = machine.next(state, b & 0xFF);
            if (TRIE.text(id).length > 0 && !state.isDead()) open.set(id);
        }
        if (from.complete) TRIE.endTokens.forEach(open::set);
        return open;
    }

    private static Tokenizer tokenizer() {
        var tokens = new ArrayList<byte[]>();
        for (int b = 0; b < 256; b++) tokens.add(new byte[] {(byte) b});
        for (String run : List.of(" ", "a", "7", "-", "é")) {
            for (int length : new int[] {8, 32, 33, 40, 64, 128})
                tokens.add(run.repeat(length).getBytes(StandardCharsets.UTF_8));
        }
        var random = new SplittableRandom(7);
        while (tokens.size() < SIZE - 1) {
            var text = new StringBuilder();
            for (int i = random.nextInt(1, 7); i > 0; i--)
                text.append(random.nextBoolean() ? word(random) : PIECES.get(random.nextInt(PIECES.size())));
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            // Some begin or end within a character.
            int from = random.nextInt(20) == 0 ? 1 : 0;
            int to = random.nextInt(20) == 0 ? bytes.length - 1 : bytes.length;
            if (from < to) tokens.add(Arrays.copyOfRange(bytes, from, to));
        }
        return TestTokens.bytes(tokens, "<|end|>");
    }

    private static String word(SplittableRandom random) {
        var word = new StringBuilder();
        for (int i = random.nextInt(1, 5); i > 0; i--) word.append((char) ('a' + random.nextInt(26)));
        return word.toString();
    }

    /// Reads [#SUMS] by recursive descent.
    private static final class Sum {
        private final String text;
        private int at;

        Sum(String text) {
            this.text = text;
        }

        boolean isWhole() {
            return sum() && at == text.length();
        }

        private boolean sum() {
            for (int terms = 1; terms <= 6; terms++) {
                if (!term()) return false;
                if (!takes('+')) return true;
            }
            return false;
        }

        private boolean term() {
            if (takes('(')) return sum() && takes(')');
            int from = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
            return at > from && at - from <= 40;
        }

        private boolean takes(char c) {
            if (at == text.length() || text.charAt(at) != c) return false;
            at++;
            return true;
        }
    }
}
