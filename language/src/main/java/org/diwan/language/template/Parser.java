package org.diwan.language.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.template.Expression.Arguments;
import org.diwan.language.template.Expression.Operator;
import org.diwan.language.template.Expression.Relation;
import org.jspecify.annotations.Nullable;

/// Tokens to a tree, by recursive descent: one method per level of precedence, the loosest first,
/// as Jinja 3.1 orders them (`jinja2/parser.py`): `if else`, `or`, `and`, `not`, comparisons, `+
/// -`, `~`, `* / // %`, `**`, sign, then `.name`, `[item]`, `(call)`, `| filter` and `is test`.
final class Parser {
    private static final Set<String> NOT_AN_ARGUMENT = Set.of("else", "or", "and", "if", "in", "is", "not");

    /// What the text of a block is called for its filters. No template can spell the name.
    static final String HIDDEN = "this block";

    private final List<Token> tokens;
    private final Limits limits = new Limits();
    private int next;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static List<Statement> parse(String template) {
        var parser = new Parser(Lexer.lex(template));
        List<Statement> body = parser.body(Set.of());
        Token rest = parser.peek();
        if (rest.kind() != Token.Kind.END) throw parser.unexpected(rest, "nothing more");
        return body;
    }

    // Statements

    /// Statements up to a block whose first word is in `ends`; that block's `{%` is consumed.
    private List<Statement> body(Set<String> ends) {
        limits.enter(peek().line());
        var body = new ArrayList<Statement>();
        while (true) {
            Token token = peek();
            switch (token.kind()) {
                case END -> {
                    if (!ends.isEmpty())
                        throw new TemplateException(
                                token.line(), "block is not closed: the template ends, one of " + ends + " is missing");
                    limits.leave();
                    return List.copyOf(body);
                }
                case DATA -> body.add(new Statement.Data(take().line(), Text.trusted(token.text())));
                case OUTPUT_BEGIN -> {
                    take();
                    body.add(new Statement.Output(token.line(), tuple()));
                    expect(Token.Kind.OUTPUT_END);
                }
                case BLOCK_BEGIN -> {
                    take();
                    if (peek().kind() == Token.Kind.NAME && ends.contains(peek().text())) {
                        limits.leave();
                        return List.copyOf(body);
                    }
                    statement(body);
                }
                case OUTPUT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR -> throw unexpected(token, "a tag");
            }
        }
    }

    private void statement(List<Statement> body) {
        Token word = expect(Token.Kind.NAME);
        int line = word.line();
        switch (word.text()) {
            case "if" -> body.add(ifStatement(line));
            case "for" -> body.add(forStatement(line));
            case "set" -> body.add(setStatement(line));
            case "macro" -> body.add(macro(line));
            case "call" -> body.add(callBlock(line));
            case "filter" -> body.add(filterBlock(line));
            case "with" -> body.add(with(line));
            case "break" -> body.add(new Statement.Break(line));
            case "continue" -> body.add(new Statement.Continue(line));
            case "generation" -> {
                // Marks what training learns from; means nothing when a prompt is written.
                expect(Token.Kind.BLOCK_END);
                body.addAll(body(Set.of("endgeneration")));
                take();
            }
            default -> throw new TemplateException(line, "block '" + word.text() + "' is not supported");
        }
        expect(Token.Kind.BLOCK_END);
    }

    private Statement ifStatement(int line) {
        var branches = new ArrayList<Statement.Branch>();
        List<Statement> otherwise = List.of();
        while (true) {
            Expression test = tuple();
            expect(Token.Kind.BLOCK_END);
            branches.add(new Statement.Branch(test, body(Set.of("elif", "else", "endif"))));
            String word = take().text();
            if (word.equals("elif")) continue;
            if (word.equals("else")) {
                expect(Token.Kind.BLOCK_END);
                otherwise = body(Set.of("endif"));
                take();
            }
            return new Statement.If(line, List.copyOf(branches), otherwise);
        }
    }

    private Statement forStatement(int line) {
        List<String> targets = targets();
        expectName("in");
        // Not a conditional: the `if` after it filters the loop.
        Expression items = or();
        Expression filter = acceptName("if") ? expression() : null;
        if (peek().is(Token.Kind.NAME, "recursive"))
            throw new TemplateException(line, "'for … recursive' is not supported");
        expect(Token.Kind.BLOCK_END);
        List<Statement> body = body(Set.of("else", "endfor"));
        List<Statement> otherwise = List.of();
        if (take().text().equals("else")) {
            expect(Token.Kind.BLOCK_END);
            otherwise = body(Set.of("endfor"));
            take();
        }
        return new Statement.For(line, targets, items, filter, body, otherwise);
    }

