package org.diwan.sovereignty.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// A place in a pack's YAML file that remembers its way from the root, so that every refusal names
/// file and field. Reading is strict: a field nobody asked for, a wrong kind and a missing value are
/// refused. Jackson keeps `no` a text (YAML 1.1 would make Norway false).
final class Yaml {
    private static final int MAX_FILE_SIZE = 1 << 20;

    private static final ObjectMapper READER = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final Path file;
    private final String field;
    private final JsonNode node;

    private Yaml(Path file, String field, JsonNode node) {
        this.file = file;
        this.field = field;
        this.node = node;
    }

    /// The root of `file`, which must be an object with only these fields.
    static Yaml read(Path file, String... fields) throws IOException {
        if (!Files.isRegularFile(file)) throw new PackException(file, "file", "is missing");
        if (Files.size(file) > MAX_FILE_SIZE)
            throw new PackException(file, "file", "is longer than " + MAX_FILE_SIZE + " bytes");
        try {
            return new Yaml(file, "", READER.readTree(Files.readAllBytes(file))).only(fields);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new PackException(file, at == null ? "file" : "line " + at.getLineNr(), e.getOriginalMessage());
        }
    }

    /// This object, after checking that it has no field but these.
    Yaml only(String... fields) throws PackException {
        if (!node.isObject()) throw wrong("must be an object with the fields " + String.join(", ", fields));
        var known = Set.of(fields);
        for (var entry : node.properties())
            if (!known.contains(entry.getKey()))
                throw at(entry.getKey()).wrong("is not a field here; known are " + String.join(", ", fields));
        return this;
    }

    /// Where this is in the file, such as `rules[2].applies[0]`.
    String field() {
        return field;
    }

    boolean has(String name) {
        return node.has(name);
    }

    Yaml at(String name) {
        JsonNode child = node.get(name);
        return new Yaml(
                file, field.isEmpty() ? name : field + "." + name, child == null ? MissingNode.getInstance() : child);
    }

    String text() throws PackException {
        if (!node.isTextual() || node.textValue().isBlank()) throw wrong("must be a text");
        return node.textValue();
    }

    /// A whole number in [lo, hi].
    int whole(int lo, int hi) throws PackException {
        if (!node.isInt() || node.intValue() < lo || node.intValue() > hi)
            throw wrong("must be a whole number from " + lo + " to " + hi);
        return node.intValue();
    }

    boolean flag() throws PackException {
        if (!node.isBoolean()) throw wrong("must be true or false");
        return node.booleanValue();
    }

    /// The elements of this list, each with its index in its name.
    List<Yaml> list() throws PackException {
        if (!node.isArray()) throw wrong("must be a list");
        var elements = new ArrayList<Yaml>();
        for (int i = 0; i < node.size(); i++) elements.add(new Yaml(file, field + "[" + i + "]", node.get(i)));
        return elements;
    }

    /// The elements of the list `name`, none if there is no such field.
    List<Yaml> listOrNone(String name) throws PackException {
        return has(name) ? at(name).list() : List.of();
    }

    List<String> texts() throws PackException {
        var texts = new ArrayList<String>();
        for (var element : list()) texts.add(element.text());
        return List.copyOf(texts);
    }

    /// The fields of this object, in the order of the file.
    Map<String, Yaml> fields() throws PackException {
        if (!node.isObject()) throw wrong("must be an object");
        var fields = new LinkedHashMap<String, Yaml>();
        for (var entry : node.properties()) fields.put(entry.getKey(), at(entry.getKey()));
        return fields;
    }

    /// This text as `convert` reads it; what `convert` says against it is said with file and field.
    <T> T as(Function<String, T> convert) throws PackException {
        try {
            return convert.apply(text());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    <T> List<T> all(Function<String, T> convert) throws PackException {
        var values = new ArrayList<T>();
        for (var element : list()) values.add(element.as(convert));
        return List.copyOf(values);
    }

    PackException wrong(String problem) {
        return new PackException(file, field.isEmpty() ? "file" : field, node.isMissingNode() ? "is missing" : problem);
    }
}
