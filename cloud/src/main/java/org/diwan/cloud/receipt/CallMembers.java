package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.ToolCall;
import org.diwan.sovereignty.ledger.VerificationException;

/// Calls of tools as the member `toolCalls` of an opening:
/// `[{"id": "call_1", "name": "weather", "arguments": "{\"city\": \"Riyadh\"}"}]`.
final class CallMembers {
    private CallMembers() {}

    static List<Map<String, String>> json(List<ToolCall> calls) {
        return calls.stream()
                .map(call -> Map.of("id", call.id(), "name", call.name(), "arguments", call.arguments()))
                .toList();
    }

    /// The calls among `fields`, none where the member is absent.
    static List<ToolCall> parse(EntryFields fields) throws VerificationException {
        var calls = new ArrayList<ToolCall>();
        for (Object each : fields.listOrEmpty("toolCalls")) {
            var call = new EntryFields(
                    each, fields.path("toolCalls[" + calls.size() + "]"), Set.of("id", "name", "arguments"));
            try {
                calls.add(new ToolCall(call.text("id"), call.text("name"), call.text("arguments")));
            } catch (IllegalArgumentException e) {
                throw new VerificationException(call.path("arguments") + ": " + e.getMessage());
            }
        }
        return calls;
    }
}
