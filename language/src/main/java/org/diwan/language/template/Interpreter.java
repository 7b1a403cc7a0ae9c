package org.diwan.language.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.language.template.Expression.Arguments;
import org.jspecify.annotations.Nullable;

/// Walks the tree of one template over one input. Made for one rendering, by one thread.
final class Interpreter {
    /// What a statement says to the loop around it.
    private enum Flow {
        GO_ON,
        BREAK,
        CONTINUE
    }

    /// What a macro calls the body of the block that called it.
    static final String CALLER = "caller";

    private final Limits limits = new Limits();

    /// Executes `body` with `variables` and returns what it prints.
    Text render(List<Statement> body, Map<String, Object> variables) {
        var scope = new Scope(null);
        Functions.GLOBAL.forEach(scope::set);
        variables.forEach(scope::set);
        var out = new TextBuilder();
        execute(body, new Scope(scope), out);
        return out.text();
    }

    // Statements

    private Flow execute(List<Statement> body, Scope scope, TextBuilder out) {
        for (Statement statement : body) {
            limits.enter(statement.line());
            Flow flow = execute(statement, scope, out);
            limits.leave();
            if (flow != Flow.GO_ON) return flow;
        }
        return Flow.GO_ON;
    }

    private Flow execute(Statement statement, Scope scope, TextBuilder out) {
        int line = statement.line();
        limits.step(line);
        try {
            switch (statement) {
                case Statement.Data data -> out.append(data.text(), limits, line);
                case Statement.Output output ->
                    out.append(Values.string(evaluate(output.value(), scope)), limits, line);
                case Statement.If branches -> {
                    return execute(chosen(branches, scope), scope, out);
                }
                case Statement.For loop -> loop(loop, scope, out);
                case Statement.SetVariables set -> assign(set.targets(), evaluate(set.value(), scope), scope);
                case Statement.SetAttribute set -> setAttribute(set, scope);
                case Statement.SetBlock set ->
                    scope.set(set.target(), Values.string(filtered(set.body(), set.filters(), scope)));
                case Statement.Macro macro -> scope.set(macro.name(), macro(macro, scope));
                case Statement.CallBlock block -> out.append(Values.string(call(block, scope)), limits, line);
                case Statement.FilterBlock block ->
                    out.append(Values.string(filtered(block.body(), block.filters(), scope)), limits, line);
                case Statement.With with -> {
                    var inner = new Scope(scope);
                    for (int i = 0; i < with.names().size(); i++)
                        inner.set(with.names().get(i), evaluate(with.values().get(i), scope));
                    return execute(with.body(), inner, out);
                }
                case Statement.Break b -> {
                    return Flow.BREAK;
                }
                case Statement.Continue c -> {
                    return Flow.CONTINUE;
                }
            }
        } catch (Problem problem) {
            throw new TemplateException(line, String.valueOf(problem.getMessage()));
        }
        return Flow.GO_ON;
    }

    private Object filtered(List<Statement> body, Expression filters, Scope scope) {
        var inner = new Scope(scope);
        var text = new TextBuilder();
        execute(body, inner, text);
        inner.set(Parser.HIDDEN, text.text());
        return evaluate(filters, inner);
    }

    private List<Statement> chosen(Statement.If branches, Scope scope) {
        for (Statement.Branch branch : branches.branches())
            if (Values.truth(evaluate(branch.test(), scope))) return branch.body();
        return branches.otherwise();
    }

    private void loop(Statement.For loop, Scope scope, TextBuilder out) {
        List<?> items = Values.iterate(evaluate(loop.items(), scope));
        limits.steps(loop.line(), items.size());
        Expression filter = loop.filter();
        if (filter != null) {
            var kept = new ArrayList<Object>();
            for (Object item : items) {
                var inner = new Scope(scope);
                assign(loop.targets(), item, inner);
                if (Values.truth(evaluate(filter, inner))) kept.add(item);
            }
            items = kept;
        }
        if (items.isEmpty()) {
            execute(loop.otherwise(), new Scope(scope), out);
            return;
        }
        Callable changed = changed();
        for (int i = 0; i < items.size(); i++) {
            var inner = new Scope(scope);
            inner.set("loop", loopVariable(items, i, changed));
            assign(loop.targets(), items.get(i), inner);
            if (execute(loop.body(), inner, out) == Flow.BREAK) return;
        }
    }

