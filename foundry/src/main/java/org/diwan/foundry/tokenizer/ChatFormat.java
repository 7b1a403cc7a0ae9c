package org.diwan.foundry.tokenizer;

import java.util.List;

/// ChatML, the form of dialogues in training, and the template that gives a chat the same form. The
/// template leaves system messages out, because the model has never seen one.
public final class ChatFormat {
    /// Jinja for `tokenizer.chat_template`; renders exactly what [#render] does.
    public static final String TEMPLATE = "{% for message in messages %}{% if message['role'] != 'system' %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
            + "{% endif %}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private ChatFormat() {}

    /// `turns` as ChatML, each with its line feed.
    public static String render(List<Dialogue.Turn> turns) {
        var out = new StringBuilder();
        for (var turn : turns)
            out.append(LearntTokens.TURN_START)
                    .append(turn.user() ? "user" : "assistant")
                    .append('\n')
                    .append(turn.text())
                    .append(LearntTokens.TURN_END)
                    .append('\n');
        return out.toString();
    }
}
