package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Against examples of google-research/bert (`tokenization.py`, `tokenization_test.py`); the full
/// vocabulary is held to Hugging Face's tokens in [LlamaVectorsSpecTest].
class WordPieceTokenizerTest {
    private static final List<String> TOKENS = List.of(
            "[UNK]", "[CLS]", "[SEP]", "▁want", "want", "ed", "▁wa", "un", "runn", "ing", "▁un", "▁runn", "▁,",
            "▁hello", "▁how", "▁are", "▁you", "▁!", "▁?", "▁推", "▁é", "▁e", "▁ELLO");

    @Test
    void theLongestPieceIsTakenFirst() {
        assertEquals("▁un want ed ▁runn ing", said("unwanted running"));
        assertEquals("[UNK] ▁runn ing", said("unwantedX running"), "a word is known whole or not at all");
        assertEquals("", said(""));
    }

    @Test
    void textIsCleanedCutAndLowered() {
        assertEquals("▁hello ▁! ▁how ▁are ▁you ▁?", said(" \tHeLLo!how  \n Are yoU?  "));
        assertEquals("▁hello ▁推 ▁推 ▁hello", said("hello推推hello"));
        assertEquals("▁hello", said("h\u0000e\u200bl\ufffdl\ud800o"), "what is no text is dropped");
        assertEquals("▁e ▁hello", said("É Hèllo"));
        assertEquals("[UNK]", said("ELLO"), "no token in capitals is met");
    }

    @Test
    void casedVocabulariesKeepCapitalsAndMarks() {
        var cased = tokenizer(Map.of("tokenizer.ggml.normalizer.lowercase", false));
        assertEquals("▁ELLO ▁é", said(cased, "ELLO é"));
        var marked = tokenizer(Map.of("tokenizer.ggml.normalizer.strip_accents", false));
        assertEquals("▁é [UNK]", said(marked, "É ELLO"));
    }

    @Test
    void aWordOverTheLimitIsUnknown() {
        String word = "un".repeat(WordPieceTokenizer.MAX_WORD / 2);
        assertEquals(WordPieceTokenizer.MAX_WORD / 2, said(word).split(" ").length);
        assertEquals("[UNK]", said(word + "un"));
    }

    @Test
    void aWholeTextAndAPairStandBetweenTheirTokens() {
        assertArrayEquals(new int[] {1, 13, 2}, tokenizer(Map.of()).encodeWhole("hello"));
        assertArrayEquals(new int[] {1, 13, 2, 16, 2}, tokenizer(Map.of()).encodePair("hello", "you"));
        assertEquals(
                "hello, you",
                tokenizer(Map.of()).decode(new int[] {1, 13, 12, 16, 2}).replace(" ,", ","));
    }

    @Test
    void onlyTrustedTextBecomesControlTokens() {
        assertArrayEquals(new int[] {2}, tokenizer(Map.of()).encode("[SEP]", true, false));
        for (int id : tokenizer(Map.of()).encode("[SEP][CLS]", false, false)) assertEquals(0, id);
    }

    @Test
    void aVocabularyWithoutUnknownTokenIsRefused() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> tokenizer(Map.of("tokenizer.ggml.unknown_token_id", 0xFFFF_FFFFL)));
        assertTrue(e.toString().contains("tokenizer.ggml.unknown_token_id"), e.toString());
    }

    private static String said(String text) {
        return said(tokenizer(Map.of()), text);
    }

    private static String said(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text, false, false))
                .mapToObj(TOKENS::get)
                .collect(Collectors.joining(" "));
    }

    private static Tokenizer tokenizer(Map<String, Object> more) {
        int[] types = new int[TOKENS.size()];
        for (int i = 0; i < types.length; i++) types[i] = i < 3 ? 3 : 1;
        var metadata = new HashMap<String, Object>(Map.of(
                "tokenizer.ggml.model",
                "bert",
                "tokenizer.ggml.tokens",
                TOKENS.toArray(new String[0]),
                "tokenizer.ggml.token_type",
                types,
                "tokenizer.ggml.unknown_token_id",
                0,
                "tokenizer.ggml.cls_token_id",
                1,
                "tokenizer.ggml.seperator_token_id",
                2));
        metadata.putAll(more);
        return Tokenizer.of(Vocabulary.fromMetadata(metadata));
    }
}
