package org.diwan.engine.convert;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A JSON file of settings, such as `config.json`; every complaint names the file and the field.
record Config(Path file, JsonNode json) {
    /// Bytes of a file of settings; real ones have a few thousand.
    static final int MAX_SIZE = 1 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    static Config read(Path file) throws IOException {
        if (Files.size(file) > MAX_SIZE) {
            throw new ConversionException(file, "size", Files.size(file) + " bytes, the limit is " + MAX_SIZE);
        }
        try {
            return new Config(file, JSON.readTree(file.toFile()));
        } catch (JacksonException e) {
            throw new ConversionException(file, "content", "is not JSON: " + e.getOriginalMessage());
        }
    }

    /// Whether the field is there and not null.
    boolean has(String field) {
        return json.hasNonNull(field);
    }

    String text(String field) throws ConversionException {
        JsonNode value = json.path(field);
        if (!value.isTextual()) throw wrong(field, value + ", must be a text");
        return value.textValue();
    }

    /// An integer from 1 to 2³¹ − 1.
    int integer(String field) throws ConversionException {
        JsonNode value = json.path(field);
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
            throw wrong(field, value + ", must be a whole number above 0");
        }
        return value.intValue();
    }

    int integer(String field, int absent) throws ConversionException {
        return has(field) ? integer(field) : absent;
    }

    /// A finite number, as the nearest float.
    float real(String field) throws ConversionException {
        JsonNode value = json.path(field);
        if (!value.isNumber() || !Float.isFinite(value.floatValue())) throw wrong(field, value + ", must be a number");
        return value.floatValue();
    }

    float real(String field, float absent) throws ConversionException {
        return has(field) ? real(field) : absent;
    }

    boolean flag(String field, boolean absent) throws ConversionException {
        if (!has(field)) return absent;
        JsonNode value = json.path(field);
        if (!value.isBoolean()) throw wrong(field, value + ", must be true or false");
        return value.booleanValue();
    }

    /// The object under `field`, empty where there is none.
    Config inner(String field) {
        return new Config(file, json.path(field));
    }

    ConversionException wrong(String field, String problem) {
        return new ConversionException(file, field, problem);
    }
}
