package org.diwan.foundry.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.language.ByteLevel;
import org.junit.jupiter.api.Test;

class BytePairTrainerTest {
    @Test
    void learnsWhatCountingEverythingAgainLearns() {
        Seeded.forAll(60, random -> {
            List<WordCounter.Word> words = words(random, 1 + random.nextInt(40));
            LearntTokens fast = BytePairTrainer.train(words, 256 + random.nextInt(60));
            LearntTokens slow = slowTwin(words, fast.tokens().size());
            assertEquals(slow.merges(), fast.merges());
            assertEquals(slow.tokens(), fast.tokens());
        });
    }

    @Test
    void orderOfWordsDoesNotMatter() {
        Seeded.forAll(20, random -> {
            List<WordCounter.Word> words = words(random, 30);
            LearntTokens one = BytePairTrainer.train(words, 320);
            Collections.shuffle(words, new Random(random.nextLong()));
            assertEquals(one, BytePairTrainer.train(words, 320));
        });
    }

    @Test
    void stopsWhenNoPairComesTwice() {
        LearntTokens learnt = BytePairTrainer.train(List.of(new WordCounter.Word("abcabc", 1)), 1000);
        // ab+c comes twice; abcabc once, which is one text's quirk.
        assertEquals(List.of("a b", "ab c"), learnt.merges());
        assertThrows(IllegalArgumentException.class, () -> BytePairTrainer.train(List.of(), 255));
    }

    @Test
    void tokensDecodeToTheTextThatWasEncoded() {
        String text = "قالَ الملكُ: ٣ كتبٍ — لا تُباعُ!\nThe king's 12345 books. 한국 🙂\t\n\n";
        var counter = new WordCounter(LearntTokens.PRE_TOKENIZER);
        counter.add(text.repeat(3));
        LearntTokens learnt = BytePairTrainer.train(counter.words(1), 400);
        var tokenizer = learnt.tokenizer();
        int[] ids = tokenizer.encode(text, false, false);
        assertEquals(text, tokenizer.decode(ids));
        assertTrue(ids.length < text.getBytes(StandardCharsets.UTF_8).length / 2, "nothing was learnt");
        assertEquals(learnt.control(LearntTokens.TURN_END), tokenizer.encode("<|im_end|>", true, false)[0]);
        assertTrue(tokenizer.encode("<|im_end|>", false, false).length > 1, "text must not make a control token");
    }

    private static List<WordCounter.Word> words(SplittableRandom random, int count) {
        var words = new ArrayList<WordCounter.Word>();
        for (int w = 0; w < count; w++) {
            var word = new StringBuilder();
            for (int i = random.nextInt(9); i >= 0; i--) word.append("aabcدد".charAt(random.nextInt(6)));
            words.add(new WordCounter.Word(word.toString(), 1 + random.nextInt(4)));
        }
        return words;
    }

    /// The definition: count every pair of every word, merge the best, from the beginning each time.
    private static LearntTokens slowTwin(List<WordCounter.Word> corpus, int size) {
        var tokens = new ArrayList<String>();
        var merges = new ArrayList<String>();
        for (int b = 0; b < 256; b++) tokens.add(String.valueOf(ByteLevel.letter(b)));
        var words = new ArrayList<List<Integer>>();
        for (var word : corpus) {
            var ids = new ArrayList<Integer>();
            for (byte b : word.text().getBytes(StandardCharsets.UTF_8)) ids.add(b & 0xFF);
            words.add(ids);
        }
        while (tokens.size() < size) {
            Map<List<Integer>, Long> counts = new HashMap<>();
            for (int w = 0; w < words.size(); w++)
                for (int i = 0; i + 1 < words.get(w).size(); i++)
                    counts.merge(words.get(w).subList(i, i + 2), corpus.get(w).count(), Long::sum);
            List<Integer> best = null;
            for (var entry : counts.entrySet()) {
                if (best == null || isBetter(entry.getKey(), entry.getValue(), best, counts.getOrDefault(best, 0L)))
                    best = List.copyOf(entry.getKey());
            }
            if (best == null || counts.getOrDefault(best, 0L) < 2) break;
            merges.add(tokens.get(best.get(0)) + " " + tokens.get(best.get(1)));
            tokens.add(tokens.get(best.get(0)) + tokens.get(best.get(1)));
            for (var word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (!word.subList(i, i + 2).equals(best)) continue;
                    word.set(i, tokens.size() - 1);
                    word.remove(i + 1);
                }
            }
        }
        return new LearntTokens(tokens, merges);
    }

    private static boolean isBetter(List<Integer> a, long countA, List<Integer> b, long countB) {
        if (countA != countB) return countA > countB;
        if (!a.get(0).equals(b.get(0))) return a.get(0) < b.get(0);
        return a.get(1) < b.get(1);
    }
}