    /// `loop.changed(…)`: whether it was last called with something else.
    private static Callable changed() {
        var last = new ArrayList<Object>();
        return p -> {
            boolean same = !last.isEmpty() && Values.equal(last.getFirst(), p.positional());
            last.clear();
            last.add(p.positional());
            return !same;
        };
    }

    private static Object loopVariable(List<?> items, int index, Callable changed) {
        int size = items.size();
        Map<Object, Object> loop = LinkedHashMap.newLinkedHashMap(13);
        loop.put(Text.trusted("index"), index + 1L);
        loop.put(Text.trusted("index0"), (long) index);
        loop.put(Text.trusted("revindex"), (long) (size - index));
        loop.put(Text.trusted("revindex0"), size - index - 1L);
        loop.put(Text.trusted("first"), index == 0);
        loop.put(Text.trusted("last"), index == size - 1);
        loop.put(Text.trusted("length"), (long) size);
        if (index > 0) loop.put(Text.trusted("previtem"), items.get(index - 1));
        if (index + 1 < size) loop.put(Text.trusted("nextitem"), items.get(index + 1));
        // Loops that call themselves are not supported, so every loop is the outermost of its kind.
        loop.put(Text.trusted("depth"), 1L);
        loop.put(Text.trusted("depth0"), 0L);
        loop.put(Text.trusted("changed"), changed);
        loop.put(Text.trusted("cycle"), (Callable) p -> {
            if (p.positional().isEmpty()) throw new Problem("loop.cycle needs at least one value");
            return p.positional().get(index % p.positional().size());
        });
        return loop;
    }

