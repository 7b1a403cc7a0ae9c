package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import org.diwan.cloud.api.Terms;
import org.diwan.cloud.serving.Answer;
import org.diwan.language.ToolCall;
import org.diwan.language.answer.AnswerFormat;
import org.diwan.language.answer.AnswerParser;
import org.diwan.language.answer.AnswerPart;
import org.jspecify.annotations.Nullable;

/// Tells a client what a model says: words, reasoning and calls, each as what it is. Belongs to the
/// request's thread.
final class Speech {
    private final AnswerParser parser;
    private final boolean parallel;
    private final Reply reply;
    private final String receipt;
    private int calls;

    /// @param prompt as text
    /// @param receipt from which the calls of the answer get their ids
    Speech(Terms terms, AnswerFormat format, String prompt, Reply reply, String receipt) {
        this.parser = new AnswerParser(format, terms.offered(), prompt);
        this.parallel = terms.parallel();
        this.reply = reply;
        this.receipt = receipt;
    }

    /// The next piece of the answer; false when the client is gone.
    boolean hear(String text, @Nullable ArrayNode logprobs) {
        boolean there = logprobs == null || reply.piece("", logprobs);
        return tell(parser.push(text)) && there;
    }

    /// Tells what is still held.
    void end() {
        tell(parser.finish());
    }

    /// Whether the answer ended by calling.
    boolean called(Answer.Finish finish) {
        return calls > 0 && finish == Answer.Finish.STOP;
    }

    private boolean tell(List<AnswerPart> parts) {
        boolean there = true;
        for (AnswerPart part : parts)
            there &= switch (part) {
                case AnswerPart.Words(String text) -> reply.piece(text, null);
                case AnswerPart.Reasoning(String text) -> reply.reasoning(text);
                case AnswerPart.Call(String tool, String arguments) -> call(tool, arguments);
            };
        return there;
    }

    /// Where one call is all that the client wants, the others stay untold; the receipt has them.
    private boolean call(String tool, String arguments) {
        int index = calls++;
        if (index > 0 && !parallel) return true;
        return reply.call(index, new ToolCall("call_" + receipt.substring(2) + "_" + index, tool, arguments));
    }
}
