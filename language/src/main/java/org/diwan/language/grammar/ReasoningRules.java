package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.answer.AnswerFormat.Frame;
import org.diwan.language.grammar.Expression.Call;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.OneOf;
import org.diwan.language.grammar.Expression.Repeat;

/// Rules for free text up to the first occurrence of a mark: the automaton of Knuth, Morris and Pratt
/// (1977) as a right-linear grammar, one rule for each number of characters of the mark just read.
final class ReasoningRules {
    static final String START = "reasoning start";

    private static final Expression ANY = Expression.any(new OneOf(CharSet.ALL));

    /// What may stand between the mark and the answer.
    private static final Expression SPACE = new Repeat(new OneOf(CharSet.of(' ', '\n')), 0, 4);

    private ReasoningRules() {}

    static Map<String, Expression> before(Grammar answer, Frame frame, boolean begun, Set<String> control) {
        var rules = new LinkedHashMap<>(answer.rules());
        Expression rest = Expression.sequence(SPACE, new Call(answer.start()));
        Expression reasoning = control.contains(frame.close())
                ? Expression.sequence(ANY, new Expression.Special(frame.close()), rest)
                : until(frame.close(), rest, rules);
        if (begun) rules.put(START, reasoning);
        else
            rules.put(
                    START,
                    Expression.choice(
                            new Call(answer.start()),
                            Expression.sequence(CallRules.marks(frame.open(), control), reasoning)));
        return rules;
    }

    private static Expression until(String mark, Expression rest, Map<String, Expression> rules) {
        int[] letters = mark.codePoints().toArray();
        CharSet all = CharSet.of(letters);
        for (int read = 0; read < letters.length; read++) {
            var branches = new ArrayList<Expression>();
            branches.add(Expression.sequence(new OneOf(all.complement()), new Call(name(0))));
            for (var range : all.ranges())
                for (int c = range.first(); c <= range.last(); c++) {
                    int next = next(letters, read, c);
                    Expression then = next == letters.length ? rest : new Call(name(next));
                    branches.add(Expression.sequence(new OneOf(CharSet.of(c)), then));
                }
            rules.put(name(read), new Choice(branches));
        }
        return new Call(name(0));
    }

    /// How many letters of the mark have just been read, when `c` follows `read` of them: the longest
    /// end of the text that begins the mark.
    static int next(int[] letters, int read, int c) {
        var text = new ArrayList<Integer>();
        for (int i = 0; i < read; i++) text.add(letters[i]);
        text.add(c);
        for (int length = text.size(); length > 0; length--) {
            List<Integer> end = text.subList(text.size() - length, text.size());
            boolean begins = true;
            for (int i = 0; i < length; i++) begins &= end.get(i) == letters[i];
            if (begins) return length;
        }
        return 0;
    }

    private static String name(int read) {
        return "reasoning " + read;
    }
}
