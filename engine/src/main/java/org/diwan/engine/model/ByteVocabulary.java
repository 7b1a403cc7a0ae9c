package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.gguf.GgufWriter;

/// A byte-level vocabulary that needs no training: token b is byte b, then three control tokens, a
/// few merges so that tokenizers have something to merge, and unused tokens up to the size wanted.
/// Any text can be encoded and comes back as it was.
final class ByteVocabulary {
    static final int END_OF_TEXT = 256;
    static final int IM_START = 257;
    static final int IM_END = 258;

    private static final List<String> CONTROL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    private static final List<String> MERGES = List.of(
            "h e", "i n", "r e", "o n", "a n", "e r", "n d", "o r", "Ġ t", "Ġ a", "Ġ s", "Ġ w", "Ġt he", "in g", "Ø §",
            "Ù Ħ");
    static final int LEAST_SIZE = 256 + CONTROL.size() + MERGES.size();

    /// Token types of GGUF (`llama_token_type`).
    private static final int NORMAL = 1;

    private static final int CONTROL_TYPE = 3;
    private static final int UNUSED = 5;

    private static final String CHAT_ML = """
            {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + \
            '<|im_end|>' + '\\n' }}{% endfor %}\
            {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";

    private ByteVocabulary() {}

    static void write(GgufWriter writer, int size, String preTokenizer) {
        var tokens = new ArrayList<String>(size);
        for (int b = 0; b < 256; b++) tokens.add(Character.toString(symbol(b)));
        tokens.addAll(CONTROL);
        for (String merge : MERGES) tokens.add(merge.replace(" ", ""));
        while (tokens.size() < size) tokens.add("<|unused_" + tokens.size() + "|>");
        int[] types = new int[size];
        for (int i = 0; i < size; i++) {
            boolean control = i >= END_OF_TEXT && i <= IM_END;
            types[i] = control ? CONTROL_TYPE : i < LEAST_SIZE ? NORMAL : UNUSED;
        }
        writer.string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", preTokenizer)
                .strings("tokenizer.ggml.tokens", tokens)
                .int32s("tokenizer.ggml.token_type", types)
                .strings("tokenizer.ggml.merges", MERGES)
                .uint32("tokenizer.ggml.bos_token_id", END_OF_TEXT)
                .uint32("tokenizer.ggml.eos_token_id", IM_END)
                .uint32("tokenizer.ggml.padding_token_id", END_OF_TEXT)
                .bool("tokenizer.ggml.add_bos_token", false)
                .string("tokenizer.chat_template", CHAT_ML);
    }

    /// GPT-2's printable stand-in for a byte (openai/gpt-2 `encoder.py`, `bytes_to_unicode`): bytes
    /// that print stand for themselves, the others follow from U+0100 in their order.
    private static int symbol(int b) {
        int shifted = 0;
        for (int other = 0; other <= b; other++) {
            boolean prints = (other >= '!' && other <= '~') || (other >= 0xa1 && other <= 0xac) || other >= 0xae;
            if (other == b) return prints ? b : 256 + shifted;
            if (!prints) shifted++;
        }
        throw new AssertionError("the loop ends at " + b);
    }
}
