package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The oracle is Hugging Face's library on files that it made itself (`golden/encoderjson/HOW.md`).
class EncoderJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"bert-uncased", "bert-cased", "xlm-roberta", "xlm-roberta-newer"})
    void idsAreHuggingFacesBeforeAndAfterWriting(String name) throws IOException {
        JsonNode golden = golden(name);
        Vocabulary read = vocabulary(golden);
        check(golden, read);
        Vocabulary again = TokenizerJson.read(TokenizerJson.write(read), null).vocabulary();
        check(golden, again);
        check(golden, Vocabulary.fromMetadata(VocabularyMetadata.of(read, read.size() + 2)));
    }

    private static void check(JsonNode golden, Vocabulary vocabulary) {
        Tokenizer tokenizer = Tokenizer.of(vocabulary);
        int cases = 0;
        for (JsonNode row : golden.get("cases")) {
            String text = row.get("text").asText();
            int[] inner = tokenizer.encode(text, true, true);
            int[] found = Arrays.copyOf(inner, inner.length + 1);
            found[inner.length] = vocabulary.rules().last();
            assertArrayEquals(ids(row), found, "'" + text + "'");
            cases++;
        }
        assertTrue(cases > 150, "the golden file is cut short");
        for (JsonNode row : golden.get("pairs")) {
            String first = row.get("first").asText();
            String second = row.get("second").asText();
            // Marks in a user's text are no tokens here.
            if ((first + second).matches("(?s).*(<mask>|\\[MASK]|</s>|\\[SEP]).*")) continue;
            assertArrayEquals(ids(row), tokenizer.encodePair(first, second), first + " | " + second);
        }
    }

    @Test
    void tokensLookAtWhatLiesBesideThem() throws IOException {
        JsonNode golden = golden("edges");
        for (Vocabulary vocabulary : List.of(
                vocabulary(golden),
                TokenizerJson.read(TokenizerJson.write(vocabulary(golden)), null)
                        .vocabulary())) {
            Tokenizer tokenizer = Tokenizer.of(vocabulary);
            for (JsonNode row : golden.get("cases")) {
                String text = row.get("text").asText();
                assertArrayEquals(ids(row), tokenizer.encode(text, true, true), "'" + text + "'");
            }
        }
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> VocabularyMetadata.of(
                        vocabulary(golden), vocabulary(golden).size()));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("'ab', asks for single_word, which GGUF"),
                refused.toString());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "bert-cased|\"##\"|\"@@\"|continuing_subword_prefix is '@@'",
                "bert-cased|\"max_input_chars_per_word\": 100|\"max_input_chars_per_word\": 7|is '7.0'",
                "bert-cased|\"clean_text\": true|\"clean_text\": false|clean_text is 'false'",
                "bert-cased|BertPreTokenizer|Whitespace|pre_tokenizer.type is 'Whitespace'",
                "bert-uncased|BertNormalizer|Lowercase|normalizer.type is 'Lowercase'",
                "bert-uncased|\"special\": true|\"normalized\": true|normalized is 'true'",
                "bert-uncased|{\"SpecialToken\": {\"id\": \"[SEP]\", \"type_id\": 1}}"
                        + "|{\"SpecialToken\": {\"id\": \"[CLS]\", \"type_id\": 1}}|post_processor is 'pair",
                "xlm-roberta|\"always\"|\"first\"|",
                "xlm-roberta|WhitespaceSplit|Whitespace|pretokenizers[0].type is 'Whitespace'",
                "xlm-roberta|\"unk_id\": 3|\"unk\": 3|unk_id is missing",
                "xlm-roberta|[\"▁\",|[\"_\",|vocab is 'no ▁'",
                "xlm-roberta|Precompiled|NFKC|normalizer.type is 'NFKC'",
                "xlm-roberta|\"precompiled_charsmap\": \"|\"precompiled_charsmap\": \"!|not base64",
                "xlm-roberta-newer|\"strip_right\": true|\"strip_right\": false|none that drops extra spaces",
                "xlm-roberta-newer| {2,}| {3,}|supported: Regex",
                "xlm-roberta-newer|\"prepend_scheme\": \"always\"|\"prepend_scheme\": \"first\"|is 'first'",
            })
    void whatIsNotDoneIsRefusedByName(String name, String part, String with, String message) throws IOException {
        String file = golden(name).get("file").asText();
        assertTrue(file.contains(part), part);
        String changed = file.replace("\"normalized\": false", "\"x\": 0").replace(part, with);
        if (message == null) {
            TokenizerJson.read(changed, null); // Of the decoder, which changes no ids.
            return;
        }
        var e = assertThrows(IllegalArgumentException.class, () -> TokenizerJson.read(changed, null), message);
        assertTrue(e.toString().contains(message), e.toString());
    }

    @Test
    void aTokenOfTwoWordsIsNeverMetWhereWordsAreCutApart() throws IOException {
        String file = golden("xlm-roberta").get("file").asText();
        Vocabulary vocabulary =
                TokenizerJson.read(file.replace("[\"~\",", "[\"▁a▁b\","), null).vocabulary();
        int token = vocabulary.find("▁a▁b");
        assertEquals(TokenType.UNUSED, vocabulary.tokens().get(token).type());
        for (int id : Tokenizer.of(vocabulary).encode("a b", false, false)) assertTrue(id != token);
    }

    private static Vocabulary vocabulary(JsonNode golden) {
        return TokenizerJson.read(golden.get("file").asText(), null).vocabulary();
    }

    private static int[] ids(JsonNode row) {
        return JSON.convertValue(row.get("ids"), int[].class);
    }

    private static JsonNode golden(String name) throws IOException {
        try (var in =
                Objects.requireNonNull(EncoderJsonTest.class.getResourceAsStream("/golden/encoderjson/golden.json"))) {
            for (JsonNode entry : JSON.readTree(in))
                if (entry.get("name").asText().equals(name)) return entry;
        }
        throw new IllegalArgumentException(name);
    }
}
