package org.diwan.language;

import java.util.List;

/// What a vocabulary entry is for: GGUF's `tokenizer.ggml.token_type`.
public enum TokenType {
    /// Ordinary text.
    NORMAL,
    /// Stands for text that no other token covers.
    UNKNOWN,
    /// Steers the model and is never text: begin, end, role markers. Only the operator's own
    /// template may produce one.
    CONTROL,
    /// Text that is always matched whole, before anything else.
    USER_DEFINED,
    /// A hole in the numbering.
    UNUSED,
    /// One raw byte, written `<0xNN>`.
    BYTE;

    /// GGUF's number, `1 … 6`.
    int number() {
        return List.of(values()).indexOf(this) + 1;
    }

    /// The type with GGUF's number `1 … 6`.
    ///
    /// @throws IllegalArgumentException naming the number when it is none of them
    static TokenType of(int number) {
        if (number < 1 || number > values().length)
            throw new IllegalArgumentException("tokenizer.ggml.token_type holds " + number + ", must be 1 to 6");
        return values()[number - 1];
    }
}
