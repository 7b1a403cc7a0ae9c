package org.diwan.language.template;

/// An operation that a value refuses. Whoever evaluates the node adds its line and makes it a
/// [TemplateException].
final class Problem extends RuntimeException {
    Problem(String message) {
        super(message, null, false, false);
    }
}
