package org.diwan.language.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands between `{{` and `}}`, or after `if`, `in` and `=`: a tree of values to compute.
sealed interface Expression {
    /// The line of the template, for messages.
    int line();

    record Literal(int line, Object value) implements Expression {}

    record Name(int line, String name) implements Expression {}

    /// `[a, b]` and `(a, b)`.
    record Sequence(int line, List<Expression> items) implements Expression {}

    /// `{k: v}`; the two lists are parallel.
    record Dictionary(int line, List<Expression> keys, List<Expression> values) implements Expression {}

    /// `target.name`.
    record Attribute(int line, Expression target, String name) implements Expression {}

    /// `target[key]`.
    record Item(int line, Expression target, Expression key) implements Expression {}

    /// `target[from:to:step]`.
    record Slice(
            int line,
            Expression target,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    /// `(…)` behind a function, filter or test.
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }

    record Call(int line, Expression target, Arguments arguments) implements Expression {}

    /// `target | name(…)`.
    record Filter(int line, Expression target, String name, Arguments arguments) implements Expression {}

    /// `target is name(…)`.
    record Test(int line, Expression target, String name, Arguments arguments) implements Expression {}

    record Not(int line, Expression operand) implements Expression {}

    record And(int line, Expression left, Expression right) implements Expression {}

    record Or(int line, Expression left, Expression right) implements Expression {}

    record Negative(int line, Expression operand) implements Expression {}

    enum Operator {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        FLOOR_DIVIDE,
        MODULO,
        POWER,
        CONCATENATE
    }

    record Binary(int line, Operator operator, Expression left, Expression right) implements Expression {}

    enum Relation {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IN,
        NOT_IN
    }

    /// `a < b < c` means `a < b and b < c`: `relations[i]` stands between `operands[i]` and `[i +
    /// 1]`.
    record Comparison(int line, List<Expression> operands, List<Relation> relations) implements Expression {}

    /// `then if test else otherwise`.
    record Conditional(
            int line,
            Expression test,
            Expression then,
            @Nullable Expression otherwise) implements Expression {}
}
