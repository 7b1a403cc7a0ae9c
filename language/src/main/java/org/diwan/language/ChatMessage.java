package org.diwan.language;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One turn of a conversation.
///
/// @param role `system`, `user`, `assistant` or `tool`
/// @param content what was said; empty for an assistant's turn that only calls tools
/// @param reasoning what the assistant thought before it spoke; templates decide how much of it the
///     model sees again. Empty for none
/// @param toolCalls what an assistant's turn asks for
/// @param toolCallId which call a turn of role `tool` answers; else empty
/// @param name of the tool that answers, or of the speaker; empty for none
/// @param more further fields that a template may read: strings, numbers, booleans, lists and maps
///     of them
public record ChatMessage(
        String role,
        String content,
        String reasoning,
        List<ToolCall> toolCalls,
        String toolCallId,
        String name,
        Map<String, Object> more) {
    /// Most calls in one turn.
    public static final int MAX_TOOL_CALLS = 128;

    public ChatMessage {
        if (toolCalls.size() > MAX_TOOL_CALLS)
            throw new IllegalArgumentException(
                    toolCalls.size() + " tool calls in one turn, at most " + MAX_TOOL_CALLS + " allowed; split it");
        toolCalls = List.copyOf(toolCalls);
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    public ChatMessage(String role, String content) {
        this(role, content, Map.of());
    }

    public ChatMessage(String role, String content, Map<String, Object> more) {
        this(role, content, "", List.of(), "", "", more);
    }

    /// A turn whose content came in parts of text, one a line.
    public static ChatMessage ofParts(String role, List<String> parts) {
        return new ChatMessage(role, String.join("\n", parts));
    }

    /// A turn of the assistant.
    public static ChatMessage assistant(String content, String reasoning, List<ToolCall> toolCalls) {
        return new ChatMessage("assistant", content, reasoning, toolCalls, "", "", Map.of());
    }

    /// What the tool `name` answered to the call `toolCallId`.
    public static ChatMessage tool(String toolCallId, String name, String content) {
        return new ChatMessage("tool", content, "", List.of(), toolCallId, name, Map.of());
    }

    /// As templates read it: absent fields are absent.
    Map<String, Object> json(boolean argumentsAsText) {
        var turn = new LinkedHashMap<String, Object>();
        turn.put("role", role);
        turn.put("content", content);
        if (!reasoning.isEmpty()) {
            turn.put("reasoning_content", reasoning);
            // Cohere's name for what is thought before a call.
            turn.put("tool_plan", reasoning);
        }
        if (!toolCalls.isEmpty())
            turn.put(
                    "tool_calls",
                    toolCalls.stream().map(call -> call.json(argumentsAsText)).toList());
        if (!toolCallId.isEmpty()) turn.put("tool_call_id", toolCallId);
        if (!name.isEmpty()) turn.put("name", name);
        more.forEach(turn::putIfAbsent);
        return turn;
    }
}
