package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.diwan.base.Seeded;
import org.diwan.language.Vocabulary.Kind;
import org.diwan.language.Vocabulary.Token;
import org.junit.jupiter.api.Test;

/// The oracle is the inverse: what metadata says is read back.
class VocabularyMetadataTest {
    @Test
    void aVocabularyComesBack() {
        Seeded.forAll(200, random -> {
            boolean pairs = random.nextBoolean();
            var types = List.of(TokenType.values());
            var rules = List.of(PreTokenizer.values());
            List<Token> tokens = random.ints(2 + random.nextInt(20), 0, 1 << 20)
                    .mapToObj(n -> new Token(
                            n % 7 == 0 ? "<|im_end|>" : "t" + n,
                            pairs ? 0 : -n,
                            types.get(random.nextInt(types.size()))))
                    .toList();
            int eos = random.nextInt(-1, tokens.size());
            Set<Integer> ends = Vocabulary.ends(tokens);
            if (eos != Vocabulary.NONE) ends.add(eos);
            for (int i = random.nextInt(3); i > 0; i--) ends.add(random.nextInt(tokens.size()));
            var vocabulary = new Vocabulary(
                    pairs ? Kind.BYTE_PAIR : Kind.SENTENCE_PIECE,
                    pairs ? rules.get(random.nextInt(rules.size())) : null,
                    tokens,
                    pairs ? List.of("a b", "ab c") : List.of(),
                    random.nextInt(-1, tokens.size()),
                    eos,
                    random.nextInt(-1, tokens.size()),
                    ends,
                    random.nextBoolean(),
                    random.nextBoolean());
            Vocabulary back = Vocabulary.fromMetadata(VocabularyMetadata.of(vocabulary, vocabulary.size()));
            // "None" of a SentencePiece file means the usual one; there is no way to say otherwise.
            if (pairs || (vocabulary.bos() != Vocabulary.NONE && vocabulary.unknown() != Vocabulary.NONE)) {
                assertEquals(vocabulary, back);
            }
            assertEquals(vocabulary.tokens(), back.tokens());
            int more = vocabulary.size() + 3;
            var padded = Vocabulary.fromMetadata(VocabularyMetadata.of(vocabulary, more));
            assertEquals(more, padded.size());
            assertEquals(
                    new Token("[PAD" + (more - 1) + "]", 0, TokenType.UNUSED),
                    padded.tokens().getLast());
            assertThrows(
                    IllegalArgumentException.class, () -> VocabularyMetadata.of(vocabulary, vocabulary.size() - 1));
        });
    }

    @Test
    void moreEndsThanFieldsAreRefused() {
        var tokens = List.of("a", "b", "c", "d").stream()
                .map(text -> new Token(text, 0, TokenType.NORMAL))
                .toList();
        var vocabulary = new Vocabulary(
                Kind.BYTE_PAIR, PreTokenizer.GPT2, tokens, List.of(), -1, 0, -1, Set.of(0, 1, 2, 3), false, false);
        var refused = assertThrows(
                IllegalArgumentException.class, () -> VocabularyMetadata.of(vocabulary, vocabulary.size()));
        assertTrue(String.valueOf(refused.getMessage()).contains("at most 2"));
    }
}
