package org.diwan.language.grammar;

import java.util.List;

/// The right side of a rule: which texts it stands for. What every source of grammars is translated
/// to, and what [Network] is built from.
sealed interface Expression {
    /// In place of [Repeat#most]: as often as one likes.
    int UNBOUNDED = Integer.MAX_VALUE;

    /// The empty text.
    Expression EMPTY = new Sequence(List.of());

    /// Exactly these characters.
    record Text(String text) implements Expression {}

    /// One character of a set.
    record OneOf(CharSet set) implements Expression {}

    /// One after the other.
    record Sequence(List<Expression> parts) implements Expression {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /// Any one of them; none of them if there are none.
    record Choice(List<Expression> branches) implements Expression {
        public Choice {
            branches = List.copyOf(branches);
        }
    }

    /// `least` to `most` times.
    record Repeat(Expression body, int least, int most) implements Expression {
        public Repeat {
            if (least < 0 || most < least)
                throw new IllegalArgumentException("repetition {" + least + "," + most + "} counts backwards");
        }
    }

    /// What the rule of that name stands for.
    record Call(String rule) implements Expression {}

    /// The control token that is stored as `text`, which no text can spell.
    record Special(String text) implements Expression {}

    static Expression text(String text) {
        return new Text(text);
    }

    static Expression sequence(Expression... parts) {
        return new Sequence(List.of(parts));
    }

    static Expression choice(Expression... branches) {
        return new Choice(List.of(branches));
    }

    static Expression optional(Expression body) {
        return new Repeat(body, 0, 1);
    }

    static Expression any(Expression body) {
        return new Repeat(body, 0, UNBOUNDED);
    }

    static Expression some(Expression body) {
        return new Repeat(body, 1, UNBOUNDED);
    }

    static Expression range(int first, int last) {
        return new OneOf(CharSet.range(first, last));
    }
}
