package org.diwan.language.template;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The evaluated arguments of one call, and how a function asks for them: by place or by name.
///
/// @param function how messages call it
/// @param line where the call stands
record Parameters(String function, int line, Limits limits, List<Object> positional, Map<String, Object> named) {
    /// Refuses arguments that the function does not have: `names` in their order.
    Parameters accept(String... names) {
        if (positional.size() > names.length)
            throw new Problem(function + " takes at most " + names.length + " arguments, not " + positional.size());
        for (String name : named.keySet())
            if (!Set.of(names).contains(name)) throw new Problem(function + " has no argument '" + name + "'");
        return this;
    }

    @Nullable
    Object find(int index, String name) {
        return index < positional.size() ? positional.get(index) : named.get(name);
    }

    Object get(int index, String name) {
        Object value = find(index, name);
        if (value == null) throw new Problem(function + " needs the argument '" + name + "'");
        return value;
    }

    Text text(int index, String name) {
        Object value = get(index, name);
        if (value instanceof Text text) return text;
        throw new Problem(function + ": '" + name + "' must be a string, not " + Values.type(value));
    }

    Text text(int index, String name, Text absent) {
        return find(index, name) == null ? absent : text(index, name);
    }

    long integer(int index, String name, long absent) {
        Object value = find(index, name);
        return value == null ? absent : Values.integer(value);
    }

    boolean flag(int index, String name, boolean absent) {
        Object value = find(index, name);
        return value == null ? absent : Values.truth(value);
    }
}
