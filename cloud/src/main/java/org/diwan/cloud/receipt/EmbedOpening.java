package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.cloud.api.EmbedRequest.Input;
import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// What was embedded, as the encoder saw it (after redaction).
///
/// @param dimensions of each vector
public record EmbedOpening(List<Input> inputs, int dimensions) implements Asked {
    public EmbedOpening {
        inputs = List.copyOf(inputs);
    }

    /// Each input as `encoder` reads it.
    ///
    /// @throws IllegalArgumentException when a token is none that a client may send
    public List<int[]> tokens(LocalEncoder encoder) {
        return inputs.stream()
                .map(input -> switch (input) {
                    case Input.Text(String text) -> encoder.tokenizer().encodeWhole(text);
                    case Input.Tokens(List<Integer> ids) -> encoder.whole(ids);
                })
                .toList();
    }

    /// A text is a string, tokens an array of their ids.
    @Override
    public Map<String, Object> json() {
        var list = new ArrayList<Object>(inputs.size());
        for (Input input : inputs)
            list.add(
                    switch (input) {
                        case Input.Text(String text) -> text;
                        case Input.Tokens(List<Integer> ids) -> ids;
                    });
        return Map.of("input", list, "dimensions", dimensions);
    }

    static EmbedOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("input", "dimensions"));
        var inputs = new ArrayList<Input>();
        for (Object input : fields.list("input")) {
            String where = fields.path("input[" + inputs.size() + "]");
            switch (input) {
                case String text -> inputs.add(new Input.Text(text));
                case List<?> ids -> inputs.add(new Input.Tokens(EntryFields.tokens(ids, where)));
                case null, default -> throw new VerificationException(where + " is neither a text nor token ids");
            }
        }
        return new EmbedOpening(inputs, fields.count("dimensions"));
    }
}