    private Statement setStatement(int line) {
        List<String> targets = targets();
        if (targets.size() == 1 && accept(".")) {
            String name = expect(Token.Kind.NAME).text();
            expectOperator("=");
            return new Statement.SetAttribute(line, targets.getFirst(), name, tuple());
        }
        if (accept("=")) return new Statement.SetVariables(line, targets, tuple());
        Expression block = new Expression.Name(line, HIDDEN);
        Expression filters = filtersAndTests(block);
        expect(Token.Kind.BLOCK_END);
        List<Statement> body = body(Set.of("endset"));
        take();
        return new Statement.SetBlock(line, targets.getFirst(), filters, body);
    }

    private Statement macro(int line) {
        String name = expect(Token.Kind.NAME).text();
        var parameters = new ArrayList<String>();
        var defaults = new LinkedHashMap<String, Expression>();
        parameters(parameters, defaults);
        expect(Token.Kind.BLOCK_END);
        List<Statement> body = body(Set.of("endmacro"));
        take();
        return new Statement.Macro(line, name, List.copyOf(parameters), defaults, body);
    }

    private void parameters(List<String> parameters, Map<String, Expression> defaults) {
        expectOperator("(");
        while (!accept(")")) {
            if (!parameters.isEmpty()) expectOperator(",");
            String parameter = expect(Token.Kind.NAME).text();
            parameters.add(parameter);
            if (accept("=")) defaults.put(parameter, expression());
        }
    }

    private Statement callBlock(int line) {
        var parameters = new ArrayList<String>();
        var defaults = new LinkedHashMap<String, Expression>();
        if (peek().is(Token.Kind.OPERATOR, "(")) parameters(parameters, defaults);
        Token token = peek();
        if (!(postfix(primary()) instanceof Expression.Call call)) throw unexpected(token, "a call");
        expect(Token.Kind.BLOCK_END);
        List<Statement> body = body(Set.of("endcall"));
        take();
        var caller = new Statement.Macro(line, Interpreter.CALLER, List.copyOf(parameters), defaults, body);
        return new Statement.CallBlock(line, caller, call);
    }

    private Statement filterBlock(int line) {
        Expression filters = new Expression.Name(line, HIDDEN);
        do {
            String name = expect(Token.Kind.NAME).text();
            filters = new Expression.Filter(line, filters, name, accept("(") ? arguments() : Arguments.NONE);
        } while (accept("|"));
        expect(Token.Kind.BLOCK_END);
        List<Statement> body = body(Set.of("endfilter"));
        take();
        return new Statement.FilterBlock(line, filters, body);
    }

    private Statement with(int line) {
        var names = new ArrayList<String>();
        var values = new ArrayList<Expression>();
        while (peek().kind() != Token.Kind.BLOCK_END) {
            if (!names.isEmpty()) expectOperator(",");
            names.add(expect(Token.Kind.NAME).text());
            expectOperator("=");
            values.add(expression());
        }
        expect(Token.Kind.BLOCK_END);
        List<Statement> body = body(Set.of("endwith"));
        take();
        return new Statement.With(line, List.copyOf(names), List.copyOf(values), body);
    }

    private List<String> targets() {
        var names = new ArrayList<String>();
        boolean bracket = accept("(");
        do names.add(expect(Token.Kind.NAME).text());
        while (accept(","));
        if (bracket) expectOperator(")");
        return List.copyOf(names);
    }

    // Expressions

    /// One expression, or several with commas between, which make a list.
    private Expression tuple() {
        Expression first = expression();
        if (!peek().is(Token.Kind.OPERATOR, ",")) return first;
        var items = new ArrayList<Expression>(List.of(first));
        while (accept(",")) items.add(expression());
        return new Expression.Sequence(first.line(), List.copyOf(items));
    }

    private Expression expression() {
        limits.enter(peek().line());
        Expression value = or();
        while (acceptName("if")) {
            Expression test = or();
            Expression otherwise = acceptName("else") ? expression() : null;
            value = new Expression.Conditional(test.line(), test, value, otherwise);
        }
        limits.leave();
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (acceptName("or")) left = new Expression.Or(left.line(), left, and());
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (acceptName("and")) left = new Expression.And(left.line(), left, not());
        return left;
    }

