package org.diwan.robots.vda5050;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One JSON object being written. Members are named as in 3.0.0; null is left out. What the version
/// cannot say is refused, never dropped: a vehicle must not drive by half an order.
final class Out {
    /// `YYYY-MM-DDTHH:mm:ss.fffZ` (§7.2).
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Version version;
    private final Spelling spelling;
    private final @Nullable Out parent;
    private final String name;
    private final int index;
    private final ObjectNode node;

    /// The message itself.
    Out(Version version, String name, ObjectNode node) {
        this(version, null, name, -1, node);
    }

    private Out(Version version, @Nullable Out parent, String name, int index, ObjectNode node) {
        this.version = version;
        this.parent = parent;
        this.name = name;
        this.index = index;
        this.node = node;
        spelling = Spelling.of(version, name);
    }

    /// As `order.nodes[2]`; put together only when something is refused.
    private String path() {
        String last = index < 0 ? name : name + "[" + index + "]";
        return parent == null ? last : parent.path() + "." + last;
    }

    Version version() {
        return version;
    }

    void put(String name, @Nullable String value) {
        node(name, value == null ? null : node.textNode(value));
    }

    void put(String name, @Nullable Double value) {
        node(name, value == null ? null : node.numberNode(value.doubleValue()));
    }

    void put(String name, @Nullable Long value) {
        node(name, value == null ? null : node.numberNode(value.longValue()));
    }

    void put(String name, @Nullable Boolean value) {
        node(name, value == null ? null : node.booleanNode(value));
    }

    void put(String name, @Nullable Instant value) {
        node(name, value == null ? null : node.textNode(TIME.format(value)));
    }

    void put(String name, @Nullable Enum<?> value) {
        node(name, value == null ? null : node.textNode(word(name, value)));
    }

    void put(String name, @Nullable JsonNode value) {
        node(name, value);
    }

    <T> void put(String name, @Nullable T value, BiConsumer<Out, T> writer) {
        node(name, value == null ? null : object(name, -1, value, writer));
    }

    /// An array that is always there; a version that lacks it takes none but an empty one.
    <T> void list(String name, List<T> values, BiConsumer<Out, T> writer) {
        if (values.isEmpty() && spelling.member(name).isEmpty()) return;
        var array = node.arrayNode(values.size());
        for (int i = 0; i < values.size(); i++) array.add(object(name, i, values.get(i), writer));
        node(name, array);
    }

    /// An array that is left out when it is empty.
    <T> void optionalList(String name, List<T> values, BiConsumer<Out, T> writer) {
        if (!values.isEmpty()) list(name, values, writer);
    }

    void texts(String name, List<String> values) {
        var array = node.arrayNode(values.size());
        values.forEach(array::add);
        node(name, array);
    }

    void optionalTexts(String name, List<String> values) {
        if (!values.isEmpty()) texts(name, values);
    }

    void numbers(String name, List<Double> values) {
        var array = node.arrayNode(values.size());
        values.forEach(array::add);
        node(name, array);
    }

    void choices(String name, List<? extends Enum<?>> values) {
        ArrayNode array = node.arrayNode(values.size());
        for (var value : values) array.add(word(name, value));
        node(name, array);
    }

    /// That `name` of this object cannot be said in this version, and `why`.
    IllegalArgumentException refused(String name, String why) {
        return new IllegalArgumentException(
                path() + "." + name + " cannot be written in " + version.text() + ": " + why);
    }

    /// That this object cannot be said in any version, and `why`.
    IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(path() + " cannot be written: " + why);
    }

    private <T> ObjectNode object(String name, int index, T value, BiConsumer<Out, T> writer) {
        var child = JsonNodeFactory.instance.objectNode();
        writer.accept(new Out(version, this, name, index, child), value);
        return child;
    }

    private String word(String name, Enum<?> value) {
        return version.word(value).orElseThrow(() -> refused(name, "it has no " + value));
    }

    private void node(String name, @Nullable JsonNode value) {
        if (value != null) {
            String spelled = spelling.member(name).orElseThrow(() -> refused(name, "it has no such member"));
            node.set(spelled, value);
        } else if (spelling.requires(name)) {
            throw refused(name, "it requires this member");
        }
    }
}
