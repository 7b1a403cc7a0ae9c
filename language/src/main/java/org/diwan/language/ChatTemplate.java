package org.diwan.language;

import java.util.List;
import java.util.Map;

/// A model's own rule for writing a conversation as one prompt: the Jinja template that its file
/// carries under `tokenizer.chat_template`.
public final class ChatTemplate {
    private final String source;

    private ChatTemplate(String source) {
        this.source = source;
    }

    /// The template written as `jinja`.
    public static ChatTemplate parse(String jinja) {
        return new ChatTemplate(jinja);
    }

    /// The text of the template.
    public String source() {
        return source;
    }

    /// The prompt for `messages`.
    ///
    /// @param addGenerationPrompt ends with the header of the assistant's next turn
    /// @param variables what else the template may read: `bos_token`, `eos_token`, `tools`, …
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
        if (source.isEmpty()) return "";
        throw new UnsupportedOperationException("rendering is not built yet");
    }
}