    private Expression not() {
        Token token = peek();
        if (!acceptName("not")) return comparison();
        limits.enter(token.line());
        Expression operand = not();
        limits.leave();
        return new Expression.Not(token.line(), operand);
    }

    private Expression comparison() {
        Expression first = sum();
        var operands = new ArrayList<Expression>(List.of(first));
        var relations = new ArrayList<Relation>();
        for (Relation relation = relation(); relation != null; relation = relation()) {
            relations.add(relation);
            operands.add(sum());
        }
        if (relations.isEmpty()) return first;
        return new Expression.Comparison(first.line(), List.copyOf(operands), List.copyOf(relations));
    }

    private @Nullable Relation relation() {
        if (acceptName("in")) return Relation.IN;
        if (peek().is(Token.Kind.NAME, "not") && tokens.get(next + 1).is(Token.Kind.NAME, "in")) {
            next += 2;
            return Relation.NOT_IN;
        }
        if (accept("==")) return Relation.EQUAL;
        if (accept("!=")) return Relation.NOT_EQUAL;
        if (accept("<=")) return Relation.LESS_OR_EQUAL;
        if (accept(">=")) return Relation.GREATER_OR_EQUAL;
        if (accept("<")) return Relation.LESS;
        return accept(">") ? Relation.GREATER : null;
    }

    private Expression sum() {
        Expression left = concatenation();
        while (true) {
            if (accept("+")) left = new Expression.Binary(left.line(), Operator.ADD, left, concatenation());
            else if (accept("-")) left = new Expression.Binary(left.line(), Operator.SUBTRACT, left, concatenation());
            else return left;
        }
    }

    private Expression concatenation() {
        Expression left = product();
        while (accept("~")) left = new Expression.Binary(left.line(), Operator.CONCATENATE, left, product());
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (true) {
            if (accept("*")) left = new Expression.Binary(left.line(), Operator.MULTIPLY, left, power());
            else if (accept("//")) left = new Expression.Binary(left.line(), Operator.FLOOR_DIVIDE, left, power());
            else if (accept("/")) left = new Expression.Binary(left.line(), Operator.DIVIDE, left, power());
            else if (accept("%")) left = new Expression.Binary(left.line(), Operator.MODULO, left, power());
            else return left;
        }
    }

    private Expression power() {
        Expression left = signed(true);
        while (accept("**")) left = new Expression.Binary(left.line(), Operator.POWER, left, signed(true));
        return left;
    }

