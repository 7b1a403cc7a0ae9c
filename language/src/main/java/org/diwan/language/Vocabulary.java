package org.diwan.language;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words of a model: what its GGUF file says under `tokenizer.ggml.*`, checked.
///
/// @param kind which algorithm reads text with it
/// @param preTokenizer how byte-pair text is cut into words first; null for [Kind#SENTENCE_PIECE]
/// @param tokens indexed by token id
/// @param merges byte-pair merges `"left right"`, the most important first; else empty
/// @param bos the token that begins a text, or [#NONE]
/// @param eos the token that ends a text, or [#NONE]
/// @param unknown the token for text that no token covers, or [#NONE]
/// @param endTokens all tokens after which generation stops; holds `eos` when there is one
/// @param addBos whether the model wants `bos` before every text
/// @param addSpacePrefix whether a text is read as if it began with a space (all but byte pairs)
/// @param rules what else is done to a text
public record Vocabulary(
        Kind kind,
        @Nullable PreTokenizer preTokenizer,
        List<Token> tokens,
        List<String> merges,
        int bos,
        int eos,
        int unknown,
        Set<Integer> endTokens,
        boolean addBos,
        boolean addSpacePrefix,
        TextRules rules) {
    /// In place of a token id: the vocabulary has no such token.
    public static final int NONE = -1;

    /// Most tokens in a vocabulary; the largest in use (Gemma 3) has 262,144.
    public static final int MAX_TOKENS = 1 << 21;

    /// Most UTF-16 units in one token; the longest in use are runs of spaces of a few hundred.
    public static final int MAX_TOKEN_LENGTH = 1 << 12;

    /// The families of tokenizers.
    public enum Kind {
        /// Byte-level byte-pair encoding, `tokenizer.ggml.model = gpt2`.
        BYTE_PAIR,
        /// SentencePiece with scores, `tokenizer.ggml.model = llama`.
        SENTENCE_PIECE,
        /// BERT's WordPiece, `tokenizer.ggml.model = bert`.
        WORD_PIECE,
        /// SentencePiece's unigram language model, `tokenizer.ggml.model = t5`.
        UNIGRAM
    }

    /// One entry.
    ///
    /// @param text as stored: byte-level letters for byte-pair tokens (see [ByteLevel]), `▁` for a
    ///     space in all others
    /// @param score SentencePiece's log-probability, the larger the likelier; else 0
    /// @param edges what it asks of the text beside it, when it is matched whole
    public record Token(String text, float score, TokenType type, Edges edges) {
        /// A token that asks nothing of the text beside it.
        public Token(String text, float score, TokenType type) {
            this(text, score, type, Edges.NONE);
        }
    }

    /// Texts that end a turn or a text in the families of models in use; a file often names only
    /// one of them as `eos`. Counted only where the vocabulary marks them as no ordinary text.
    private static final Set<String> END_TEXTS = Set.of(
            "<|eot_id|>",
            "<|im_end|>",
            "<|end|>",
            "<end_of_turn>",
            "<|endoftext|>",
            "<|eom_id|>",
            "<EOT>",
            "<|end_of_text|>",
            "<|return|>",
            "<|eot|>",
            "<|END_OF_TURN_TOKEN|>",
            "[|endofturn|]");

    /// A vocabulary without further rules.
    public Vocabulary(
            Kind kind,
            @Nullable PreTokenizer preTokenizer,
            List<Token> tokens,
            List<String> merges,
            int bos,
            int eos,
            int unknown,
            Set<Integer> endTokens,
            boolean addBos,
            boolean addSpacePrefix) {
        this(kind, preTokenizer, tokens, merges, bos, eos, unknown, endTokens, addBos, addSpacePrefix, TextRules.PLAIN);
    }

    public Vocabulary {
        if (tokens.isEmpty() || tokens.size() > MAX_TOKENS)
            throw new IllegalArgumentException(
                    "vocabulary of " + tokens.size() + " tokens, must have 1 to " + MAX_TOKENS);
        for (int id = 0; id < tokens.size(); id++) {
            int length = tokens.get(id).text().length();
            if (length > MAX_TOKEN_LENGTH)
                throw new IllegalArgumentException(
                        "token " + id + " is " + length + " units long, at most " + MAX_TOKEN_LENGTH + " allowed");
        }
        if (kind == Kind.BYTE_PAIR && preTokenizer == null)
            throw new IllegalArgumentException("a byte-pair vocabulary needs a pre-tokenizer");
        checkId("bos", bos, tokens.size());
        checkId("eos", eos, tokens.size());
        checkId("unknown", unknown, tokens.size());
        checkId("last", rules.last(), tokens.size());
        for (int end : endTokens) checkId("end", end, tokens.size());
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        endTokens = Set.copyOf(endTokens);
    }

    private static void checkId(String name, int id, int size) {
        if (id < NONE || id >= size)
            throw new IllegalArgumentException(name + " token is " + id + ", must be below the " + size + " tokens");
    }

    /// Number of tokens; ids are `[0, size)`.
    public int size() {
        return tokens.size();
    }

    /// The id of the token whose stored text is `text`, or [#NONE]. Walks the list: for set-up.
    public int find(String text) {
        for (int id = 0; id < tokens.size(); id++) if (tokens.get(id).text().equals(text)) return id;
        return NONE;
    }

    /// This vocabulary with more tokens after which generation stops; the first is `eos` where there was none.
    ///
    /// @throws IllegalArgumentException when one is no token of it
    public Vocabulary withEnds(List<Integer> more) {
        var all = new HashSet<>(endTokens);
        all.addAll(more);
        int end = eos == NONE && !more.isEmpty() ? more.getFirst() : eos;
        return new Vocabulary(
                kind, preTokenizer, tokens, merges, bos, end, unknown, all, addBos, addSpacePrefix, rules);
    }

    /// A byte-pair vocabulary from lists, as a tokenizer trainer makes it.
    ///
    /// @param tokens in byte-level letters, indexed by id
    /// @param merges `"left right"`, the most important first
    /// @param control those of `tokens` that are control tokens; one that is known to end texts,
    ///     such as `<|endoftext|>`, becomes an end token and, if first in the list, `eos`
    static Vocabulary bytePair(List<String> tokens, List<String> merges, PreTokenizer pre, Set<String> control) {
        var entries = new ArrayList<Token>(tokens.size());
        for (String text : tokens)
            entries.add(new Token(text, 0, control.contains(text) ? TokenType.CONTROL : TokenType.NORMAL));
        Set<Integer> ends = ends(entries);
        int eos = ends.stream().min(Integer::compare).orElse(NONE);
        return new Vocabulary(Kind.BYTE_PAIR, pre, entries, merges, NONE, eos, NONE, ends, false, false);
    }

    /// The vocabulary that a GGUF file's metadata describes.
    ///
    /// @param metadata as GGUF stores it: `String[]`, `int[]`, `float[]`, `Integer`/`Long`,
    ///     `Boolean`
    /// @throws IllegalArgumentException naming the field, what it holds and what is supported
    public static Vocabulary fromMetadata(Map<String, Object> metadata) {
        var fields = new MetadataFields(metadata);
        String model = fields.text("tokenizer.ggml.model");
        Kind kind =
                switch (model) {
                    case "gpt2" -> Kind.BYTE_PAIR;
                    case "llama" -> Kind.SENTENCE_PIECE;
                    case "bert" -> Kind.WORD_PIECE;
                    case "t5" -> Kind.UNIGRAM;
                    default ->
                        throw new IllegalArgumentException("tokenizer.ggml.model is '" + model
                                + "'; supported are gpt2 (byte-level BPE), llama (SentencePiece), bert (WordPiece)"
                                + " and t5 (Unigram)");
                };
        PreTokenizer pre = kind == Kind.BYTE_PAIR ? PreTokenizer.named(fields.text("tokenizer.ggml.pre")) : null;
        String[] merges = kind == Kind.BYTE_PAIR ? fields.texts("tokenizer.ggml.merges") : new String[0];
        List<Token> tokens = tokens(fields, kind);

        int eos = fields.id("tokenizer.ggml.eos_token_id", NONE);
        Set<Integer> ends = ends(tokens);
        for (int end : new int[] {
            eos, fields.id("tokenizer.ggml.eot_token_id", NONE), fields.id("tokenizer.ggml.eom_token_id", NONE)
        }) if (end != NONE) ends.add(end);
        boolean sentencePiece = kind == Kind.SENTENCE_PIECE;
        boolean wordPiece = kind == Kind.WORD_PIECE;
        int cls = wordPiece ? fields.id("tokenizer.ggml.cls_token_id", NONE) : NONE;
        return new Vocabulary(
                kind,
                pre,
                tokens,
                List.of(merges),
                fields.id("tokenizer.ggml.bos_token_id", sentencePiece ? 1 : cls),
                eos,
                fields.id("tokenizer.ggml.unknown_token_id", sentencePiece ? 0 : NONE),
                ends,
                fields.flag(
                        "tokenizer.ggml.add_bos_token", sentencePiece || wordPiece || (pre != null && pre.addsBos())),
                wordPiece || fields.flag("tokenizer.ggml.add_space_prefix", kind != Kind.BYTE_PAIR),
                TextRules.of(fields, kind, eos));
    }

    private static List<Token> tokens(MetadataFields fields, Kind kind) {
        String[] texts = fields.texts("tokenizer.ggml.tokens");
        int[] types = fields.integers("tokenizer.ggml.token_type", texts.length);
        float[] scores = kind == Kind.SENTENCE_PIECE || kind == Kind.UNIGRAM
                ? fields.numbers("tokenizer.ggml.scores", texts.length)
                : new float[0];
        var tokens = new ArrayList<Token>(texts.length);
        for (int id = 0; id < texts.length; id++) {
            TokenType type = types.length == 0 ? TokenType.NORMAL : TokenType.of(types[id]);
            float score = scores.length == 0 ? 0 : scores[id];
            if (Float.isNaN(score)) throw new IllegalArgumentException("tokenizer.ggml.scores[" + id + "] is NaN");
            tokens.add(new Token(texts[id], score, type));
        }
        return tokens;
    }

    static Set<Integer> ends(List<Token> tokens) {
        var ends = new HashSet<Integer>();
        for (int id = 0; id < tokens.size(); id++) {
            Token token = tokens.get(id);
            boolean marked = token.type() == TokenType.CONTROL || token.type() == TokenType.USER_DEFINED;
            if (marked && END_TEXTS.contains(token.text())) ends.add(id);
        }
        return ends;
    }
}
