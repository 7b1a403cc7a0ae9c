package org.diwan.language;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What must hold for every vocabulary and every text.
class TokenizerPropertyTest {
    private static Tokenizer randomTokenizer(SplittableRandom random) {
        if (random.nextInt(3) == 0) return TestVocabularies.sentencePiece(random, 300);
        PreTokenizer[] all = PreTokenizer.values();
        return TestVocabularies.bytePair(random, 300, all[random.nextInt(all.length)]);
    }

    @Test
    void decodingWhatWasEncodedGivesTheText() {
        Seeded.forAll(200, random -> {
            Tokenizer tokenizer = randomTokenizer(random);
            for (int i = 0; i < 20; i++) {
                String text = TestVocabularies.randomText(random, random.nextInt(60));
                assertEquals(text, tokenizer.decode(tokenizer.encode(text, false, true)));
            }
        });
    }

    @Test
    void noTextBecomesAControlTokenUnlessAsked() {
        Seeded.forAll(200, random -> {
            Tokenizer tokenizer = randomTokenizer(random);
            for (int i = 0; i < 20; i++) {
                String text = TestVocabularies.randomText(random, random.nextInt(60));
                for (int token : tokenizer.encode(text, false, false)) {
                    TokenType type = tokenizer.vocabulary().tokens().get(token).type();
                    assertTrue(type == TokenType.NORMAL || type == TokenType.BYTE, () -> type + " in " + text);
                }
            }
        });
    }

    @Test
    void controlTokensAreParsedWhenAsked() {
        var tokenizer = TestVocabularies.bytePair(new SplittableRandom(1), 50, PreTokenizer.GPT_4O);
        int end = tokenizer.vocabulary().find("<|im_end|>");
        int[] tokens = tokenizer.encode("a<|im_end|><|im_en<|im_end|>", true, false);
        assertEquals(2, Arrays.stream(tokens).filter(t -> t == end).count());
        assertEquals("a<|im_en", tokenizer.decode(tokens));
        assertTrue(tokenizer.vocabulary().endTokens().contains(end));
    }

    @Test
    void loneSurrogatesAreReadAsReplacementCharacters() {
        Seeded.forAll(20, random -> {
            Tokenizer tokenizer = randomTokenizer(random);
            for (String text : List.of("\ud800", "a\udc00b", "\ud83d\ud83d\ude01", "\ude01\ud83d", " \ud800 "))
                assertEquals(
                        text.replaceAll(
                                "(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])", "\ufffd"),
                        tokenizer.decode(tokenizer.encode(text, false, false)));
        });
    }

    /// The twin: as Sennrich et al. write it, all pairs looked at before every merge.
    @Test
    void heapMergesAsTheObviousLoopDoes() {
        Seeded.forAll(100, random -> {
            var tokenizer = TestVocabularies.bytePair(random, 400, PreTokenizer.GPT2);
            for (int i = 0; i < 20; i++) {
                String text = TestVocabularies.randomText(random, random.nextInt(80));
                var expected = new ArrayList<Integer>();
                for (String word : PreTokenizer.GPT2.split(text))
                    expected.addAll(mergedByLoop(word, tokenizer.vocabulary()));
                assertEquals(
                        expected,
                        Arrays.stream(tokenizer.encode(text, false, false))
                                .boxed()
                                .toList());
            }
        });
    }

    private static List<Integer> mergedByLoop(String word, Vocabulary vocabulary) {
        Map<String, Integer> ranks = new HashMap<>();
        for (int rank = 0; rank < vocabulary.merges().size(); rank++)
            ranks.put(vocabulary.merges().get(rank), rank);
        // Merges into control tokens never happen.
        ranks.keySet().removeIf(merge -> TestVocabularies.CONTROL.contains(merge.replace(" ", "")));
        var symbols = new ArrayList<String>();
        for (byte b : Utf8.bytes(word)) symbols.add(String.valueOf(ByteLevel.letter(b & 0xFF)));
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                int rank = ranks.getOrDefault(symbols.get(i) + " " + symbols.get(i + 1), Integer.MAX_VALUE);
                if (rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) return symbols.stream().map(vocabulary::find).toList();
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }

