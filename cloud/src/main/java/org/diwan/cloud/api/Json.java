package org.diwan.cloud.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON from outside, read with limits; JSON to outside, written compactly.
public final class Json {
    /// Largest request body in bytes. A context of 128k tokens is about 600 KB of Arabic text.
    public static final int MAX_BODY_SIZE = 1 << 20;

    /// Deepest nesting that is read; a chat request needs 5.
    public static final int MAX_DEPTH = 32;

    private static final int MAX_NUMBER_DIGITS = 64;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_DIGITS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    /// The one JSON value in `utf8`.
    ///
    /// @throws IOException saying where: not UTF-8, not JSON, a key twice, more than one value,
    ///     nested deeper than [#MAX_DEPTH]
    public static JsonNode parse(byte[] utf8) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not UTF-8", e);
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new IOException(e.getOriginalMessage() + where, e);
        }
    }

    /// An empty object; fields keep the order in which they are put.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// An empty array.
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// `node` in UTF-8, without white space.
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree of JSON nodes can be written", e);
        }
    }

    /// `value` as the JDK's own types, as [org.diwan.base.CanonicalJson] takes them: whole numbers
    /// become `Long`, all others `Double`.
    ///
    /// @throws IllegalArgumentException for a whole number that is no `long`
    public static @Nullable Object plain(JsonNode value) {
        if (value.isNull()) return null;
        if (value.isTextual()) return value.textValue();
        if (value.isBoolean()) return value.booleanValue();
        if (value.isIntegralNumber()) {
            if (!value.canConvertToLong()) throw new IllegalArgumentException("number " + value + " is too large");
            return value.longValue();
        }
        if (value.isNumber()) return value.doubleValue();
        if (value.isArray()) {
            List<@Nullable Object> list = new ArrayList<>(value.size());
            for (JsonNode element : value) list.add(plain(element));
            return list;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        value.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
        return map;
    }
}
