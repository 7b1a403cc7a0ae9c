package org.diwan.language;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.diwan.language.Vocabulary.Token;

/// A [Vocabulary] as the `tokenizer.ggml.*` metadata of a GGUF file: [Vocabulary#fromMetadata] gives the
/// same vocabulary back.
public final class VocabularyMetadata {
    /// What writers put where there is no such token.
    private static final long NO_TOKEN = 0xFFFF_FFFFL;

    private VocabularyMetadata() {}

    /// The entries in the order of a file: `String[]`, `int[]`, `float[]`, `byte[]`, `String`, `Boolean`, and
    /// `Long` for token ids.
    ///
    /// @param size tokens that the model has rows for, often more than the vocabulary names: the others are
    ///     written `[PAD…]`, unused
    /// @throws IllegalArgumentException when the vocabulary is larger, more tokens end a text than metadata can
    ///     name, or a token asks for what metadata cannot say
    public static Map<String, Object> of(Vocabulary vocabulary, int size) {
        if (size < vocabulary.size() || size > Vocabulary.MAX_TOKENS)
            throw new IllegalArgumentException("the model has rows for " + size + " tokens, must be for the "
                    + vocabulary.size() + " of its vocabulary and for at most " + Vocabulary.MAX_TOKENS);
        var metadata = new LinkedHashMap<String, Object>();
        var tokens = new ArrayList<>(vocabulary.tokens());
        while (tokens.size() < size) tokens.add(new Token("[PAD" + tokens.size() + "]", 0, TokenType.UNUSED));
        for (int id = 0; id < tokens.size(); id++) checkEdges(vocabulary.kind(), id, tokens.get(id));
        metadata.put(
                "tokenizer.ggml.model",
                switch (vocabulary.kind()) {
                    case BYTE_PAIR -> "gpt2";
                    case SENTENCE_PIECE -> "llama";
                    case WORD_PIECE -> "bert";
                    case UNIGRAM -> "t5";
                });
        switch (vocabulary.kind()) {
            case BYTE_PAIR ->
                metadata.put("tokenizer.ggml.pre", Objects.requireNonNull(vocabulary.preTokenizer()).ggufName);
            // As llama.cpp's converter names the one that it has for WordPiece.
            case WORD_PIECE -> metadata.put("tokenizer.ggml.pre", "bert-bge");
            case UNIGRAM -> metadata.put("tokenizer.ggml.pre", "default");
            case SENTENCE_PIECE -> {}
        }
        metadata.put("tokenizer.ggml.tokens", tokens.stream().map(Token::text).toArray(String[]::new));
        metadata.put("tokenizer.ggml.token_type", integers(tokens, token -> token.type()
                .number()));
        switch (vocabulary.kind()) {
            case SENTENCE_PIECE, UNIGRAM -> {
                float[] scores = new float[tokens.size()];
                for (int id = 0; id < scores.length; id++)
                    scores[id] = tokens.get(id).score();
                metadata.put("tokenizer.ggml.scores", scores);
            }
            case BYTE_PAIR ->
                metadata.put("tokenizer.ggml.merges", vocabulary.merges().toArray(String[]::new));
            case WORD_PIECE -> {}
        }
        metadata.put("tokenizer.ggml.bos_token_id", id(vocabulary.bos()));
        metadata.put("tokenizer.ggml.eos_token_id", id(vocabulary.eos()));
        metadata.put("tokenizer.ggml.unknown_token_id", id(vocabulary.unknown()));
        ends(vocabulary, metadata);
        metadata.put("tokenizer.ggml.add_bos_token", vocabulary.addBos());
        rules(vocabulary, metadata);
        metadata.put("tokenizer.ggml.add_space_prefix", vocabulary.addSpacePrefix());
        return metadata;
    }

    private static void rules(Vocabulary vocabulary, Map<String, Object> metadata) {
        TextRules rules = vocabulary.rules();
        boolean ends = rules.last() != Vocabulary.NONE;
        switch (vocabulary.kind()) {
            case BYTE_PAIR, SENTENCE_PIECE -> {
                if (ends) metadata.put("tokenizer.ggml.add_eos_token", true);
            }
            case WORD_PIECE -> {
                metadata.put("tokenizer.ggml.cls_token_id", id(vocabulary.bos()));
                metadata.put("tokenizer.ggml.seperator_token_id", id(rules.last()));
                metadata.put("tokenizer.ggml.normalizer.lowercase", rules.lowercase());
                metadata.put("tokenizer.ggml.normalizer.strip_accents", rules.stripAccents());
            }
            case UNIGRAM -> {
                metadata.put("tokenizer.ggml.add_eos_token", ends);
                metadata.put("tokenizer.ggml.remove_extra_whitespaces", rules.removeExtraSpaces());
                if (rules.charsmap().length > 0) metadata.put("tokenizer.ggml.precompiled_charsmap", rules.charsmap());
            }
        }
    }

    /// An encoder reads no text that may spell a control token, so that what is beside one never matters.
    private static void checkEdges(Vocabulary.Kind kind, int id, Token token) {
        boolean unread = (kind == Vocabulary.Kind.WORD_PIECE || kind == Vocabulary.Kind.UNIGRAM)
                && (token.type() == TokenType.CONTROL || token.type() == TokenType.UNKNOWN);
        if (!unread && !token.edges().equals(Edges.NONE))
            throw new IllegalArgumentException("token " + id + ", '" + token.text() + "', asks for " + token.edges()
                    + ", which GGUF has no field for");
    }

    /// Ends that neither `eos` nor the texts of the tokens tell.
    private static void ends(Vocabulary vocabulary, Map<String, Object> metadata) {
        var untold = new HashSet<>(vocabulary.endTokens());
        untold.removeAll(Vocabulary.ends(vocabulary.tokens()));
        untold.remove(vocabulary.eos());
        var fields = new ArrayList<>(List.of("tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"));
        if (untold.size() > fields.size())
            throw new IllegalArgumentException(
                    "end tokens " + untold + ": metadata names at most " + fields.size() + " besides the usual ones");
        untold.stream().sorted().forEach(end -> metadata.put(fields.removeFirst(), id(end)));
    }

    private static Long id(int token) {
        return token == Vocabulary.NONE ? NO_TOKEN : token;
    }

    private static int[] integers(List<Token> tokens, ToIntFunction<Token> number) {
        return tokens.stream().mapToInt(number).toArray();
    }
}
