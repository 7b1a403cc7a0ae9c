package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatReply;
import org.diwan.cloud.receipt.Told;
import org.diwan.cloud.serving.OutputGuard;
import org.diwan.language.ToolCall;
import org.jspecify.annotations.Nullable;

/// A reply behind the output guard: it hands on what the guard lets pass, when it does. Log-probabilities
/// name tokens and are not handed on. After an error what is held stays untold.
final class GuardedReply extends Reply {
    private final Reply reply;
    private final OutputGuard guard;

    GuardedReply(Reply reply, OutputGuard guard) {
        super(reply.response, reply.words);
        this.reply = reply;
        this.guard = guard;
    }

    @Override
    boolean piece(String text, @Nullable ArrayNode logprobs) {
        endReasoning();
        return reply.piece(guard.words(text), null);
    }

    @Override
    boolean reasoning(String text) {
        String told = guard.reasoning(text);
        return told.isEmpty() ? reply.piece("", null) : reply.reasoning(told);
    }

    /// A model reasons before it speaks, never after.
    private void endReasoning() {
        String rest = guard.endReasoning();
        if (!rest.isEmpty()) reply.reasoning(rest);
    }

    @Override
    boolean call(int index, ToolCall call) {
        endReasoning();
        return reply.call(index, guard.call(call));
    }

    @Override
    Told told() {
        endReasoning();
        reply.piece(guard.endWords(), null);
        return Told.of(guard);
    }

    @Override
    void finish(String finish, ChatReply.@Nullable Usage usage) {
        reply.finish(finish, usage);
    }

    @Override
    void fail(ApiError error) {
        reply.fail(error);
    }
}
