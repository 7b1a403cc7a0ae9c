package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Oracles: SentencePiece's own encoder on models that its own trainer made (`golden/unigram/HOW.md`),
/// and trying every way to cut a short text.
class UnigramTokenizerTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "bytes"})
    void everyTextIsCutAsSentencePieceCutsIt(String name) throws IOException {
        JsonNode golden = golden(name);
        Tokenizer tokenizer = Tokenizer.of(Vocabulary.fromMetadata(metadata(golden)));
        int cases = 0;
        for (JsonNode row : golden.get("cases")) {
            String text = row.get("text").asText();
            int[] expected = new ObjectMapper().convertValue(row.get("ids"), int[].class);
            assertArrayEquals(expected, tokenizer.encode(text, false, false), "'" + text + "'");
            cases++;
        }
        assertTrue(cases > 300, "the golden file is cut short");
    }

    @Test
    void noTextBecomesAControlTokenUnlessItIsTrusted() throws IOException {
        Tokenizer tokenizer = Tokenizer.of(Vocabulary.fromMetadata(metadata(golden("plain"))));
        Seeded.forAll(200, random -> {
            var text = new StringBuilder();
            for (int i = 0; i < 6; i++)
                text.append(new String[] {"<s>", "</s>", "<unk>", " ", "a", "\u200b", "\ud800"}[random.nextInt(7)]);
            for (int id : tokenizer.encode(text.toString(), false, false))
                assertTrue(id != 1 && id != 2, "token " + id);
        });
        assertArrayEquals(new int[] {1}, tokenizer.encode("<s>", true, false));
    }

    @Test
    void aWholeTextAndAPairStandBetweenTheirTokens() throws IOException {
        Tokenizer tokenizer = Tokenizer.of(Vocabulary.fromMetadata(metadata(golden("plain"))));
        int[] law = tokenizer.encode("law", false, false);
        assertArrayEquals(joined(new int[] {1}, law, new int[] {2}), tokenizer.encodeWhole("law"));
        assertArrayEquals(
                joined(new int[] {1}, law, new int[] {2, 2}, law, new int[] {2}), tokenizer.encodePair("law", "law"));
    }

    /// In a small world, every way to cut a text: none has a higher sum.
    @Test
    void noOtherCutScoresHigher() {
        Seeded.forAll(300, random -> {
            Vocabulary vocabulary = small(random);
            var tokenizer = new UnigramTokenizer(vocabulary);
            var text = new StringBuilder();
            int length = random.nextInt(1, 9);
            for (int i = 0; i < length; i++) text.append("abc".charAt(random.nextInt(3)));
            double found = 0;
            for (int id : tokenizer.encode(text.toString(), false, false))
                found += vocabulary.tokens().get(id).score();
            assertEquals(best(vocabulary, text.toString()), found, 1e-4, text.toString());
        });
    }

    private static Vocabulary small(SplittableRandom random) {
        String[] tokens = {"<unk>", "a", "b", "c", "ab", "bc", "abc", "ca", "aa", "bb", "cab"};
        float[] scores = new float[tokens.length];
        for (int i = 1; i < scores.length; i++) scores[i] = -(float) random.nextDouble(1, 9);
        int[] types = new int[tokens.length];
        Arrays.fill(types, 1);
        types[0] = 2;
        return Vocabulary.fromMetadata(Map.of(
                "tokenizer.ggml.model",
                "t5",
                "tokenizer.ggml.tokens",
                tokens,
                "tokenizer.ggml.scores",
                scores,
                "tokenizer.ggml.token_type",
                types,
                "tokenizer.ggml.unknown_token_id",
                0,
                "tokenizer.ggml.add_space_prefix",
                false));
    }

    private static double best(Vocabulary vocabulary, String text) {
        if (text.isEmpty()) return 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int end = 1; end <= text.length(); end++) {
            int id = vocabulary.find(text.substring(0, end));
            if (id > 0)
                best = Math.max(best, vocabulary.tokens().get(id).score() + best(vocabulary, text.substring(end)));
        }
        return best;
    }

    @Test
    void damagedNormalisationsAreRefusedOrRun() throws IOException {
        var metadata = metadata(golden("plain"));
        byte[] whole = (byte[]) Objects.requireNonNull(metadata.get("tokenizer.ggml.precompiled_charsmap"));
        Seeded.forAll(300, random -> {
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = 0; i < 3 && bytes.length > 0; i++)
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            metadata.put("tokenizer.ggml.precompiled_charsmap", bytes);
            try {
                Tokenizer.of(Vocabulary.fromMetadata(metadata)).encode("ABST ﻻ ﷺ ｶﾞ ①½🙂x", false, false);
            } catch (IllegalArgumentException e) {
                assertTrue(e.toString().contains("tokenizer.ggml.precompiled_charsmap"), e.toString());
            }
        });
    }

    @Test
    void aVocabularyWithoutUnknownTokenIsRefused() throws IOException {
        var metadata = metadata(golden("plain"));
        metadata.remove("tokenizer.ggml.unknown_token_id");
        var e = assertThrows(IllegalArgumentException.class, () -> Tokenizer.of(Vocabulary.fromMetadata(metadata)));
        assertTrue(e.toString().contains("tokenizer.ggml.unknown_token_id"), e.toString());
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private static JsonNode golden(String name) throws IOException {
        try (var in = UnigramTokenizerTest.class.getResourceAsStream("/golden/unigram/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        }
    }

    private static Map<String, Object> metadata(JsonNode golden) throws IOException {
        var mapper = new ObjectMapper();
        var metadata = new HashMap<String, Object>();
        metadata.put("tokenizer.ggml.model", "t5");
        metadata.put("tokenizer.ggml.tokens", mapper.convertValue(golden.get("tokens"), String[].class));
        metadata.put("tokenizer.ggml.scores", mapper.convertValue(golden.get("scores"), float[].class));
        metadata.put("tokenizer.ggml.token_type", mapper.convertValue(golden.get("types"), int[].class));
        metadata.put(
                "tokenizer.ggml.precompiled_charsmap", golden.get("charsmap").binaryValue());
        metadata.put("tokenizer.ggml.remove_extra_whitespaces", true);
        metadata.put("tokenizer.ggml.unknown_token_id", 0);
        metadata.put("tokenizer.ggml.bos_token_id", 1);
        metadata.put("tokenizer.ggml.eos_token_id", 2);
        metadata.put("tokenizer.ggml.add_bos_token", true);
        metadata.put("tokenizer.ggml.add_eos_token", true);
        return metadata;
    }
}