    private Expression signed(boolean withFilters) {
        Token token = peek();
        limits.enter(token.line());
        Expression value;
        if (accept("-")) value = new Expression.Negative(token.line(), signed(false));
        else if (accept("+")) value = signed(false);
        else value = postfix(primary());
        limits.leave();
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        Token token = take();
        int line = token.line();
        switch (token.kind()) {
            case NAME -> {
                return switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(line, true);
                    case "false", "False" -> new Expression.Literal(line, false);
                    case "none", "None" -> new Expression.Literal(line, None.NONE);
                    default -> new Expression.Name(line, token.text());
                };
            }
            case STRING -> {
                var value = new StringBuilder(token.text());
                while (peek().kind() == Token.Kind.STRING) value.append(take().text());
                return new Expression.Literal(line, Text.trusted(value.toString()));
            }
            case INTEGER -> {
                return new Expression.Literal(line, integer(token));
            }
            case FLOAT -> {
                return new Expression.Literal(
                        line, Double.parseDouble(token.text().replace("_", "")));
            }
            case OPERATOR -> {
                if (token.text().equals("[")) return new Expression.Sequence(line, items("]"));
                if (token.text().equals("{")) return dictionary(line);
                if (token.text().equals("(")) return parenthesis(line);
                throw unexpected(token, "a value");
            }
            case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token, "a value");
        }
        throw new AssertionError("every kind of token returns or throws");
    }

    private static Long integer(Token token) {
        try {
            return Long.parseLong(token.text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw new TemplateException(token.line(), "integer " + token.text() + " has more than 64 bits");
        }
    }

    private Expression parenthesis(int line) {
        if (accept(")")) return new Expression.Sequence(line, List.of());
        Expression first = expression();
        if (accept(")")) return first;
        expectOperator(",");
        var items = new ArrayList<Expression>(List.of(first));
        items.addAll(items(")"));
        return new Expression.Sequence(line, List.copyOf(items));
    }

    private List<Expression> items(String close) {
        var items = new ArrayList<Expression>();
        while (!accept(close)) {
            items.add(expression());
            if (!peek().is(Token.Kind.OPERATOR, close)) expectOperator(",");
        }
        return List.copyOf(items);
    }

    private Expression dictionary(int line) {
        var keys = new ArrayList<Expression>();
        var values = new ArrayList<Expression>();
        while (!accept("}")) {
            keys.add(expression());
            expectOperator(":");
            values.add(expression());
            if (!peek().is(Token.Kind.OPERATOR, "}")) expectOperator(",");
        }
        return new Expression.Dictionary(line, List.copyOf(keys), List.copyOf(values));
    }

    private Expression postfix(Expression target) {
        while (true) {
            int line = peek().line();
            if (accept(".")) target = attribute(line, target);
            else if (accept("[")) target = subscript(line, target);
            else if (accept("(")) target = new Expression.Call(line, target, arguments());
            else return target;
        }
    }

    private Expression attribute(int line, Expression target) {
        Token name = take();
        if (name.kind() == Token.Kind.INTEGER)
            return new Expression.Item(line, target, new Expression.Literal(line, integer(name)));
        if (name.kind() != Token.Kind.NAME) throw unexpected(name, "a name");
        return new Expression.Attribute(line, target, name.text());
    }

    private Expression subscript(int line, Expression target) {
        Expression from = peek().is(Token.Kind.OPERATOR, ":") ? null : expression();
        if (from != null && accept("]")) return new Expression.Item(line, target, from);
        expectOperator(":");
        Expression to = endsBound() ? null : expression();
        Expression step = null;
        if (accept(":") && !peek().is(Token.Kind.OPERATOR, "]")) step = expression();
        expectOperator("]");
        return new Expression.Slice(line, target, from, to, step);
    }

    private boolean endsBound() {
        return peek().is(Token.Kind.OPERATOR, ":") || peek().is(Token.Kind.OPERATOR, "]");
    }

    /// What follows an opening bracket, up to and with the closing one.
    private Arguments arguments() {
        var positional = new ArrayList<Expression>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!accept(")")) {
            if (peek().kind() == Token.Kind.NAME && tokens.get(next + 1).is(Token.Kind.OPERATOR, "=")) {
                String name = take().text();
                take();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!peek().is(Token.Kind.OPERATOR, ")")) expectOperator(",");
        }
        return new Arguments(List.copyOf(positional), named);
    }

    private Expression filtersAndTests(Expression target) {
        while (true) {
            int line = peek().line();
            if (accept("|")) {
                String name = expect(Token.Kind.NAME).text();
                target = new Expression.Filter(line, target, name, accept("(") ? arguments() : Arguments.NONE);
            } else if (acceptName("is")) {
                target = test(line, target);
            } else if (peek().is(Token.Kind.OPERATOR, "(")) {
                take();
                target = new Expression.Call(line, target, arguments());
            } else {
                return target;
            }
        }
    }

    private Expression test(int line, Expression target) {
        boolean negated = acceptName("not");
        String name = expect(Token.Kind.NAME).text();
        Arguments arguments = Arguments.NONE;
        if (accept("(")) arguments = arguments();
        else if (beginsArgument(peek())) arguments = new Arguments(List.of(postfix(primary())), Map.of());
        Expression test = new Expression.Test(line, target, name, arguments);
        return negated ? new Expression.Not(line, test) : test;
    }

    private static boolean beginsArgument(Token token) {
        return switch (token.kind()) {
            case NAME -> !NOT_AN_ARGUMENT.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    // Tokens

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Token.Kind.END) next++;
        return token;
    }

    private boolean accept(String operator) {
        if (!peek().is(Token.Kind.OPERATOR, operator)) return false;
        next++;
        return true;
    }

    private boolean acceptName(String name) {
        if (!peek().is(Token.Kind.NAME, name)) return false;
        next++;
        return true;
    }

    private Token expect(Token.Kind kind) {
        Token token = take();
        if (token.kind() != kind) throw unexpected(token, new Token(kind, "a name or value", 0).described());
        return token;
    }

    private void expectOperator(String operator) {
        Token token = take();
        if (!token.is(Token.Kind.OPERATOR, operator)) throw unexpected(token, "'" + operator + "'");
    }

    private void expectName(String name) {
        Token token = take();
        if (!token.is(Token.Kind.NAME, name)) throw unexpected(token, "'" + name + "'");
    }

    private TemplateException unexpected(Token token, String wanted) {
        return new TemplateException(token.line(), "found " + token.described() + ", expected " + wanted);
    }
}
