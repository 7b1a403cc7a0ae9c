package org.diwan.language.template;

/// A template that cannot be read, or cannot be rendered over its input: says the line and what
/// stands there. The template's author or the input's must change something; trying again will not
/// help.
public class TemplateException extends IllegalArgumentException {
    private final int line;

    TemplateException(int line, String problem) {
        super("chat template, line " + line + ": " + problem);
        this.line = line;
    }

    /// The line of the template, counted from 1.
    public int line() {
        return line;
    }

    /// The template itself refused its input by `raise_exception`: the message is for whoever wrote
    /// the conversation, such as "roles must alternate".
    public static final class Refusal extends TemplateException {
        private final String reason;

        Refusal(int line, String reason) {
            super(line, reason);
            this.reason = reason;
        }

        /// The template's own words.
        public String reason() {
            return reason;
        }
    }
}