    private static void assign(List<String> targets, Object value, Scope scope) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return;
        }
        List<?> values = Values.iterate(value);
        if (values.size() != targets.size())
            throw new Problem(values.size() + " values for the names " + String.join(", ", targets));
        for (int i = 0; i < targets.size(); i++) scope.set(targets.get(i), values.get(i));
    }

    private void setAttribute(Statement.SetAttribute set, Scope scope) {
        Object value = evaluate(set.value(), scope);
        if (!(scope.find(set.namespace()) instanceof Namespace namespace))
            throw new Problem("'" + set.namespace() + "' is no namespace, its attributes cannot be set");
        namespace.attributes().put(Text.trusted(set.name()), value);
    }

    private Callable macro(Statement.Macro macro, Scope scope) {
        return p -> {
            Object caller = p.named().get(CALLER);
            var names = new ArrayList<>(macro.parameters());
            if (caller != null && !names.contains(CALLER)) names.add(CALLER);
            p.accept(names.toArray(String[]::new));
            var inner = new Scope(scope);
            if (caller != null) inner.set(CALLER, caller);
            for (int i = 0; i < macro.parameters().size(); i++) {
                String name = macro.parameters().get(i);
                Object given = p.find(i, name);
                Expression otherwise = macro.defaults().get(name);
                if (given == null)
                    given = otherwise == null ? new Undefined("'" + name + "'") : evaluate(otherwise, inner);
                inner.set(name, given);
            }
            var out = new TextBuilder();
            execute(macro.body(), inner, out);
            return out.text();
        };
    }

    // Expressions

    private Object evaluate(Expression expression, Scope scope) {
        limits.enter(expression.line());
        limits.step(expression.line());
        try {
            Object value = value(expression, scope);
            limits.value(expression.line(), value);
            limits.leave();
            return value;
        } catch (Problem problem) {
            throw new TemplateException(expression.line(), String.valueOf(problem.getMessage()));
        }
    }

    private Object value(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> {
                Object value = scope.find(name.name());
                yield value == null ? new Undefined("'" + name.name() + "'") : value;
            }
            case Expression.Sequence sequence -> evaluate(sequence.items(), scope);
            case Expression.Dictionary dictionary -> dictionary(dictionary, scope);
            case Expression.Attribute attribute ->
                Attributes.attribute(evaluate(attribute.target(), scope), attribute.name());
            case Expression.Item item -> Attributes.item(evaluate(item.target(), scope), evaluate(item.key(), scope));
            case Expression.Slice slice ->
                Values.slice(
                        evaluate(slice.target(), scope),
                        bound(slice.from(), scope),
                        bound(slice.to(), scope),
                        bound(slice.step(), scope));
            case Expression.Call call -> call(call, scope);
            case Expression.Filter filter ->
                Filters.apply(
                        filter.name(),
                        evaluate(filter.target(), scope),
                        parameters("filter '" + filter.name() + "'", filter.line(), filter.arguments(), scope));
            case Expression.Test test ->
                Tests.holds(
                        test.name(),
                        evaluate(test.target(), scope),
                        parameters("test '" + test.name() + "'", test.line(), test.arguments(), scope));
            case Expression.Not not -> !Values.truth(evaluate(not.operand(), scope));
            case Expression.And and -> {
                Object left = evaluate(and.left(), scope);
                yield Values.truth(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Object left = evaluate(or.left(), scope);
                yield Values.truth(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Negative negative -> Arithmetic.negate(evaluate(negative.operand(), scope));
            case Expression.Binary binary ->
                Arithmetic.compute(binary.operator(), evaluate(binary.left(), scope), evaluate(binary.right(), scope));
            case Expression.Comparison comparison -> compare(comparison, scope);
            case Expression.Conditional conditional -> {
                if (Values.truth(evaluate(conditional.test(), scope))) yield evaluate(conditional.then(), scope);
                Expression otherwise = conditional.otherwise();
                yield otherwise == null ? new Undefined("the missing 'else'") : evaluate(otherwise, scope);
            }
        };
    }

    private List<Object> evaluate(List<Expression> expressions, Scope scope) {
        var values = new ArrayList<Object>(expressions.size());
        for (Expression expression : expressions) values.add(evaluate(expression, scope));
        return values;
    }

    private Object dictionary(Expression.Dictionary dictionary, Scope scope) {
        var members = new LinkedHashMap<Object, Object>();
        for (int i = 0; i < dictionary.keys().size(); i++)
            members.put(
                    Values.key(evaluate(dictionary.keys().get(i), scope)),
                    evaluate(dictionary.values().get(i), scope));
        return members;
    }

    private @Nullable Long bound(@Nullable Expression expression, Scope scope) {
        if (expression == null) return null;
        Object value = evaluate(expression, scope);
        return value instanceof None ? null : (Long) Values.integer(value);
    }

    private boolean compare(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.operands().getFirst(), scope);
        for (int i = 0; i < comparison.relations().size(); i++) {
            Object right = evaluate(comparison.operands().get(i + 1), scope);
            boolean holds =
                    switch (comparison.relations().get(i)) {
                        case EQUAL -> Values.equal(left, right);
                        case NOT_EQUAL -> !Values.equal(left, right);
                        case LESS -> Values.compare(left, right) == -1;
                        case LESS_OR_EQUAL -> Values.compare(left, right) <= 0;
                        case GREATER -> Values.compare(left, right) == 1;
                        case GREATER_OR_EQUAL -> atLeast(Values.compare(left, right));
                        case IN -> contains(comparison.line(), right, left);
                        case NOT_IN -> !contains(comparison.line(), right, left);
                    };
            if (!holds) return false;
            left = right;
        }
        return true;
    }

    private boolean contains(int line, Object haystack, Object needle) {
        if (haystack instanceof Text text && needle instanceof Text part) limits.search(line, text, part);
        return Values.contains(haystack, needle);
    }

    private static boolean atLeast(int order) {
        return order == 0 || order == 1;
    }

    private Object call(Expression.Call call, Scope scope) {
        Object target = evaluate(call.target(), scope);
        String name =
                switch (call.target()) {
                    case Expression.Name n -> n.name() + "()";
                    case Expression.Attribute a -> a.name() + "()";
                    case Expression other -> "a value";
                };
        if (target instanceof Undefined) throw new Problem("'" + name + "' is undefined");
        if (!(target instanceof Callable function))
            throw new Problem(Values.type(target) + " cannot be called as " + name);
        return function.call(parameters(name, call.line(), call.arguments(), scope));
    }

    private Object call(Statement.CallBlock block, Scope scope) {
        Expression.Call call = block.call();
        if (!(evaluate(call.target(), scope) instanceof Callable function))
            throw new Problem("'call' needs a macro or function");
        Parameters p = parameters("the called macro", call.line(), call.arguments(), scope);
        p.named().put(CALLER, macro(block.caller(), scope));
        return function.call(p);
    }

    private Parameters parameters(String function, int line, Arguments arguments, Scope scope) {
        var named = new LinkedHashMap<String, Object>();
        arguments.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        return new Parameters(function, line, limits, evaluate(arguments.positional(), scope), named);
    }
}
