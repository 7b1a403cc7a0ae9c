package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.gguf.GgufWriter;

/// Vocabularies of a few hundred tokens that need no training, of the two kinds that encoders have:
/// special tokens, single letters of a few scripts, and some longer pieces so that there is a choice.
final class EncoderVocabulary {
    private static final String LETTERS =
            "abcdefghijklmnopqrstuvwxyz0123456789.,:;!?-()'\"" + "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ" + "가나다라마äöüßñ";
    private static final List<String> PIECES = List.of(
            "the", "in", "ing", "er", "and", "of", "to", "law", "data", "min", "istry", "ال", "في", "من", "ون", "قان");

    /// Token types of GGUF (`llama_token_type`).
    private static final int NORMAL = 1;

    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final char SPACE = '▁';

    private EncoderVocabulary() {}

    /// Writes the vocabulary and says how many tokens it has.
    static int write(GgufWriter writer, boolean unigram) {
        return unigram ? unigram(writer) : wordPiece(writer);
    }

    /// Tokens that begin a word carry `▁`, others nothing, as llama.cpp's converter writes them.
    private static int wordPiece(GgufWriter writer) {
        var tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        int specials = tokens.size();
        for (String text : texts()) {
            tokens.add(SPACE + text);
            tokens.add(text);
        }
        int[] types = new int[tokens.size()];
        for (int i = 0; i < types.length; i++) types[i] = i < specials ? CONTROL : NORMAL;
        writer.string("tokenizer.ggml.model", "bert")
                .string("tokenizer.ggml.pre", "bert-bge")
                .strings("tokenizer.ggml.tokens", tokens)
                .int32s("tokenizer.ggml.token_type", types)
                .uint32("tokenizer.ggml.padding_token_id", 0)
                .uint32("tokenizer.ggml.unknown_token_id", 1)
                .uint32("tokenizer.ggml.cls_token_id", 2)
                .uint32("tokenizer.ggml.seperator_token_id", 3)
                .uint32("tokenizer.ggml.mask_token_id", 4);
        return tokens.size();
    }

    /// Longer pieces score higher, so that they are preferred.
    private static int unigram(GgufWriter writer) {
        var tokens = new ArrayList<>(List.of("<s>", "<pad>", "</s>", "<unk>"));
        int specials = tokens.size();
        tokens.add(Character.toString(SPACE));
        for (String text : texts()) {
            tokens.add(text);
            if (text.length() > 1) tokens.add(SPACE + text);
        }
        tokens.add("<mask>");
        int count = tokens.size();
        int[] types = new int[count];
        float[] scores = new float[count];
        for (int i = 0; i < count; i++) {
            boolean control = i < specials || i == count - 1;
            types[i] = control ? CONTROL : NORMAL;
            scores[i] = control ? 0 : -10 + tokens.get(i).length() * 0.75f - i * 0.001f;
        }
        types[3] = UNKNOWN;
        writer.string("tokenizer.ggml.model", "t5")
                .string("tokenizer.ggml.pre", "default")
                .strings("tokenizer.ggml.tokens", tokens)
                .float32s("tokenizer.ggml.scores", scores)
                .int32s("tokenizer.ggml.token_type", types)
                .bool("tokenizer.ggml.add_space_prefix", true)
                .bool("tokenizer.ggml.remove_extra_whitespaces", true)
                .uint32("tokenizer.ggml.bos_token_id", 0)
                .uint32("tokenizer.ggml.padding_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", 2)
                .uint32("tokenizer.ggml.seperator_token_id", 2)
                .uint32("tokenizer.ggml.unknown_token_id", 3)
                .uint32("tokenizer.ggml.cls_token_id", 0)
                .uint32("tokenizer.ggml.mask_token_id", count - 1)
                .bool("tokenizer.ggml.add_bos_token", true)
                .bool("tokenizer.ggml.add_eos_token", true);
        return count;
    }

    private static List<String> texts() {
        var texts = new ArrayList<String>();
        LETTERS.codePoints().forEach(letter -> texts.add(Character.toString(letter)));
        texts.addAll(PIECES);
        return texts;
    }
}
