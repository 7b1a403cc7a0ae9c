package org.diwan.language;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One turn of a conversation.
///
/// @param role `system`, `user`, `assistant` or `tool`
/// @param content what was said; empty for an assistant's turn that only calls tools
/// @param more further fields that a template may read, such as `tool_calls` or `name`: strings,
///     numbers, booleans, lists and maps of them
public record ChatMessage(String role, String content, Map<String, Object> more) {
    public ChatMessage {
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    public ChatMessage(String role, String content) {
        this(role, content, Map.of());
    }
}
