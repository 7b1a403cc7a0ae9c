package org.diwan.language;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text to token ids and back, for one vocabulary. Immutable; any number of threads may share it.
///
/// Three promises, each a property test: decoding what was encoded gives the same text (but for
/// encoders' vocabularies, WordPiece and Unigram, which normalise it); the same text gives the same
/// tokens on every machine; without `parseSpecial` **no text produces a control
/// token**, whatever it spells.
public sealed interface Tokenizer
        permits BytePairTokenizer, SentencePieceTokenizer, WordPieceTokenizer, UnigramTokenizer {
    /// Most UTF-16 units in one text to encode: beyond any context window; split larger files.
    int MAX_TEXT = 1 << 24;

    /// The tokenizer that `vocabulary` asks for.
    ///
    /// @throws IllegalArgumentException saying what is wrong with the vocabulary
    static Tokenizer of(Vocabulary vocabulary) {
        return switch (vocabulary.kind()) {
            case BYTE_PAIR -> new BytePairTokenizer(vocabulary);
            case SENTENCE_PIECE -> new SentencePieceTokenizer(vocabulary);
            case WORD_PIECE -> new WordPieceTokenizer(vocabulary);
            case UNIGRAM -> new UnigramTokenizer(vocabulary);
        };
    }

    /// The vocabulary that gives the ids their meaning.
    Vocabulary vocabulary();

    /// The ids for `text`. A lone surrogate is read as U+FFFD.
    ///
    /// @param parseSpecial whether text that spells a control token becomes it: true only for text
    ///     that the operator wrote, never for a user's
    /// @param addBos puts the begin token first if the vocabulary asks for it
    /// @throws IllegalArgumentException when the text is longer than [#MAX_TEXT]
    int[] encode(String text, boolean parseSpecial, boolean addBos);

    /// `text` as an encoder reads it: between the tokens that the vocabulary puts around a whole text.
    /// No text produces a control token.
    ///
    /// @throws IllegalArgumentException as [#encode]
    default int[] encodeWhole(String text) {
        int[] tokens = encode(text, false, true);
        int last = vocabulary().rules().last();
        if (last == Vocabulary.NONE) return tokens;
        int[] whole = Arrays.copyOf(tokens, tokens.length + 1);
        whole[tokens.length] = last;
        return whole;
    }

    /// Two texts as a reranker reads them: `<s> first </s></s> second </s>` (XLM-RoBERTa; Conneau et al.
    /// 2020), `[CLS] first [SEP] second [SEP]` (BERT; Devlin et al. 2019, §3).
    ///
    /// @throws IllegalArgumentException as [#encode], or when the vocabulary ends no text
    default int[] encodePair(String first, String second) {
        int last = vocabulary().rules().last();
        if (last == Vocabulary.NONE)
            throw new IllegalArgumentException("the vocabulary has no token between two texts");
        var out = new IntSequence();
        out.addAll(encodeWhole(first));
        if (vocabulary().kind() == Vocabulary.Kind.UNIGRAM) out.add(last);
        out.addAll(encode(second, false, false));
        out.add(last);
        return out.toArray();
    }

    /// The bytes of `token` inside a text: a fraction of a character is possible, control tokens
    /// have none. The array is the caller's.
    byte[] bytes(int token);

    /// The text of `tokens`; invalid UTF-8 becomes U+FFFD. The one space that
    /// [Vocabulary#addSpacePrefix] puts before a text is taken away again.
    default String decode(int[] tokens) {
        var bytes = new ByteArrayOutputStream(tokens.length * 4);
        for (int token : tokens) bytes.writeBytes(bytes(token));
        String text = bytes.toString(StandardCharsets.UTF_8);
        return vocabulary().addSpacePrefix() && text.startsWith(" ") ? text.substring(1) : text;
    }
}
