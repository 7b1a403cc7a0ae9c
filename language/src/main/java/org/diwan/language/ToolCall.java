package org.diwan.language;

import java.util.LinkedHashMap;
import java.util.Map;
import org.diwan.language.json.JsonText;

/// One call that an assistant's turn asks for.
///
/// @param id names the call, so that a turn of role `tool` can answer it; some templates want nine
///     characters or more
/// @param name of the [Tool]
/// @param arguments a JSON object as text, in the model's own spelling
public record ToolCall(String id, String name, String arguments) {
    /// @throws IllegalArgumentException when `arguments` is no JSON object
    public ToolCall {
        JsonText.object(arguments);
    }

    /// As templates read it, with arguments as a dictionary or, for the few that want that, as
    /// text.
    Map<String, Object> json(boolean argumentsAsText) {
        var function = new LinkedHashMap<String, Object>();
        function.put("name", name);
        function.put("arguments", argumentsAsText ? arguments : JsonText.object(arguments));
        var call = new LinkedHashMap<String, Object>();
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function);
        return call;
    }
}
