package org.diwan.robots.vda5050;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One JSON object being read. Members are asked for by their names in 3.0.0; null counts as absent, as
/// does what the version lacks. Every refusal is a [MalformedException] that names the member by its path.
final class In {
    private final Version version;
    private final Spelling spelling;
    private final @Nullable In parent;
    private final String name;
    private final int index;
    private final int longest;
    private final JsonNode node;

    /// The message itself, in which a text has at most `longest` UTF-16 units.
    In(Version version, String name, int longest, JsonNode node) {
        this(version, null, name, -1, longest, node);
    }

    private In(Version version, @Nullable In parent, String name, int index, int longest, JsonNode node) {
        this.version = version;
        this.longest = longest;
        this.parent = parent;
        this.name = name;
        this.index = index;
        this.node = node;
        spelling = Spelling.of(version, name);
        if (!node.isObject()) throw new MalformedException(path() + " is not an object");
    }

    /// As `order.nodes[2]`; put together only when something is refused.
    private String path() {
        return parent == null ? name : parent.path(name, index);
    }

    private String path(String member, int index) {
        String spelled = path() + "." + spelling.member(member).orElse(member);
        return index < 0 ? spelled : spelled + "[" + index + "]";
    }

    private String path(String member) {
        return path(member, -1);
    }

    Version version() {
        return version;
    }

    String text(String name) {
        return required(name, optionalText(name));
    }

    @Nullable
    String optionalText(String name) {
        var value = member(name);
        return value == null ? null : text(name, -1, value);
    }

    double number(String name) {
        return required(name, optionalNumber(name));
    }

    @Nullable
    Double optionalNumber(String name) {
        var value = member(name);
        return value == null ? null : number(name, -1, value);
    }

    /// An integer in [0, 2^32); `5.0` is one, as in JSON Schema.
    long count(String name) {
        return required(name, optionalCount(name));
    }

    @Nullable
    Long optionalCount(String name) {
        var number = optionalNumber(name);
        if (number == null) return null;
        if (number != Math.rint(number) || number < 0 || number > Check.MAX_UINT32)
            throw new MalformedException(path(name) + " is " + number + ", must be an integer in [0, 4294967295]");
        return (long) (double) number;
    }

    boolean flag(String name) {
        return required(name, optionalFlag(name));
    }

    @Nullable
    Boolean optionalFlag(String name) {
        var value = member(name);
        if (value == null) return null;
        if (!value.isBoolean()) throw new MalformedException(path(name) + " is not true or false");
        return value.booleanValue();
    }

    Instant time(String name) {
        String text = text(name);
        try {
            return Check.time(name, DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            throw new MalformedException(path(name) + " is not an ISO 8601 time with an offset: " + shown(text), e);
        }
    }

    @Nullable
    Instant optionalTime(String name) {
        return member(name) == null ? null : time(name);
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
        return required(name, optionalChoice(name, type));
    }

    <E extends Enum<E>> @Nullable E optionalChoice(String name, Class<E> type) {
        var value = member(name);
        return value == null ? null : choice(name, -1, value, type);
    }

    <E extends Enum<E>> List<E> choices(String name, Class<E> type) {
        return elements(name, (index, value) -> choice(name, index, value, type));
    }

    /// Any JSON value but null.
    JsonNode value(String name) {
        return required(name, member(name));
    }

    @Nullable
    JsonNode optionalValue(String name) {
        return member(name);
    }

    <T> T object(String name, Function<In, T> reader) {
        return required(name, optionalObject(name, reader));
    }

    <T> @Nullable T optionalObject(String name, Function<In, T> reader) {
        var value = member(name);
        return value == null ? null : object(name, -1, value, reader);
    }

    /// The objects of an array; a version that lacks the member has none.
    <T> List<T> list(String name, Function<In, T> reader) {
        if (spelling.member(name).isPresent()) required(name, member(name));
        return optionalList(name, reader);
    }

    /// The objects of an array; none if it is absent.
    <T> List<T> optionalList(String name, Function<In, T> reader) {
        return elements(name, (index, value) -> object(name, index, value, reader));
    }

    boolean has(String name) {
        return member(name) != null;
    }

    List<String> optionalTexts(String name) {
        return elements(name, (index, value) -> text(name, index, value));
    }

    List<String> texts(String name) {
        required(name, member(name));
        return optionalTexts(name);
    }

    List<Double> optionalNumbers(String name) {
        return elements(name, (index, value) -> number(name, index, value));
    }

    /// Reads `value` with `reader`; what the record's constructor refuses is refused with its path.
    private <T> T object(String name, int index, JsonNode value, Function<In, T> reader) {
        return read(new In(version, this, name, index, longest, value), reader);
    }

    static <T> T read(In in, Function<In, T> reader) {
        try {
            return reader.apply(in);
        } catch (MalformedException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedException(in.path() + ": " + e.getMessage(), e);
        }
    }

    private interface Element<T> {
        T read(int index, JsonNode value);
    }

    private <T> List<T> elements(String name, Element<T> element) {
        var array = member(name);
        if (array == null) return List.of();
        if (!array.isArray()) throw new MalformedException(path(name) + " is not an array");
        var list = new ArrayList<T>(array.size());
        for (int i = 0; i < array.size(); i++) list.add(element.read(i, array.get(i)));
        return list;
    }

    private String text(String name, int index, JsonNode value) {
        if (!value.isTextual()) throw new MalformedException(path(name, index) + " is not a string");
        String text = value.textValue();
        if (text.length() > longest)
            throw new MalformedException(
                    path(name, index) + " is " + text.length() + " characters long, the limit is " + longest);
        return text;
    }

    private double number(String name, int index, JsonNode value) {
        if (!value.isNumber()) throw new MalformedException(path(name, index) + " is not a number");
        double number = value.doubleValue();
        if (!Double.isFinite(number)) throw new MalformedException(path(name, index) + " is beyond a float64");
        return number;
    }

    private <E extends Enum<E>> E choice(String name, int index, JsonNode value, Class<E> type) {
        String word = text(name, index, value);
        var constant = Spelling.constant(version, type, word);
        if (constant != null) return constant;
        throw new MalformedException(path(name, index) + " is " + shown(word) + ", which is no " + type.getSimpleName()
                + " of " + version.text());
    }

    private static String shown(String text) {
        return "'" + text.substring(0, Math.min(40, text.length())) + "'";
    }

    private @Nullable JsonNode member(String name) {
        var spelled = spelling.member(name);
        var value = spelled.isPresent() ? node.get(spelled.get()) : null;
        if (value != null && !value.isNull()) return value;
        if (spelling.requires(name)) throw new MalformedException(path(name) + " is missing");
        return null;
    }

    private <T> T required(String name, @Nullable T value) {
        if (value == null) throw new MalformedException(path(name) + " is missing");
        return value;
    }
}
