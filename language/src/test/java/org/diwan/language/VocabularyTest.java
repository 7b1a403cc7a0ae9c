package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Metadata comes out of a file that anybody may have written: what is wrong with it is said by
/// field.
class VocabularyTest {
    private static final String[] BYTES = byteTokens();

    private static String[] byteTokens() {
        var tokens = new String[258];
        for (int b = 0; b < 256; b++) tokens[b] = String.valueOf(ByteLevel.letter(b));
        tokens[256] = "ab";
        tokens[257] = "<|im_end|>";
        return tokens;
    }

    private static Map<String, Object> metadata() {
        var types = new int[258];
        Arrays.fill(types, 1);
        types[257] = 3;
        return new HashMap<>(Map.of(
                "tokenizer.ggml.model",
                "gpt2",
                "tokenizer.ggml.pre",
                "qwen2",
                "tokenizer.ggml.tokens",
                BYTES.clone(),
                "tokenizer.ggml.token_type",
                types,
                "tokenizer.ggml.merges",
                new String[] {"a b"},
                "tokenizer.ggml.eos_token_id",
                0L));
    }

    @Test
    void metadataIsReadWithItsEndTokens() {
        Vocabulary vocabulary = Vocabulary.fromMetadata(metadata());
        assertEquals(258, vocabulary.size());
        assertEquals(PreTokenizer.QWEN2, vocabulary.preTokenizer());
        assertEquals(Vocabulary.NONE, vocabulary.bos());
        assertEquals(Set.of(0, 257), vocabulary.endTokens());
        assertEquals(
                List.of("ab"),
                List.of(vocabulary
                        .tokens()
                        .get(Tokenizer.of(vocabulary).encode("ab", false, true)[0])
                        .text()));
    }

    private record Wrong(String key, Object value, String message) {}

    @Test
    void wrongFieldIsNamed() {
        var scores = new float[258];
        scores[3] = Float.NaN;
        var wrongs = List.of(
                new Wrong("tokenizer.ggml.model", "rwkv", "tokenizer.ggml.model is 'rwkv'"),
                new Wrong("tokenizer.ggml.model", 3, "tokenizer.ggml.model holds a Integer, must be a string"),
                new Wrong("tokenizer.ggml.pre", "default", "'default' (tokenizer.ggml.pre) is not known"),
                new Wrong("tokenizer.ggml.tokens", new int[3], "tokenizer.ggml.tokens holds a int[]"),
                new Wrong("tokenizer.ggml.tokens", new String[0], "token_type has 258 entries for 0 tokens"),
                new Wrong(
                        "tokenizer.ggml.tokens", new String[] {"a", "b"}, "tokenizer.ggml.token_type has 258 entries"),
                new Wrong("tokenizer.ggml.token_type", new int[258], "token_type holds 0, must be 1 to 6"),
                new Wrong("tokenizer.ggml.merges", new String[] {"ab"}, "merges[0] is 'ab'"),
                new Wrong("tokenizer.ggml.merges", new String[] {"a b", "a "}, "merges[1] is 'a '"),
                new Wrong("tokenizer.ggml.merges", new String[] {"a c"}, "'ac' is not in the vocabulary"),
                new Wrong("tokenizer.ggml.bos_token_id", 258, "bos token is 258"),
                new Wrong("tokenizer.ggml.eos_token_id", -7, "eos token is -7"),
                new Wrong("tokenizer.ggml.eot_token_id", 999L, "end token is 999"),
                new Wrong("tokenizer.ggml.eos_token_id", "x", "eos_token_id holds a String, must be a token id"),
                new Wrong("tokenizer.ggml.add_bos_token", 1, "add_bos_token holds a Integer, must be true or false"));
        for (Wrong wrong : wrongs) {
            var metadata = metadata();
            metadata.put(wrong.key(), wrong.value());
            assertRefused(metadata, wrong.message());
        }
    }

    @Test
    void missingByteIsNamed() {
        var metadata = metadata();
        String[] tokens = BYTES.clone();
        tokens['z'] = "zz";
        metadata.put("tokenizer.ggml.tokens", tokens);
        assertRefused(metadata, "no token for byte 0x7a (z)");
    }

    @Test
    void wrongByteTokenIsNamed() {
        assertRefused(
                new HashMap<>(Map.of(
                        "tokenizer.ggml.model", "llama",
                        "tokenizer.ggml.tokens", new String[] {"<unk>", "<s>", "0x41"},
                        "tokenizer.ggml.token_type", new int[] {2, 3, 6})),
                "token 2 is of type byte but '0x41'");
    }

    @Test
    void noneIsAllOnes() {
        var metadata = metadata();
        metadata.put("tokenizer.ggml.bos_token_id", 0xFFFF_FFFFL);
        assertEquals(Vocabulary.NONE, Vocabulary.fromMetadata(metadata).bos());
    }

    private static void assertRefused(Map<String, Object> metadata, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> Tokenizer.of(Vocabulary.fromMetadata(metadata)));
        assertTrue(e.toString().contains(message), e.toString());
    }

    /// Models stop at several tokens, and metadata keeps two that nothing else tells.
    @Test
    void moreEndsAreKept() {
        var tokens = java.util.stream.Stream.of("a", "b", "c", "d")
                .map(text -> new Vocabulary.Token(text, 0, TokenType.NORMAL))
                .toList();
        var none = new Vocabulary(
                Vocabulary.Kind.BYTE_PAIR, PreTokenizer.GPT2, tokens, List.of(), -1, -1, -1, Set.of(), false, false);
        Vocabulary ends = none.withEnds(List.of(2, 1, 3));
        assertEquals(2, ends.eos());
        assertEquals(Set.of(1, 2, 3), ends.endTokens());
        assertEquals(ends, Vocabulary.fromMetadata(VocabularyMetadata.of(ends, 4)));
        assertEquals(none, none.withEnds(List.of()));
        assertThrows(IllegalArgumentException.class, () -> none.withEnds(List.of(4)));
    }
}
