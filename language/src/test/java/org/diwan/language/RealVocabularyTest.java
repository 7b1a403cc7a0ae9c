package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.diwan.base.Seeded;
import org.diwan.language.grammar.Grammar;
import org.diwan.language.grammar.GrammarCursor;
import org.diwan.language.grammar.TokenGrammar;
import org.diwan.language.grammar.TokenTrie;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random answers from vocabularies in use, of up to 102,400 tokens, that reach over the parts of a grammar as
/// trained ones do. Judges: a JSON Schema validator and Java's regular expressions.
class RealVocabularyTest {
    private static final String SCHEMA = """
            {"type": "object", "properties": {"name": {"type": "string", "maxLength": 12},
             "of": {"enum": ["sa", "kr", "de", "الرياض"]}, "age": {"type": "integer", "minimum": 0, "maximum": 150},
             "tags": {"type": "array", "items": {"type": ["boolean", "null"]}, "maxItems": 4}},
             "required": ["name", "of", "age", "tags"], "additionalProperties": false}""";

    private static final String PATTERN = "[A-Z][a-z]{2,12}( [A-Z][a-z]{2,12}){0,2}, [0-9]{4}(-[0-9]{2}){2}";

    @ParameterizedTest
    @ValueSource(strings = {"bundled", "gpt-2", "deepseek-llm", "llama-spm"})
    void everyTextIsValid(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.of(Vocabulary.fromMetadata(GgufMetadata.read(file(name))));
        var trie = new TokenTrie(tokenizer);
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SCHEMA);
        Object plain = new ObjectMapper().readValue(SCHEMA, Map.class);
        walk(tokenizer, new TokenGrammar(Grammar.jsonSchema(plain), trie), text -> schema.validate(
                        text, InputFormat.JSON)
                .isEmpty());
        walk(tokenizer, new TokenGrammar(Grammar.regex(PATTERN), trie), text -> text.matches(PATTERN));
    }

    private static void walk(Tokenizer tokenizer, TokenGrammar grammar, Predicate<String> isValid) {
        int[] ended = {0};
        Seeded.forAll(12, random -> {
            String text = answer(tokenizer, grammar, random);
            if (text == null) return;
            ended[0]++;
            assertTrue(isValid.test(text), text);
        });
        assertTrue(ended[0] > 3, ended[0] + " answers ended");
    }

    /// Null for an answer that did not end in time.
    private static @Nullable String answer(Tokenizer tokenizer, TokenGrammar grammar, SplittableRandom random) {
        GrammarCursor cursor = grammar.begin();
        int size = tokenizer.vocabulary().size();
        long[] allowed = new long[(size + 63) / 64];
        var detokenizer = new Detokenizer(tokenizer);
        var text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            if (cursor.isComplete()) return text.append(detokenizer.finish()).toString();
            cursor.mask(allowed);
            BitSet open = BitSet.valueOf(allowed);
            int token = open.nextSetBit(random.nextInt(random.nextBoolean() ? Math.min(size, 2_000) : size));
            if (token < 0) token = open.nextSetBit(0);
            cursor.accept(token);
            text.append(detokenizer.push(token));
        }
        return null;
    }

    private static Path file(String name) {
        if (name.equals("bundled")) {
            Path file = Path.of("..", "models", "diwan-arabic-demo-q8_0.gguf");
            assumeTrue(Files.exists(file), "skipped: " + file + " is not there");
            return file;
        }
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and the vocabularies lie there");
        return Path.of(data, "models", "vocab", "ggml-vocab-" + name + ".gguf");
    }
}
