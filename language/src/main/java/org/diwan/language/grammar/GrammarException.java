package org.diwan.language.grammar;

/// A grammar, expression or schema that cannot be read, or that asks for what is not supported:
/// whoever wrote it has to change it. The message says what and where.
public final class GrammarException extends IllegalArgumentException {
    public GrammarException(String message) {
        super(message);
    }
}
