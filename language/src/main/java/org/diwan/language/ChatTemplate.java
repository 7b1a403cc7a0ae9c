package org.diwan.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.template.Template;
import org.diwan.language.template.TemplateException;
import org.diwan.language.template.Text;

/// A model's own rule for writing a conversation as one prompt: the Jinja template that its file
/// carries under `tokenizer.chat_template`, rendered as Hugging Face's `apply_chat_template` does.
///
/// To get tokens rather than text, use [ChatPrompt]: the text alone no longer says which control
/// tokens the template wrote and which a user typed. Immutable and safe to share.
public final class ChatTemplate {
    /// Roles that count as the template's own words, because templates build control tokens from
    /// them (`<|` + role + `|>`). Any other role is the sender's text.
    private static final Set<String> KNOWN_ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "ipython");

    private final String source;
    private final Template template;

    private ChatTemplate(String source) {
        this.source = source;
        this.template = Template.parse(source);
    }

    /// The template written as `jinja`.
    ///
    /// @throws org.diwan.language.template.TemplateException naming the line that cannot be read
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
    /// @param variables what else the template may read: `bos_token`, `eos_token`, `tools`, …; a
    ///     `java.time` value as `strftime_now` is the date that the template sees, without it the
    ///     template has none
    /// @throws org.diwan.language.template.TemplateException.Refusal when the template refuses the
    ///     conversation, such as for roles that do not alternate: the sender's mistake
    /// @throws org.diwan.language.template.TemplateException when the template fails: the
    ///     operator's
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
        return marked(messages, addGenerationPrompt, variables, Set.of()).value();
    }

    /// As [#render], with a mark on every character that says whether the template wrote it.
    ///
    /// @param trusted names of variables that count as the template's own words
    Text marked(
            List<ChatMessage> messages,
            boolean addGenerationPrompt,
            Map<String, Object> variables,
            Set<String> trusted) {
        try {
            return marked(messages, addGenerationPrompt, variables, trusted, false);
        } catch (TemplateException.Refusal refusal) {
            throw refusal;
        } catch (TemplateException failure) {
            // A few templates (DeepSeek's) join the arguments of a call to text as they stand.
            if (messages.stream().allMatch(message -> message.toolCalls().isEmpty())) throw failure;
            try {
                return marked(messages, addGenerationPrompt, variables, trusted, true);
            } catch (TemplateException again) {
                failure.addSuppressed(again);
                throw failure;
            }
        }
    }

    private Text marked(
            List<ChatMessage> messages,
            boolean addGenerationPrompt,
            Map<String, Object> variables,
            Set<String> trusted,
            boolean argumentsAsText) {
        var turns = new ArrayList<Object>(messages.size());
        for (ChatMessage message : messages) turns.add(turn(message, argumentsAsText));
        var all = new HashMap<String, Object>(variables);
        all.put("messages", turns);
        all.put("add_generation_prompt", addGenerationPrompt);
        return template.render(all, trusted);
    }

    private static Map<String, Object> turn(ChatMessage message, boolean argumentsAsText) {
        Map<String, Object> turn = message.json(argumentsAsText);
        boolean known = KNOWN_ROLES.contains(message.role());
        turn.put("role", known ? Text.trusted(message.role()) : Text.untrusted(message.role()));
        return turn;
    }
}
