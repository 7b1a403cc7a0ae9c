package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.diwan.language.Tool;
import org.diwan.language.ToolCall;
import org.diwan.language.grammar.Grammar;
import org.jspecify.annotations.Nullable;

/// Reads what a request says of form and tools: OpenAI's `response_format`, `tools` and `tool_choice`;
/// `guided_json`, `guided_regex` and `guided_grammar` as vLLM names them, `grammar` as llama.cpp does.
final class TermsFields {
    /// As OpenAI.
    static final int MAX_TOOLS = 128;

    private TermsFields() {}

    static Terms read(Fields fields) {
        List<Tool> tools = tools(fields);
        JsonNode choice = fields.node("tool_choice");
        boolean parallel = fields.node("parallel_tool_calls") == null || fields.flag("parallel_tool_calls");
        if (tools.isEmpty()) {
            if (choice != null && !isText(choice, "none") && !isText(choice, "auto"))
                throw ApiError.invalid("tool_choice", "'tool_choice' is only allowed when 'tools' are given.");
            return new Terms(form(fields), List.of(), Terms.Choice.NONE, null, true);
        }
        Form form = form(fields);
        Terms terms = chosen(choice, tools, form, parallel);
        if (form != null && terms.choice() != Terms.Choice.NONE)
            throw ApiError.unsupported(
                    form.kind().field(),
                    "A form for the answer beside 'tools' is supported only with tool_choice 'none'.");
        return terms;
    }

    private static Terms chosen(@Nullable JsonNode choice, List<Tool> tools, @Nullable Form form, boolean parallel) {
        if (choice == null || isText(choice, "auto")) return new Terms(form, tools, Terms.Choice.AUTO, null, parallel);
        if (isText(choice, "none")) return new Terms(form, tools, Terms.Choice.NONE, null, parallel);
        if (isText(choice, "required")) return new Terms(form, tools, Terms.Choice.REQUIRED, null, parallel);
        if (!choice.isObject())
            throw ApiError.invalid(
                    "tool_choice", "'tool_choice' must be 'none', 'auto', 'required' or a function by name.");
        var fields = new Fields(choice, "tool_choice.");
        function(fields);
        var named = new Fields(object(fields, "function"), "tool_choice.function.");
        String name = named.requiredText("name");
        named.refuseOthers();
        fields.refuseOthers();
        if (tools.stream().noneMatch(tool -> tool.name().equals(name)))
            throw ApiError.invalid(
                    "tool_choice.function.name", "'tool_choice.function.name' is '" + name + "', which no tool has.");
        return new Terms(form, tools, Terms.Choice.REQUIRED, name, parallel);
    }

    private static boolean isText(JsonNode node, String text) {
        return node.isTextual() && node.textValue().equals(text);
    }

    private static void function(Fields fields) {
        String type = fields.requiredText("type");
        if (!type.equals("function"))
            throw ApiError.unsupported(
                    fields.path("type"),
                    "'" + fields.path("type") + "' is '" + type + "'; Diwan knows only 'function'.");
    }

    private static JsonNode object(Fields fields, String name) {
        JsonNode node = fields.node(name);
        if (node == null)
            throw ApiError.invalid(fields.path(name), "Missing required parameter: '" + fields.path(name) + "'.");
        if (!node.isObject()) throw fields.wrong(name, "an object", node);
        return node;
    }

    private static List<Tool> tools(Fields fields) {
        JsonNode list = fields.node("tools");
        if (list == null) return List.of();
        if (!list.isArray()) throw fields.wrong("tools", "an array", list);
        if (list.size() > MAX_TOOLS)
            throw ApiError.invalid(
                    "tools", "'tools' has " + list.size() + " elements; the limit is " + MAX_TOOLS + ".");
        var tools = new ArrayList<Tool>(list.size());
        var names = new HashSet<String>();
        for (JsonNode element : list) {
            String where = "tools[" + tools.size() + "]";
            if (!element.isObject()) throw fields.wrong(where, "an object", element);
            Tool tool = tool(element, where + ".");
            if (!names.add(tool.name()))
                throw ApiError.invalid(where + ".function.name", "Two tools have the name '" + tool.name() + "'.");
            tools.add(tool);
        }
        return tools;
    }

