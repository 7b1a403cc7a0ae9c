package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The scanners against the published expressions, run by `java.util.regex`: the slow twin.
class PreTokenizerTest {
    /// Characters on which the expressions differ: each class, both planes, and every letter that
    /// the contractions name.
    private static final String EDGES = "aAzZ'stmdrevlSTMDREVL  \n\r\t\u00a0\u2003\u0085.,!/-_()0123٤Ⅳ½ﬀǅʰـبكِتاب"
            + "…،。|()\u3000\u3000\u2003\u202f―龥龦年日ª₤$ʔ한글中文ÄßΣςſ\u0301\u0bbe\u20dd😁🦙𝐀𝒶𐒰\ud800\u200d\ufeff";

    @ParameterizedTest
    @EnumSource
    void scannerFindsWhatTheExpressionFinds(PreTokenizer pre) {
        List<Pattern> twin = twin(pre);
        Seeded.forAll(3_000, random -> {
            String text = randomText(random, random.nextInt(40));
            assertEquals(matches(twin, text), pre.split(text), () -> pre + " on " + escaped(text));
        });
    }

    @ParameterizedTest
    @EnumSource
    void wordsTogetherAreTheText(PreTokenizer pre) {
        Seeded.forAll(300, random -> {
            String text = randomText(random, random.nextInt(300));
            List<String> words = pre.split(text);
            assertEquals(text, String.join("", words));
            assertTrue(words.stream().noneMatch(String::isEmpty));
        });
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void longRunsCostTheirLength() {
        for (PreTokenizer pre : PreTokenizer.values())
            for (String part : List.of(" ", "\u2003 ", "\u3000", "\n", "1", "年1", "-", "a", " \n", "\u3000a "))
                assertTrue(pre.split(part.repeat(300_000)).size() > 0);
    }

    @Test
    void vocalisedArabicStaysWholeOnlyUnderGpt4o() {
        assertEquals(List.of("كِتَابٌ", " جَمِيلٌ"), PreTokenizer.GPT_4O.split("كِتَابٌ جَمِيلٌ"));
        assertTrue(PreTokenizer.LLAMA_BPE.split("كِتَابٌ").size() > 1);
    }

    @Test
    void unknownNameIsRefusedByName() {
        var e = assertThrows(IllegalArgumentException.class, () -> PreTokenizer.named("kimi-k2"));
        assertTrue(e.toString().contains("'kimi-k2'") && e.toString().contains("gpt-4o"), e.toString());
    }

    @ParameterizedTest
    @EnumSource
    void everyPreTokenizerIsKnownByItsGgufName(PreTokenizer pre) {
        assertEquals(pre, PreTokenizer.named(pre.ggufName));
    }

    private static List<Pattern> twin(PreTokenizer pre) {
        // \s is White_Space and \S its opposite; java.util.regex means ASCII without a flag that
        // would also change the case folding.
        return pre.expressions.stream()
                .map(expression -> Pattern.compile(expression
                        .replace("[^\\s", "[^\\p{IsWhite_Space}")
                        .replace("\\s", "\\p{IsWhite_Space}")
                        .replace("\\S", "\\P{IsWhite_Space}")
                        // Without the line end that Java lets stand behind it.
                        .replace("$", "\\z")))
                .toList();
    }

    private static List<String> matches(List<Pattern> patterns, String text) {
        List<String> pieces = text.isEmpty() ? List.of() : List.of(text);
        for (Pattern pattern : patterns) {
            var cut = new ArrayList<String>();
            for (String piece : pieces) {
                int at = 0;
                var matcher = pattern.matcher(piece);
                while (matcher.find()) {
                    if (at < matcher.start()) cut.add(piece.substring(at, matcher.start()));
                    cut.add(matcher.group());
                    at = matcher.end();
                }
                if (at < piece.length()) cut.add(piece.substring(at));
            }
            pieces = cut;
        }
        return pieces;
    }

    private static String randomText(SplittableRandom random, int length) {
        int[] edges = EDGES.codePoints().toArray();
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int c = edges[random.nextInt(edges.length)];
            if (random.nextInt(20) == 0) c = random.nextInt(Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(c);
        }
        return text.toString();
    }

    private static String escaped(String text) {
        var out = new StringBuilder();
        text.chars().forEach(c -> out.append(c >= ' ' && c < 127 ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
        return out.toString();
    }
}
