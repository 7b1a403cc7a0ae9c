package org.diwan.language.template;

import java.time.temporal.TemporalAccessor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One template, read and ready. Immutable; any number of threads may render it at once.
///
/// ```
/// Template.parse("{% for m in messages %}<{{ m.role }}>{% endfor %}")
/// ```
public final class Template {
    private final List<Statement> body;

    private Template(List<Statement> body) {
        this.body = body;
    }

    /// The template written as `source`.
    ///
    /// @throws TemplateException naming the line and what cannot be read or is not supported there
    public static Template parse(String source) {
        return new Template(Parser.parse(source));
    }

    /// What the template prints over `variables`. The same input gives the same text.
    ///
    /// @param variables of JSON's types, plus [Text] for strings that are trusted in part; a
    ///     `java.time` value named `strftime_now` becomes the function of that name, at that time
    /// @param trusted names of variables whose strings count as written by the template
    /// @throws TemplateException.Refusal when the template calls `raise_exception`
    /// @throws TemplateException naming the line and the operation that failed, or the limit met
    public Text render(Map<String, Object> variables, Set<String> trusted) {
        var values = new HashMap<String, Object>();
        variables.forEach((name, value) -> values.put(
                name,
                value instanceof TemporalAccessor time
                        ? Functions.clock(time)
                        : Values.of(value, trusted.contains(name))));
        return new Interpreter().render(body, values);
    }
}