    @SuppressWarnings("unchecked") // every object of a parsed JSON text has strings as keys
    private static Tool tool(JsonNode node, String prefix) {
        var fields = new Fields(node, prefix);
        function(fields);
        var function = new Fields(object(fields, "function"), prefix + "function.");
        fields.refuseOthers();
        String name = function.requiredText("name");
        String description = function.text("description");
        boolean strict = function.flag("strict");
        JsonNode parameters = function.node("parameters");
        if (parameters != null && !parameters.isObject()) throw function.wrong("parameters", "an object", parameters);
        function.refuseOthers();
        try {
            var schema = parameters == null ? Map.<String, Object>of() : (Map<String, Object>) Json.plain(parameters);
            return new Tool(name, description == null ? "" : description, schema == null ? Map.of() : schema, strict);
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid(function.path("name"), "Invalid tool: " + e.getMessage() + ".");
        }
    }

    private static @Nullable Form form(Fields fields) {
        var forms = new ArrayList<Form>();
        Form format = responseFormat(fields);
        if (format != null) forms.add(format);
        JsonNode schema = fields.node("guided_json");
        if (schema != null)
            forms.add(new Form(Form.Kind.JSON_SCHEMA, schema.isTextual() ? schema.textValue() : schema.toString()));
        String regex = fields.text("guided_regex");
        if (regex != null) forms.add(new Form(Form.Kind.REGEX, regex));
        for (String field : List.of("guided_grammar", "grammar")) {
            String grammar = fields.text(field);
            if (grammar != null) forms.add(new Form(Form.Kind.GRAMMAR, grammar));
        }
        if (forms.size() > 1)
            throw ApiError.invalid(
                    forms.get(1).kind().field(),
                    "More than one form for the answer: send one of 'response_format', 'guided_json', 'guided_regex', "
                            + "'guided_grammar' and 'grammar'.");
        if (forms.isEmpty()) return null;
        Form form = forms.getFirst();
        if (form.source().length() > Grammar.MAX_SOURCE)
            throw ApiError.invalid(
                    form.kind().field(),
                    "'" + form.kind().field() + "' has " + form.source().length() + " characters; the limit is "
                            + Grammar.MAX_SOURCE + ".");
        return form;
    }

    private static @Nullable Form responseFormat(Fields fields) {
        if (fields.node("response_format") == null) return null;
        var format = new Fields(object(fields, "response_format"), "response_format.");
        String type = format.requiredText("type");
        Form form =
                switch (type) {
                    case "text" -> null;
                    case "json_object" -> new Form(Form.Kind.JSON_OBJECT, "");
                    case "json_schema" -> schema(format);
                    default ->
                        throw ApiError.invalid(
                                "response_format.type",
                                "Invalid value for 'response_format.type': '" + type
                                        + "'. Supported values are: 'text', 'json_object', 'json_schema'.");
                };
        format.refuseOthers();
        return form;
    }

    /// Answers are held to the schema, `strict` or not.
    private static Form schema(Fields format) {
        var fields = new Fields(object(format, "json_schema"), "response_format.json_schema.");
        fields.requiredText("name");
        fields.text("description");
        fields.flag("strict");
        JsonNode schema = fields.node("schema");
        if (schema == null)
            throw ApiError.invalid(
                    fields.path("schema"), "Missing required parameter: '" + fields.path("schema") + "'.");
        fields.refuseOthers();
        return new Form(Form.Kind.JSON_SCHEMA, schema.toString());
    }

    /// The calls that an assistant's turn made.
    static List<ToolCall> calls(Fields message) {
        JsonNode list = message.node("tool_calls");
        if (list == null) return List.of();
        if (!list.isArray()) throw message.wrong("tool_calls", "an array", list);
        if (list.size() > MAX_TOOLS)
            throw ApiError.invalid(
                    message.path("tool_calls"),
                    "'" + message.path("tool_calls") + "' has " + list.size() + " elements; the limit is " + MAX_TOOLS
                            + ".");
        var calls = new ArrayList<ToolCall>(list.size());
        for (JsonNode element : list) {
            String where = message.path("tool_calls[" + calls.size() + "]");
            if (!element.isObject()) throw message.wrong("tool_calls[" + calls.size() + "]", "an object", element);
            var fields = new Fields(element, where + ".");
            function(fields);
            String id = fields.requiredText("id");
            fields.node("index"); // As it stood in a stream.
            var function = new Fields(object(fields, "function"), where + ".function.");
            fields.refuseOthers();
            String name = function.requiredText("name");
            String arguments = function.requiredText("arguments");
            function.refuseOthers();
            try {
                calls.add(new ToolCall(id, name, arguments));
            } catch (IllegalArgumentException e) {
                throw ApiError.invalid(
                        function.path("arguments"),
                        "'" + function.path("arguments") + "' must be a JSON object as a string: " + e.getMessage()
                                + ".");
            }
        }
        return calls;
    }
}
