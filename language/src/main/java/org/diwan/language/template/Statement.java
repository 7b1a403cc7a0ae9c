package org.diwan.language.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template does, piece by piece.
sealed interface Statement {
    /// The line of the template, for messages.
    int line();

    /// Text as it stands.
    record Data(int line, Text text) implements Statement {}

    /// `{{ value }}`.
    record Output(int line, Expression value) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /// `{% for a, b in items if filter %} body {% else %} otherwise {% endfor %}`.
    record For(
            int line,
            List<String> targets,
            Expression items,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record SetVariables(int line, List<String> targets, Expression value) implements Statement {}

    /// `{% set namespace.name = value %}`.
    record SetAttribute(int line, String namespace, String name, Expression value) implements Statement {}

    /// `{% set target | filters %} body {% endset %}`.
    record SetBlock(int line, String target, Expression filters, List<Statement> body) implements Statement {}

    record Macro(int line, String name, List<String> parameters, Map<String, Expression> defaults, List<Statement> body)
            implements Statement {}

    /// `{% call(parameters) function(arguments) %} body {% endcall %}`: the function finds the body
    /// as its `caller`.
    record CallBlock(int line, Macro caller, Expression.Call call) implements Statement {}

    /// `{% filter name(arguments) %} body {% endfilter %}`; the filters stand around `body` in
    /// order.
    record FilterBlock(int line, Expression filters, List<Statement> body) implements Statement {}

    /// `{% with names = values %} body {% endwith %}`.
    record With(int line, List<String> names, List<Expression> values, List<Statement> body) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}
}
