package org.diwan.cloud.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.diwan.cloud.api.ChatReply;
import org.jspecify.annotations.Nullable;

/// The token ids that an upstream tells with its answer, whole or chunk by chunk ([TokenIds] says where).
/// All of them or none: what is no id, or fewer than the upstream counts, is as if nothing was told.
final class ToldTokens {
    /// Most tokens of an answer: as many as it may have bytes.
    static final int MAX_TOKENS = Upstream.MAX_ANSWER_SIZE;

    private static final Pattern NAMED = Pattern.compile("token_id:([0-9]{1,9})");

    private final List<Integer> fields = new ArrayList<>();
    private final List<Integer> logprobs = new ArrayList<>();
    private boolean broken;

    /// Hears an answer, or a chunk of one.
    void add(JsonNode body, JsonNode choice) {
        for (JsonNode id : choice.path("token_ids")) add(fields, id);
        for (JsonNode id : body.path("__verbose").path("tokens")) add(fields, id);
        for (JsonNode token : choice.path("logprobs").path("content")) {
            var named = NAMED.matcher(token.path("token").asText());
            if (token.has("id")) add(logprobs, token.path("id"));
            else if (named.matches()) add(logprobs, IntNode.valueOf(Integer.parseInt(named.group(1))));
        }
    }

    private void add(List<Integer> list, JsonNode id) {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || list.size() == MAX_TOKENS)
            broken = true;
        else list.add(id.intValue());
    }

    /// Every token of the answer in order, or none.
    ///
    /// @param usage what the upstream counts; one fewer is a whole answer, too: some leave out its last token
    List<Integer> all(ChatReply.@Nullable Usage usage) {
        var told = fields.isEmpty() ? logprobs : fields;
        boolean whole = usage == null || told.size() >= usage.completionTokens() - 1;
        return broken || !whole ? List.of() : List.copyOf(told);
    }
}
