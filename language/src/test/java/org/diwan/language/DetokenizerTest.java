package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

class DetokenizerTest {
    private final Tokenizer bytes = TestVocabularies.bytePair(new SplittableRandom(1), 0, PreTokenizer.GPT_4O);

    @Test
    void anyBytesComeOutAsTheJdkDecodesThem() {
        Seeded.forAll(2_000, random -> {
            var all = new byte[random.nextInt(24)];
            for (int i = 0; i < all.length; i++) all[i] = randomByte(random);
            var detokenizer = new Detokenizer(bytes);
            var text = new StringBuilder();
            for (byte b : all) text.append(detokenizer.push(b & 0xFF));
            assertEquals(new String(all, StandardCharsets.UTF_8), text + detokenizer.finish());
        });
    }

    /// Mostly bytes that begin or continue sequences, so that broken ones of all kinds occur.
    private static byte randomByte(SplittableRandom random) {
        int[] edges = {0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5};
        return (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : edges[random.nextInt(edges.length)]);
    }

    @Test
    void noCharacterIsEverSplit() {
        Seeded.forAll(200, random -> {
            String text = TestVocabularies.randomText(random, 40);
            var detokenizer = new Detokenizer(bytes);
            var pieces = new StringBuilder();
            for (int token : bytes.encode(text, false, false)) {
                String piece = detokenizer.push(token);
                assertEquals(piece, Utf8.wellFormed(piece));
                assertFalse(piece.contains("\ufffd") && !text.contains("\ufffd"));
                pieces.append(piece);
            }
            assertEquals(text, pieces + detokenizer.finish());
        });
    }

    @Test
    void controlTokensAreNotShown() {
        var detokenizer = new Detokenizer(bytes);
        assertEquals("a", detokenizer.push('a'));
        assertEquals("", detokenizer.push(bytes.vocabulary().find("<|im_end|>")));
        assertEquals("", detokenizer.finish());
    }

    @Test
    void spaceThatTheVocabularyPutsFirstIsDroppedOnce() {
        Tokenizer pieces = Tokenizer.of(Vocabulary.fromMetadata(Map.of(
                "tokenizer.ggml.model", "llama",
                "tokenizer.ggml.tokens", new String[] {"<unk>", "<s>", "▁", "▁Hi"},
                "tokenizer.ggml.token_type", new int[] {2, 3, 1, 1})));
        for (int[] tokens : List.of(new int[] {1, 3, 3}, new int[] {3, 2, 3}, new int[] {2, 2, 3})) {
            var detokenizer = new Detokenizer(pieces);
            var text = new StringBuilder();
            for (int token : tokens) text.append(detokenizer.push(token));
            assertEquals(pieces.decode(tokens), text + detokenizer.finish());
        }
        assertEquals("Hi Hi", pieces.decode(new int[] {1, 3, 3}));
        assertEquals(" Hi", Detokenizer.continuing(pieces).push(3));
    }
}
