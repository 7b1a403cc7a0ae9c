package org.diwan.language.grammar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerFormat;
import org.diwan.language.answer.AnswerFormat.Frame;
import org.jspecify.annotations.Nullable;

/// Which texts an answer may be: a context-free grammar over characters, named rules, one of which
/// stands for the whole text. Immutable; made ready for a vocabulary by [TokenGrammar].
public final class Grammar {
    /// Most UTF-16 units in the source of a grammar; larger schemas have to be split or simplified.
    public static final int MAX_SOURCE = 1 << 18;

    /// Deepest nesting of brackets or schemas in a source; readers recurse.
    public static final int MAX_DEPTH = 100;

    static final String START = "root";

    private final Map<String, Expression> rules;
    private final String start;

    /// @param rules of which [#START] is the whole text
    Grammar(Map<String, Expression> rules) {
        this(rules, START);
    }

    /// @param start name of the rule that is the whole text
    Grammar(Map<String, Expression> rules, String start) {
        this.rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        this.start = start;
        if (!rules.containsKey(start)) throw new GrammarException("the grammar has no rule '" + start + "'");
    }

    /// The texts that a regular expression matches from beginning to end; see [RegexReader].
    ///
    /// @throws GrammarException saying what of the expression is not supported, and where
    public static Grammar regex(String pattern) {
        return new Grammar(Map.of(START, RegexReader.whole(pattern)));
    }

    /// A grammar in llama.cpp's notation; see [GbnfReader].
    ///
    /// @throws GrammarException saying what cannot be read, and in which line
    public static Grammar gbnf(String source) {
        return new Grammar(GbnfReader.read(source));
    }

    /// The JSON texts that a schema accepts, in the form that [JsonSchemaReader] describes.
    ///
    /// @param schema as the JDK's own types: `Map` in the order of the properties wanted, `List`,
    ///     `String`, `Number`, `Boolean`, null
    /// @throws GrammarException naming the keyword that is not supported, and where it is
    public static Grammar jsonSchema(@Nullable Object schema) {
        var rules = new LinkedHashMap<>(JsonForm.rules());
        rules.put(START, JsonSchemaReader.read(schema, "", rules));
        return new Grammar(rules);
    }

    /// Any JSON object.
    public static Grammar jsonObject() {
        return jsonSchema(Map.of("type", "object"));
    }

    /// One call of one of `tools`, as a family of models spells it, with arguments that its parameters
    /// accept: what [org.diwan.language.answer.AnswerParser] makes a call of.
    ///
    /// @param control those of the format's marks that are control tokens of the vocabulary
    /// @throws GrammarException when the family does not write arguments as JSON, or as [#jsonSchema]
    public static Grammar call(AnswerFormat format, List<Tool> tools, Set<String> control) {
        return new Grammar(CallRules.one(format, tools, control));
    }

    /// Free text in which every call, from its mark on, is as [#call] has it; a tool that is not `strict` may
    /// have parameters that no grammar holds, and then takes any object.
    ///
    /// @param control as for [#call]
    /// @return nothing when the family's calls begin with no mark of their own, or are not written as JSON
    /// @throws GrammarException when the parameters of a strict tool ask for what is not supported
    public static Optional<Grammar> freeCalls(AnswerFormat format, List<Tool> tools, Set<String> control) {
        return Optional.ofNullable(FreeCallRules.of(format, tools, control)).map(Grammar::new);
    }

    /// The same texts after reasoning, which is free up to the mark that closes it.
    ///
    /// @param begun whether the prompt has opened the reasoning; else the model may open it or not
    /// @param control as for [#call]
    public Grammar afterReasoning(Frame frame, boolean begun, Set<String> control) {
        return new Grammar(ReasoningRules.before(this, frame, begun, control), ReasoningRules.START);
    }

    Map<String, Expression> rules() {
        return rules;
    }

    String start() {
        return start;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grammar that && start.equals(that.start) && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }
}