    /// The twin: look at all neighbours, merge those that form the token with the highest score.
    @Test
    void sentencePieceMergesAsTheObviousLoopDoes() {
        Seeded.forAll(100, random -> {
            var tokenizer = TestVocabularies.sentencePiece(random, 300);
            Vocabulary vocabulary = tokenizer.vocabulary();
            for (int i = 0; i < 20; i++) {
                String text = TestVocabularies.randomText(random, 1 + random.nextInt(60));
                String prefixed = vocabulary.addSpacePrefix() ? " " + text : text;
                assertEquals(
                        piecesByLoop(prefixed.replace(' ', '▁'), vocabulary),
                        Arrays.stream(tokenizer.encode(text, false, false))
                                .boxed()
                                .toList(),
                        text);
            }
        });
    }

    private static List<Integer> piecesByLoop(String text, Vocabulary vocabulary) {
        Map<String, Integer> pieces = new HashMap<>();
        for (int id = 0; id < vocabulary.size(); id++)
            if (vocabulary.tokens().get(id).type() == TokenType.NORMAL)
                pieces.put(vocabulary.tokens().get(id).text(), id);
        var symbols = new ArrayList<String>();
        text.codePoints().forEach(c -> symbols.add(Character.toString(c)));
        while (true) {
            int best = -1;
            float bestScore = Float.NEGATIVE_INFINITY;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                Integer id = pieces.get(symbols.get(i) + symbols.get(i + 1));
                if (id == null || vocabulary.tokens().get(id).score() <= bestScore) continue;
                best = i;
                bestScore = vocabulary.tokens().get(id).score();
            }
            if (best < 0) break;
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        var ids = new ArrayList<Integer>();
        for (String symbol : symbols) {
            Integer id = pieces.get(symbol);
            if (id != null) ids.add(id);
            else for (byte b : Utf8.bytes(symbol)) ids.add(vocabulary.find("<0x%02X>".formatted(b & 0xFF)));
        }
        return ids;
    }

    @Test
    @Timeout(value = 20, unit = SECONDS)
    void oneEndlessWordIsNotQuadratic() {
        String word = "ab".repeat(500_000);
        var random = new SplittableRandom(5);
        var bytePair = TestVocabularies.bytePair(random, 400, PreTokenizer.GPT_4O);
        assertEquals(word, bytePair.decode(bytePair.encode(word, false, false)));
        var sentencePiece = TestVocabularies.sentencePiece(random, 400);
        assertEquals(word, sentencePiece.decode(sentencePiece.encode(word, false, false)));
        var brackets = "<|".repeat(500_000);
        assertEquals(brackets, bytePair.decode(bytePair.encode(brackets, true, false)));
    }

    @Test
    void textBeyondTheLimitIsRefused() {
        var tokenizer = TestVocabularies.bytePair(new SplittableRandom(1), 10, PreTokenizer.QWEN2);
        String text = "a".repeat(Tokenizer.MAX_TEXT + 1);
        var e = assertThrows(IllegalArgumentException.class, () -> tokenizer.encode(text, false, false));
        assertTrue(e.toString().contains("16777217") && e.toString().contains("split it"), e.toString());
    }

    @Test
    void threadsThatShareATokenizerGetTheSameTokens() throws Exception {
        var random = new SplittableRandom(3);
        var tokenizer = TestVocabularies.bytePair(random, 400, PreTokenizer.GPT_4O);
        String text = TestVocabularies.randomText(random, 50_000);
        int[] expected = TestVocabularies.bytePair(new SplittableRandom(3), 400, PreTokenizer.GPT_4O)
                .encode(text, true, false);
        try (var threads = Executors.newFixedThreadPool(4)) {
            Callable<int[]> encode = () -> tokenizer.encode(text, true, false);
            for (var tokens : threads.invokeAll(List.of(encode, encode, encode, encode)))
                assertArrayEquals(expected, tokens.get());
        }
    }
}
