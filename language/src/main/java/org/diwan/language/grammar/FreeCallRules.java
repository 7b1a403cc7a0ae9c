package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerFormat;
import org.diwan.language.answer.CallSyntax;
import org.diwan.language.grammar.Expression.Call;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.OneOf;
import org.diwan.language.grammar.Expression.Special;
import org.jspecify.annotations.Nullable;

/// Rules for an answer that is free until the mark of a call comes: what follows is a call of one of the tools,
/// with arguments that its parameters accept, or in families that write arrays one or more; then the answer is
/// free again. Words end at the first mark, whatever came before it: the automaton of [ReasoningRules], here
/// with an end at every place.
final class FreeCallRules {
    private FreeCallRules() {}

    /// Null where the family's calls begin with no mark of their own, or do not write arguments as JSON.
    ///
    /// @param control those of the format's marks that are control tokens of the vocabulary
    static @Nullable Map<String, Expression> of(AnswerFormat format, List<Tool> tools, Set<String> control) {
        if (!(format.calls().getFirst() instanceof CallSyntax.Json syntax)) return null;
        var rules = new LinkedHashMap<>(JsonForm.rules());
        Expression calls = Expression.sequence(calls(format, syntax, tools, control, rules), new Call(words(0)));
        putWords(syntax.open(), control, calls, rules);
        rules.put(Grammar.START, new Call(words(0)));
        return rules;
    }

    /// What follows the mark.
    private static Expression calls(
            AnswerFormat format,
            CallSyntax.Json syntax,
            List<Tool> tools,
            Set<String> control,
            Map<String, Expression> rules) {
        var objects = new ArrayList<Expression>();
        var named = new ArrayList<Expression>();
        boolean array = false;
        for (Tool tool : tools) {
            var frame = format.callOf(tool.name()).orElseThrow();
            array = frame.open().startsWith(syntax.open() + "[");
            String end = (array ? "]" : "") + syntax.close();
            String open = frame.open().substring(syntax.open().length() + (array ? 1 : 0));
            String close = frame.close().substring(0, frame.close().length() - end.length());
            Expression arguments = CallRules.arguments(tool, rules);
            objects.add(
                    Expression.sequence(CallRules.marks(open, control), arguments, CallRules.marks(close, control)));
            if (array && !syntax.separator().isEmpty())
                named.add(Expression.sequence(CallRules.marks(tool.name() + syntax.separator(), control), arguments));
        }
        Expression object = new Choice(objects);
        Expression end = CallRules.marks(syntax.close(), control);
        if (!array) return Expression.sequence(object, end);
        Expression more = Expression.any(Expression.sequence(JsonForm.COMMA, object));
        Expression list = Expression.sequence(Expression.text("["), object, more, Expression.text("]"));
        named.addFirst(list);
        return Expression.sequence(new Choice(named), end);
    }

    /// One rule for each number of characters of the mark just read. Where the mark is a control token, its
    /// letters spell no mark, and are forbidden because readers of text could not tell.
    private static void putWords(String mark, Set<String> control, Expression calls, Map<String, Expression> rules) {
        int[] letters = mark.codePoints().toArray();
        CharSet all = CharSet.of(letters);
        boolean token = control.contains(mark);
        for (int read = 0; read < letters.length; read++) {
            var branches = new ArrayList<Expression>();
            branches.add(Expression.EMPTY);
            branches.add(Expression.sequence(new OneOf(all.complement()), new Call(words(0))));
            for (String other : control) {
                Expression then = other.equals(mark) ? calls : new Call(words(0));
                branches.add(Expression.sequence(new Special(other), then));
            }
            for (var range : all.ranges())
                for (int c = range.first(); c <= range.last(); c++) {
                    int next = ReasoningRules.next(letters, read, c);
                    if (next == letters.length && token) continue;
                    Expression then = next == letters.length ? calls : new Call(words(next));
                    branches.add(Expression.sequence(new OneOf(CharSet.of(c)), then));
                }
            rules.put(words(read), new Choice(branches));
        }
    }

    private static String words(int read) {
        return "words " + read;
    }
}
