package org.diwan.language.answer;

/// A piece of an answer. Pieces of one kind that follow each other belong together.
public sealed interface AnswerPart {
    /// What the model says.
    record Words(String text) implements AnswerPart {}

    /// What it thinks before it speaks.
    record Reasoning(String text) implements AnswerPart {}

    /// A complete call of an offered tool.
    ///
    /// @param arguments a JSON object in the model's own spelling
    record Call(String tool, String arguments) implements AnswerPart {}
}
