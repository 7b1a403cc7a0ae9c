package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerFormat;
import org.diwan.language.answer.AnswerFormat.Frame;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.Sequence;

/// Rules for calls of tools: what the model's family writes around the arguments, and between them the
/// JSON that the tool's parameters accept.
final class CallRules {
    private CallRules() {}

    static Map<String, Expression> one(AnswerFormat format, List<Tool> tools, Set<String> control) {
        var rules = new LinkedHashMap<>(JsonForm.rules());
        var calls = new ArrayList<Expression>();
        for (Tool tool : tools) calls.add(call(format, tool, control, rules));
        rules.put(Grammar.START, new Choice(calls));
        return rules;
    }

    private static Expression call(AnswerFormat format, Tool tool, Set<String> control, Map<String, Expression> rules) {
        Frame frame = format.callOf(tool.name())
                .orElseThrow(() -> new GrammarException("the model's format for calls (" + format.name()
                        + ") does not write arguments as JSON, so they cannot be held to a grammar"));
        Expression arguments = held(tool, rules);
        return Expression.sequence(marks(frame.open(), control), arguments, marks(frame.close(), control));
    }

    private static Expression held(Tool tool, Map<String, Expression> rules) {
        return JsonSchemaReader.read(parameters(tool), tool.name() + " ", rules);
    }

    /// What `tool` takes; of a tool that is not strict any object, when its parameters ask for what no grammar
    /// can hold.
    static Expression arguments(Tool tool, Map<String, Expression> rules) {
        if (tool.strict()) return held(tool, rules);
        var more = new LinkedHashMap<>(rules);
        try {
            Expression held = held(tool, more);
            rules.putAll(more);
            return held;
        } catch (GrammarException cannotBeHeld) {
            return JsonForm.OBJECT;
        }
    }

    /// A tool without parameters takes none, and arguments are always an object.
    private static Map<String, Object> parameters(Tool tool) {
        if (tool.parameters().isEmpty()) return Map.of("type", "object", "additionalProperties", false);
        var parameters = new LinkedHashMap<>(tool.parameters());
        Object type = parameters.putIfAbsent("type", "object");
        if (type != null && !type.equals("object"))
            throw new GrammarException("the parameters of a tool are an object, but their type is " + type);
        return parameters;
    }

    /// `text`, in which what spells a control token is that token.
    static Expression marks(String text, Set<String> control) {
        var parts = new ArrayList<Expression>();
        int plain = 0;
        for (int at = 0; at < text.length(); ) {
            String found = "";
            for (String mark : control) if (mark.length() > found.length() && text.startsWith(mark, at)) found = mark;
            if (found.isEmpty()) {
                at++;
                continue;
            }
            parts.add(Expression.text(text.substring(plain, at)));
            parts.add(new Expression.Special(found));
            at += found.length();
            plain = at;
        }
        parts.add(Expression.text(text.substring(plain)));
        return new Sequence(parts);
    }
}
