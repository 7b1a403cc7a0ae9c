package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An embeddings request (OpenAI API reference, "Create embeddings", 2026); what Diwan does not honour
/// is refused by name.
///
/// @param base64 whether vectors are wanted as base64 of little-endian float32, else as numbers
/// @param dimensions of the vectors, or null for as many as the model has
public record EmbedRequest(
        String model,
        List<Input> inputs,
        boolean base64,
        @Nullable Integer dimensions,
        String person) {
    /// What one vector is made of.
    public sealed interface Input {
        record Text(String text) implements Input {}

        /// A text that the client cut into the model's tokens itself, without those that begin and end
        /// it.
        record Tokens(List<Integer> ids) implements Input {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }
    }

    /// As OpenAI.
    public static final int MAX_INPUTS = 2_048;

    /// More than any model has.
    private static final int MAX_DIMENSIONS = 1 << 20;

    public EmbedRequest {
        inputs = List.copyOf(inputs);
    }

    /// Reads a request body.
    ///
    /// @throws ApiError 400 naming the field, the value and the limit
    public static EmbedRequest parse(byte[] body) {
        var fields = Fields.of(body);
        String model = fields.requiredText("model");
        var inputs = inputs(fields);
        String format = fields.text("encoding_format");
        if (format != null && !format.equals("float") && !format.equals("base64"))
            throw ApiError.invalid(
                    "encoding_format",
                    "Invalid value for 'encoding_format': '" + format + "'. Supported values are: 'float', 'base64'.");
        Long dimensions = fields.whole("dimensions", 1, MAX_DIMENSIONS);
        String person = ChatRequest.person(fields);
        fields.refuseOthers();
        return new EmbedRequest(
                model, inputs, "base64".equals(format), dimensions == null ? null : dimensions.intValue(), person);
    }

    private static List<Input> inputs(Fields fields) {
        JsonNode input = fields.node("input");
        if (input == null) throw ApiError.invalid("input", "Missing required parameter: 'input'.");
        if (input.isTextual()) return List.of(text(input, "input"));
        if (!input.isArray()) throw fields.wrong("input", "a string, or an array of strings or of token ids", input);
        if (input.isEmpty()) throw ApiError.invalid("input", "'input' is empty; expected at least one text.");
        if (input.get(0).isNumber()) return List.of(tokens(input, "input"));
        if (input.size() > MAX_INPUTS)
            throw ApiError.invalid(
                    "input", "'input' has " + input.size() + " elements; the limit is " + MAX_INPUTS + ".");
        var inputs = new ArrayList<Input>(input.size());
        for (JsonNode element : input) {
            String where = "input[" + inputs.size() + "]";
            if (element.isTextual()) inputs.add(text(element, where));
            else if (element.isArray()) inputs.add(tokens(element, where));
            else throw wrong(where, "a string or an array of token ids", element);
        }
        return inputs;
    }

    private static Input text(JsonNode node, String where) {
        String text = Fields.wholeUnicode(node.textValue(), where);
        if (text.isEmpty()) throw ApiError.invalid(where, "'" + where + "' is empty; there is nothing to embed.");
        return new Input.Text(text);
    }

    private static Input tokens(JsonNode list, String where) {
        if (list.isEmpty()) throw ApiError.invalid(where, "'" + where + "' has no tokens; there is nothing to embed.");
        var ids = new ArrayList<Integer>(list.size());
        for (JsonNode id : list) {
            String at = where + "[" + ids.size() + "]";
            if (!id.isIntegralNumber()) throw wrong(at, "a token id", id);
            if (!id.canConvertToInt() || id.intValue() < 0)
                throw ApiError.invalid(at, "Invalid value for '" + at + "': " + id + " is not a token id.");
            ids.add(id.intValue());
        }
        return new Input.Tokens(ids);
    }

    private static ApiError wrong(String where, String expected, JsonNode value) {
        return ApiError.invalid(
                where,
                "Invalid type for '" + where + "': expected " + expected + ", but got " + Fields.kind(value)
                        + " instead.");
    }
}
