package org.diwan.language.answer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerPart.Call;
import org.diwan.language.json.JsonText;
import org.jspecify.annotations.Nullable;

/// The tools that a model may call, and what counts as a call of one.
final class Offer {
    private static final List<String> NAME_KEYS = List.of("name", "tool_name", "function");
    private static final List<String> ARGUMENT_KEYS = List.of("arguments", "parameters");

    private final Map<String, Tool> tools = new HashMap<>();
    private final boolean nameIsKey;

    /// @param nameIsKey a call is `{"name": {arguments}}`
    Offer(List<Tool> tools, boolean nameIsKey) {
        for (Tool tool : tools) this.tools.put(tool.name(), tool);
        this.nameIsKey = nameIsKey;
    }

    boolean isEmpty() {
        return tools.isEmpty();
    }

    @Nullable
    Tool find(String name) {
        return tools.get(name);
    }

    /// The call that `object`, a whole JSON object, spells; null when it is none. Models mix up the
    /// names of the members, so all known ones are read.
    @Nullable
    Call call(String object) {
        Map<String, Object> members;
        try {
            members = JsonText.object(object);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (nameIsKey && members.size() == 1) {
            String only = members.keySet().iterator().next();
            if (tools.containsKey(only)) return call(only, JsonText.spelling(object, only));
        }
        // OpenAI's own spelling: {"type": "function", "function": {"name", "arguments"}}.
        if (members.get("function") instanceof Map<?, ?>) {
            String function = JsonText.spelling(object, "function");
            return function == null ? null : call(function);
        }
        for (String key : NAME_KEYS)
            if (members.get(key) instanceof String name) return call(name, arguments(object, members));
        return null;
    }

    private static @Nullable String arguments(String object, Map<String, Object> members) {
        for (String key : ARGUMENT_KEYS) {
            Object value = members.get(key);
            // Arguments as JSON in a string, as the OpenAI API writes them.
            if (value instanceof String text) return text;
            if (value != null) return JsonText.spelling(object, key);
        }
        return "{}";
    }

    /// A call of `name`, or null when no such tool is offered or `arguments` is no JSON object.
    @Nullable
    Call call(String name, @Nullable String arguments) {
        if (arguments == null || !tools.containsKey(name)) return null;
        try {
            JsonText.object(arguments);
        } catch (IllegalArgumentException e) {
            return null;
        }
        return new Call(name, arguments);
    }
}
