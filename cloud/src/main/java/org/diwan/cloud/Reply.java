package org.diwan.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatReply;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.Told;
import org.diwan.language.ToolCall;
import org.jspecify.annotations.Nullable;

/// How an answer goes back to the client: in one piece, or as server-sent events. Belongs to the
/// request's thread.
abstract sealed class Reply permits Reply.Whole, Reply.Streamed, GuardedReply {
    final ServerResponse response;
    final ChatReply words;

    Reply(ServerResponse response, ChatReply words) {
        this.response = response;
        this.words = words;
    }

    static Reply of(ServerResponse response, ChatReply words, boolean stream, boolean includeUsage) {
        return stream ? new Streamed(response, words, includeUsage) : new Whole(response, words);
    }

    /// Hands on the next words; false when the client is gone.
    abstract boolean piece(String text, @Nullable ArrayNode logprobs);

    /// Hands on the next of what the model thinks before it speaks; false when the client is gone.
    abstract boolean reasoning(String text);

    /// Hands on the answer's call number `index`, from 0; false when the client is gone.
    abstract boolean call(int index, ToolCall call);

    /// Hands on what is still held, now that all pieces have come. What was told in all, or null where that is what
    /// the model said.
    @Nullable
    Told told() {
        return null;
    }

    /// Ends the answer.
    abstract void finish(String finish, ChatReply.@Nullable Usage usage);

    /// Ends with an error instead; before the first piece it becomes the response's status.
    abstract void fail(ApiError error);

    static final class Whole extends Reply {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final List<ToolCall> calls = new ArrayList<>();
        private @Nullable ArrayNode logprobs;

        Whole(ServerResponse response, ChatReply words) {
            super(response, words);
        }

        @Override
        boolean piece(String more, @Nullable ArrayNode tokens) {
            text.append(more);
            if (tokens == null) return true;
            if (logprobs == null) logprobs = Json.array();
            logprobs.addAll(tokens);
            return true;
        }

        @Override
        boolean reasoning(String more) {
            reasoning.append(more);
            return true;
        }

        @Override
        boolean call(int index, ToolCall call) {
            assert index == calls.size() : "call " + index + " comes after " + calls.size();
            return calls.add(call);
        }

        @Override
        void finish(String finish, ChatReply.@Nullable Usage usage) {
            response.header(Http.RECEIPT, words.receipt());
            var message = new ChatReply.Message(text.toString(), reasoning.toString(), calls);
            Http.send(response, words.whole(message, finish, logprobs, usage));
        }

        @Override
        void fail(ApiError error) {
            Http.send(response, error);
        }
    }

    static final class Streamed extends Reply {
        private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

        private final boolean includeUsage;
        private @Nullable OutputStream out;
        private boolean gone;
        private @Nullable ArrayNode held;

        Streamed(ServerResponse response, ChatReply words, boolean includeUsage) {
            super(response, words);
            this.includeUsage = includeUsage;
        }

        /// Tokens without text wait with their log-probabilities for the text that they belong to.
        @Override
        boolean piece(String text, @Nullable ArrayNode logprobs) {
            if (logprobs != null) held = held == null ? logprobs : held.addAll(logprobs);
            if (text.isEmpty()) return !gone;
            var chunk = words.piece(text, held);
            held = null;
            return write(chunk);
        }

        @Override
        boolean reasoning(String text) {
            return write(words.reasoning(text));
        }

        /// As OpenAI streams a call: first its name, then its arguments, here in one piece.
        @Override
        boolean call(int index, ToolCall call) {
            return write(words.callOpening(index, call)) && write(words.callArguments(index, call));
        }

        @Override
        void finish(String finish, ChatReply.@Nullable Usage usage) {
            write(words.closing(finish));
            if (includeUsage) write(words.usage(usage));
            end();
        }

        @Override
        void fail(ApiError error) {
            if (out == null && !gone) {
                Http.send(response, error);
                return;
            }
            write(error.body());
            end();
        }

        private boolean write(ObjectNode event) {
            if (gone) return false;
            try {
                if (out == null) {
                    out = open();
                    event(out, words.opening());
                }
                event(out, event);
                out.flush();
            } catch (IOException | UncheckedIOException | CloseConnectionException e) {
                // Helidon wraps a broken connection in the last of the three. What was said is recorded all the same.
                gone = true;
            }
            return !gone;
        }

        private OutputStream open() {
            response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
            response.header(HeaderNames.CACHE_CONTROL, "no-cache");
            response.header(Http.RECEIPT, words.receipt());
            return response.outputStream();
        }

        private static void event(OutputStream out, JsonNode event) throws IOException {
            out.write(DATA);
            out.write(Json.bytes(event));
            out.write(END);
        }

        private void end() {
            if (gone || out == null) return;
            try {
                out.write(DONE);
                out.close();
            } catch (IOException | UncheckedIOException | CloseConnectionException e) {
                gone = true;
            }
        }
    }
}
