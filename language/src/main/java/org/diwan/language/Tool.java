package org.diwan.language;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A function that the model may ask its caller to call.
///
/// @param description what it does, for the model; empty when the caller did not say
/// @param parameters JSON Schema of its arguments, an object; empty for none
/// @param strict whether a call may not be free of `parameters` even where no grammar can hold them
public record Tool(String name, String description, Map<String, Object> parameters, boolean strict) {
    /// Longest name: what the OpenAI API allows.
    public static final int MAX_NAME = 64;

    /// A tool that is not strict.
    public Tool(String name, String description, Map<String, Object> parameters) {
        this(name, description, parameters, false);
    }

    public Tool {
        if (!name.matches("[a-zA-Z0-9_.-]{1," + MAX_NAME + "}"))
            throw new IllegalArgumentException("tool name '" + name + "', must be 1 to " + MAX_NAME
                    + " of the characters a-z, A-Z, 0-9, '_', '.' and '-'");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /// As templates read it: `{"type": "function", "function": {"name", "description",
    /// "parameters"}}`.
    Map<String, Object> json() {
        var function = new LinkedHashMap<String, Object>();
        function.put("name", name);
        if (!description.isEmpty()) function.put("description", description);
        if (!parameters.isEmpty()) function.put("parameters", parameters);
        var tool = new LinkedHashMap<String, Object>();
        tool.put("type", "function");
        tool.put("function", function);
        return tool;
    }
}
