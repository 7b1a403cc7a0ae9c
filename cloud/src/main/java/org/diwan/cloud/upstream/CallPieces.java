package org.diwan.cloud.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.diwan.language.ChatMessage;
import org.diwan.language.ToolCall;

/// Puts calls of tools together from the pieces in which a stream brings them: the first piece of a call
/// has its id and name, its arguments come in fragments.
final class CallPieces {
    private static final class Pieces {
        String id = "";
        final StringBuilder name = new StringBuilder();
        final StringBuilder arguments = new StringBuilder();
    }

    private final List<Pieces> calls = new ArrayList<>();

    int count() {
        return calls.size();
    }

    /// @param index of the call, as the stream counts
    /// @throws IOException when a call is left out, or there are too many
    void add(int index, JsonNode piece) throws IOException {
        if (index < 0 || index > calls.size() || index >= ChatMessage.MAX_TOOL_CALLS)
            throw new IOException("its answer has a call number " + index + " after " + calls.size() + " calls");
        if (index == calls.size()) calls.add(new Pieces());
        var call = calls.get(index);
        if (piece.path("id").isTextual()) call.id = piece.path("id").textValue();
        call.name.append(piece.path("function").path("name").asText(""));
        call.arguments.append(piece.path("function").path("arguments").asText(""));
        if (call.arguments.length() > Upstream.MAX_ANSWER_SIZE)
            throw new IOException("its answer is longer than " + Upstream.MAX_ANSWER_SIZE + " characters");
    }

    /// @throws IOException when arguments are no JSON object; none at all are an empty one
    List<ToolCall> whole() throws IOException {
        var whole = new ArrayList<ToolCall>();
        for (var call : calls) {
            String arguments = call.arguments.toString().isBlank() ? "{}" : call.arguments.toString();
            try {
                whole.add(new ToolCall(call.id, call.name.toString(), arguments));
            } catch (IllegalArgumentException e) {
                throw new IOException("its call of '" + call.name + "' has no JSON object for arguments", e);
            }
        }
        return whole;
    }
}
