package org.diwan.datacenter.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A place in a tree read from outside, which knows its path: what is missing, misspelt or of the
/// wrong kind is refused with `sites[2].pue` before it, and not quietly ignored.
///
/// @param path how a reader of the file finds the place
public record Cursor(String path, JsonNode node) {
    /// Refuses members other than `known`: a misspelt limit would be no limit.
    public Cursor with(String... known) {
        if (!node.isObject()) throw wrong("must be a mapping with " + String.join(", ", known));
        var unknown = new HashSet<String>();
        node.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(Set.of(known));
        if (!unknown.isEmpty()) throw wrong("has " + unknown + ", and may only have " + String.join(", ", known));
        return this;
    }

    /// The member, which must be there.
    public Cursor at(String member) {
        var child = node.path(member);
        if (child.isMissingNode() || child.isNull()) throw wrong("lacks '" + member + "'");
        return new Cursor(path.isEmpty() ? member : path + "." + member, child);
    }

    /// The member, if it is there.
    public Optional<Cursor> find(String member) {
        return node.hasNonNull(member) ? Optional.of(at(member)) : Optional.empty();
    }

    public String text() {
        if (!node.isTextual()) throw wrong("must be text, is " + node);
        return node.textValue();
    }

    public int whole() {
        if (!node.canConvertToInt() || !node.canConvertToExactIntegral())
            throw wrong("must be a whole number within ±2147483647, is " + node);
        return node.intValue();
    }

    public boolean truth() {
        if (!node.isBoolean()) throw wrong("must be true or false, is " + node);
        return node.booleanValue();
    }

    /// A whole number that canonical JSON can write: within ±(2^53 − 1).
    public long large() {
        long most = (1L << 53) - 1;
        if (!node.canConvertToLong() || !node.canConvertToExactIntegral() || Math.abs(node.longValue()) > most)
            throw wrong("must be a whole number within ±" + most + ", is " + node);
        return node.longValue();
    }

    public double number() {
        if (!node.isNumber()) throw wrong("must be a number, is " + node);
        return node.doubleValue();
    }

    /// Each element of the list under `member`; none when there is no such member.
    public <T> List<T> all(String member, Function<Cursor, T> read) {
        var list = node.path(member);
        if (list.isMissingNode() || list.isNull()) return List.of();
        if (!list.isArray()) throw at(member).wrong("must be a list");
        var all = new ArrayList<T>(list.size());
        for (int i = 0; i < list.size(); i++)
            all.add(read.apply(new Cursor((path.isEmpty() ? "" : path + ".") + member + "[" + i + "]", list.get(i))));
        return all;
    }

    /// What `make` makes here; what it refuses carries this path.
    public <T> T as(Function<Cursor, T> make) {
        try {
            return make.apply(this);
        } catch (Wrong known) {
            throw known;
        } catch (IllegalArgumentException e) {
            throw new Wrong(path + ": " + e.getMessage(), e);
        }
    }

    /// A refusal of this place: `sites[2].pue what`.
    public IllegalArgumentException wrong(String what) {
        return new Wrong((path.isEmpty() ? "the file" : path) + " " + what, null);
    }

    /// A refusal that already says where.
    private static final class Wrong extends IllegalArgumentException {
        Wrong(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
