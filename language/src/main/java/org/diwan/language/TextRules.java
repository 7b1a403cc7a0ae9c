package org.diwan.language;

/// What a vocabulary asks to be done to a text besides cutting it into tokens.
///
/// @param last the token after every whole text that an encoder reads, or [Vocabulary#NONE]
/// @param lowercase whether WordPiece reads letters in lower case
/// @param stripAccents whether WordPiece takes marks off letters
/// @param charsmap Unigram's normalisation in the form of [Charsmap]; empty for none
/// @param removeExtraSpaces whether Unigram drops spaces at both ends and all but one between words
@SuppressWarnings("ArrayRecordComponent") // copied in and out, never compared
public record TextRules(int last, boolean lowercase, boolean stripAccents, byte[] charsmap, boolean removeExtraSpaces) {
    private static final byte[] NO_CHARSMAP = {};
    static final TextRules PLAIN = new TextRules(Vocabulary.NONE, false, false, NO_CHARSMAP, false);

    public TextRules {
        charsmap = charsmap.length == 0 ? NO_CHARSMAP : charsmap.clone();
    }

    /// The rules that a GGUF file's metadata states.
    static TextRules of(MetadataFields fields, Vocabulary.Kind kind, int eos) {
        return switch (kind) {
            case BYTE_PAIR, SENTENCE_PIECE ->
                fields.flag("tokenizer.ggml.add_eos_token", false)
                        ? new TextRules(eos, false, false, NO_CHARSMAP, false)
                        : PLAIN;
            case WORD_PIECE -> {
                boolean lowercase = fields.flag("tokenizer.ggml.normalizer.lowercase", true);
                // The misspelling is llama.cpp's, and so every file's.
                yield new TextRules(
                        fields.id("tokenizer.ggml.seperator_token_id", Vocabulary.NONE),
                        lowercase,
                        fields.flag("tokenizer.ggml.normalizer.strip_accents", lowercase),
                        NO_CHARSMAP,
                        true);
            }
            case UNIGRAM ->
                new TextRules(
                        fields.flag("tokenizer.ggml.add_eos_token", true) ? eos : Vocabulary.NONE,
                        false,
                        false,
                        fields.bytes("tokenizer.ggml.precompiled_charsmap"),
                        fields.flag("tokenizer.ggml.remove_extra_whitespaces", false));
        };
    }

    @Override
    public byte[] charsmap() {
        return charsmap.clone();
    }
}
