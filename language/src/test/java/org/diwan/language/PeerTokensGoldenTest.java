package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random texts against llama.cpp's tokens for them (`golden/tokenizer/HOW.md`).
class PeerTokensGoldenTest {
    /// As in `make.py`, which says why.
    private static final String LETTERS =
            "aAzZ'stmdrelvSMD \n\r\t\u00a0.,!/-_01٤ﬀǅʰبكِتَا한中ÄßÀΣςПрМи\u0301\u0bbe😁𝐀\u200d…،。\u3000\u2003|($文年ªʔ";

    private static final int STRIDE = 1009;

    @ParameterizedTest
    @EnumSource
    void tokensAreLlamaCpps(PreTokenizer pre) throws IOException {
        Tokenizer tokenizer = tokenizer(pre);
        int held = 0;
        for (JsonNode expected : golden()) {
            String text = expected.get("text").asText();
            if (!readAlike(pre, text)) continue;
            int[] tokens = new ObjectMapper().convertValue(expected.get(pre.ggufName), int[].class);
            assertArrayEquals(tokens, tokenizer.encode(text, false, false), () -> pre + " on '" + text + "'");
            held++;
        }
        assertTrue(held >= 100, "only " + held + " texts were held to the peer");
    }

    @Test
    void gpt4oKeepsWhatThePeerCuts() {
        assertEquals(List.of("كِتَابٌ"), PreTokenizer.GPT_4O.split("كِتَابٌ"));
        assertEquals(List.of("при", "Вет"), PreTokenizer.GPT_4O.split("приВет"));
    }

    /// Whether llama.cpp reads `text` as the published expressions do: under gpt-4o and tekken
    /// without marks and without case beyond ASCII, under DeepSeek's without white space that is an
    /// ideograph or a mark, too.
    private static boolean readAlike(PreTokenizer pre, String text) {
        return switch (pre) {
            case GPT_4O, TEKKEN -> text.codePoints().allMatch(c -> c < 0x80 || isCaseless(c));
            case DEEPSEEK_LLM, DEEPSEEK_CODER -> text.indexOf('\u3000') < 0 && text.indexOf('\u2003') < 0;
            default -> true;
        };
    }

    private static boolean isCaseless(int c) {
        int bits = CharClass.of(c) & (CharClass.LETTER | CharClass.HEAD | CharClass.TAIL);
        return bits == 0 || bits == (CharClass.LETTER | CharClass.HEAD | CharClass.TAIL);
    }

    private static Tokenizer tokenizer(PreTokenizer pre) {
        var tokens = new ArrayList<String>();
        var merges = new ArrayList<String>();
        for (int b = 0; b < 256; b++) tokens.add(String.valueOf(ByteLevel.letter(b)));
        var known = new HashSet<>(tokens);
        var spelled = new ArrayList<String>();
        LETTERS.codePoints().forEach(c -> {
            String letters = ByteLevel.letters(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            for (int i = 1; i < letters.length(); i++)
                merge(letters.substring(0, i), letters.substring(i, i + 1), known, tokens, merges);
            spelled.add(letters);
        });
        int size = spelled.size();
        for (int i = 0; i < size * size; i++) {
            int pair = i * STRIDE % (size * size);
            merge(spelled.get(pair / size), spelled.get(pair % size), known, tokens, merges);
        }
        return BytePairTokenizer.of(tokens, merges, pre, Set.of());
    }

    private static void merge(String left, String right, Set<String> known, List<String> tokens, List<String> merges) {
        if (!known.add(left + right)) return;
        tokens.add(left + right);
        merges.add(left + " " + right);
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                PeerTokensGoldenTest.class.getResourceAsStream("/golden/tokenizer/golden.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }
}
