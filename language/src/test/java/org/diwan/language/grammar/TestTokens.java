package org.diwan.language.grammar;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.diwan.language.ByteLevel;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;

/// Vocabularies of chosen bytes.
final class TestTokens {
    private TestTokens() {}

    /// Tokens with these bytes, then control tokens with these texts.
    static Tokenizer bytes(List<byte[]> tokens, String... control) {
        String[] texts = new String[tokens.size() + control.length];
        int[] types = new int[texts.length];
        Arrays.fill(types, 1);
        for (int i = 0; i < tokens.size(); i++) texts[i] = ByteLevel.letters(tokens.get(i));
        for (int i = 0; i < control.length; i++) {
            texts[tokens.size() + i] = control[i];
            types[tokens.size() + i] = 3;
        }
        return Tokenizer.of(Vocabulary.fromMetadata(Map.of(
                "tokenizer.ggml.model",
                "gpt2",
                "tokenizer.ggml.pre",
                "gpt-2",
                "tokenizer.ggml.tokens",
                texts,
                "tokenizer.ggml.merges",
                new String[0],
                "tokenizer.ggml.token_type",
                types)));
    }
}
