package org.diwan.language.template;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Python's `json.dumps(value, ensure_ascii=False, …)`, which is what `tojson` means in chat
/// templates (Hugging Face replaces Jinja's own, which escapes `<` and `'` for HTML).
final class Json {
    private final StringBuilder out = new StringBuilder();
    private final Walk walk = new Walk();
    private final int indent;
    private final String comma;
    private final String colon;
    private final boolean sorted;
    private final boolean ascii;

    /// @param indent spaces per level, or -1 for one line
    Json(int indent, String comma, String colon, boolean sorted, boolean ascii) {
        this.indent = indent;
        this.comma = comma;
        this.colon = colon;
        this.sorted = sorted;
        this.ascii = ascii;
    }

    String text(Object value) {
        write(value, 1);
        return out.toString();
    }

    private void write(Object value, int level) {
        walk.enter();
        walk.written(out);
        switch (value) {
            case Text text -> string(text.value());
            case Boolean flag -> out.append(flag.booleanValue());
            case Long number -> out.append(number.longValue());
            case Double number -> out.append(number(number));
            case None none -> out.append("null");
            case List<?> list -> array(list, level);
            case Map<?, ?> map -> object(map, level);
            case Undefined undefined -> throw undefined.problem();
            default -> throw new Problem(Values.type(value) + " is not JSON");
        }
        walk.leave();
    }

    private static String number(double number) {
        if (Double.isNaN(number)) return "NaN";
        if (Double.isInfinite(number)) return number > 0 ? "Infinity" : "-Infinity";
        return Values.decimal(number);
    }

    private void array(List<?> list, int level) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        boolean first = true;
        for (Object item : list) {
            separate(first, level);
            write(item, level + 1);
            first = false;
        }
        close(level);
        out.append(']');
    }

    private void object(Map<?, ?> map, int level) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        Map<?, ?> members = map;
        if (sorted) {
            var ordered = new TreeMap<Object, Object>(Values::compare);
            ordered.putAll(map);
            members = ordered;
        }
        out.append('{');
        boolean first = true;
        for (var entry : members.entrySet()) {
            separate(first, level);
            string(entry.getKey() instanceof Text key ? key.value() : Values.repr(entry.getKey()));
            out.append(colon);
            write(entry.getValue(), level + 1);
            first = false;
        }
        close(level);
        out.append('}');
    }

    private void separate(boolean first, int level) {
        if (!first) out.append(comma);
        if (indent >= 0) out.append('\n').repeat(' ', indent * level);
    }

    private void close(int level) {
        if (indent >= 0) out.append('\n').repeat(' ', indent * (level - 1));
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7E)) out.append("\\u%04x".formatted((int) c));
                    else out.append(c);
                }
            }
        }
        out.append('"');
    }
}
