package org.diwan.language.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// `value | name(…)`: Jinja's built-in filters that chat templates use, and `tojson` as Hugging
/// Face defines it.
final class Filters {
    private Filters() {}

    static Object apply(String name, Object value, Parameters p) {
        return switch (name) {
            case "trim" ->
                StringMethods.strip(string(value), p.find(0, "chars") == null ? null : p.text(0, "chars"), true, true);
            case "upper" -> StringMethods.upper(string(value));
            case "lower" -> StringMethods.lower(string(value));
            case "capitalize" -> StringMethods.capitalize(string(value));
            case "title" -> StringMethods.title(string(value));
            case "string", "safe" -> Values.string(value);
            case "escape", "e" -> escape(string(value));
            case "replace" -> StringMethods.replace(string(value), p);
            case "indent" -> indent(string(value), p);
            case "join" -> join(value, p);
            case "length", "count" -> Values.length(value);
            case "first" -> end(Values.iterate(value), true);
            case "last" -> end(Values.iterate(value), false);
            case "list" -> List.copyOf(Values.iterate(value));
            case "reverse" -> reverse(value);
            case "sort" -> sort(value, p.accept("reverse", "case_sensitive", "attribute"));
            case "unique" -> unique(value, p);
            case "min" -> extreme(value, -1);
            case "max" -> extreme(value, 1);
            case "sum" -> sum(value, p);
            case "items" -> value instanceof Undefined ? List.of() : Attributes.items(map(value));
            case "dictsort" -> dictsort(map(value), p.accept("case_sensitive", "by", "reverse"));
            case "batch" -> batch(Values.iterate(value), p.accept("linecount", "fill_with"));
            case "slice" -> slice(Values.iterate(value), p.accept("slices", "fill_with"));
            case "format" -> Formatting.format(string(value), p.positional(), p);
            case "map" -> map(value, p);
            case "select" -> select(value, p, true);
            case "reject" -> select(value, p, false);
            case "selectattr" -> selectByAttribute(value, p, true);
            case "rejectattr" -> selectByAttribute(value, p, false);
            case "default", "d" -> fallback(value, p.accept("default_value", "boolean"));
            case "tojson" -> toJson(value, p);
            case "int" -> toInteger(value, p.accept("default", "base"));
            case "float" -> toReal(value, p.accept("default"));
            case "abs" -> Values.compare(value, 0L) == -1 ? Arithmetic.negate(value) : value;
            case "round" -> round(value, p.accept("precision", "method"));
            default -> throw new Problem("filter '" + name + "' is not supported");
        };
    }

    private static Text string(Object value) {
        return Values.string(value);
    }

    private static Map<?, ?> map(Object value) {
        if (value instanceof Undefined undefined) throw undefined.problem();
        if (value instanceof Map<?, ?> map) return map;
        throw new Problem("a dictionary is needed, not " + Values.type(value));
    }

    private static Text escape(Text text) {
        String escaped = text.value()
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
        return escaped.equals(text.value()) ? text : text.rewritten(escaped);
    }

    private static Text indent(Text text, Parameters p) {
        p.accept("width", "first", "blank");
        Object width = p.find(0, "width");
        Text margin = width instanceof Text margins
                ? margins
                : Text.trusted(" ".repeat(Math.clamp(p.integer(0, "width", 4), 0, 1000)));
        var out = new TextBuilder();
        boolean first = true;
        for (Object line : StringMethods.lines(text.plus(Text.trusted("\n")), true)) {
            boolean blank = ((Text) line).value().isBlank();
            boolean indents = first ? p.flag(1, "first", false) : !blank || p.flag(2, "blank", false);
            if (indents) out.append(margin, p.limits(), p.line());
            out.append((Text) line, p.limits(), p.line());
            first = false;
        }
        Text indented = out.text();
        return indented.cut(0, indented.length() - 1);
    }

    private static Text join(Object value, Parameters p) {
        p.accept("d", "attribute");
        List<?> items = Values.iterate(value);
        Object path = p.find(1, "attribute");
        if (path != null) items = each(items, path);
        return StringMethods.join(p.text(0, "d", Text.EMPTY), items, p);
    }

    private static Object end(List<?> items, boolean first) {
        if (items.isEmpty()) return new Undefined("an element of nothing");
        return first ? items.getFirst() : items.getLast();
    }

    private static Object reverse(Object value) {
        return Values.slice(value, null, null, -1L);
    }

    private static Object sort(Object value, Parameters p) {
        var items = new ArrayList<Object>(Values.iterate(value));
        Object path = p.find(2, "attribute");
        boolean exact = p.flag(1, "case_sensitive", false);
        Comparator<Object> order = (a, b) -> Values.compare(
                sortKey(path == null ? a : attribute(a, path), exact),
                sortKey(path == null ? b : attribute(b, path), exact));
        p.limits().steps(p.line(), items.size() * 16L);
        items.sort(p.flag(0, "reverse", false) ? order.reversed() : order);
        return items;
    }

    private static Object sortKey(Object value, boolean exact) {
        return value instanceof Text text && !exact ? StringMethods.lower(text) : value;
    }

    private static Object unique(Object value, Parameters p) {
        var kept = new ArrayList<Object>();
        var seen = new ArrayList<Object>();
        for (Object item : Values.iterate(value)) {
            Object key = sortKey(item, false);
            p.limits().steps(p.line(), seen.size());
            if (Values.contains(seen, key)) continue;
            seen.add(key);
            kept.add(item);
        }
        return kept;
    }

    private static Object extreme(Object value, int sign) {
        Object best = null;
        for (Object item : Values.iterate(value)) if (best == null || Values.compare(item, best) == sign) best = item;
        return best == null ? new Undefined("the extreme of nothing") : best;
    }

    private static Object sum(Object value, Parameters p) {
        p.accept("attribute", "start");
        Object start = p.find(1, "start");
        Object total = start == null ? (Object) 0L : start;
        Object path = p.find(0, "attribute");
        List<?> items = Values.iterate(value);
        for (Object item : path == null ? items : each(items, path))
            total = Arithmetic.compute(Expression.Operator.ADD, total, item);
        return total;
    }

    private static Object dictsort(Map<?, ?> map, Parameters p) {
        boolean exact = p.flag(0, "case_sensitive", false);
        int by = p.text(1, "by", Text.trusted("key")).value().equals("value") ? 1 : 0;
        Comparator<Object> order =
                (a, b) -> Values.compare(sortKey(((List<?>) a).get(by), exact), sortKey(((List<?>) b).get(by), exact));
        p.limits().steps(p.line(), map.size() * 16L);
        var pairs = Attributes.items(map);
        pairs.sort(p.flag(2, "reverse", false) ? order.reversed() : order);
        return pairs;
    }

    /// Rows of `linecount` items; the last is filled up if there is something to fill it with.
    private static Object batch(List<?> items, Parameters p) {
        int size = Math.clamp(Values.integer(p.get(0, "linecount")), 1, Limits.MAX_ELEMENTS);
        p.limits().steps(p.line(), items.size() + size);
        var rows = new ArrayList<Object>();
        for (int from = 0; from < items.size(); from += size) {
            var row = new ArrayList<Object>(items.subList(from, Math.min(items.size(), from + size)));
            Object fill = p.find(1, "fill_with");
            while (fill != null && row.size() < size) row.add(fill);
            rows.add(row);
        }
        return rows;
    }

    /// `slices` columns, the first ones longer by one where it does not come out even.
    private static Object slice(List<?> items, Parameters p) {
        int count = Math.clamp(Values.integer(p.get(0, "slices")), 1, Limits.MAX_ELEMENTS);
        Object fill = p.find(1, "fill_with");
        p.limits().steps(p.line(), items.size() + count);
        int size = items.size() / count;
        int longer = items.size() % count;
        var columns = new ArrayList<Object>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + size + (i < longer ? 1 : 0);
            var column = new ArrayList<Object>(items.subList(from, to));
            if (fill != null && longer > 0 && i >= longer) column.add(fill);
            columns.add(column);
            from = to;
        }
        return columns;
    }

    /// `map(attribute='a.b')`, or `map('filter', …)`.
    private static Object map(Object value, Parameters p) {
        List<?> items = Values.iterate(value);
        Object path = p.named().get("attribute");
        if (path != null) {
            Object otherwise = p.named().get("default");
            var found = new ArrayList<Object>(items.size());
            for (Object item : each(items, path))
                found.add(item instanceof Undefined && otherwise != null ? otherwise : item);
            return found;
        }
        String filter = p.text(0, "filter").value();
        Parameters rest = rest(p, 1);
        var results = new ArrayList<Object>(items.size());
        for (Object item : items) {
            p.limits().step(p.line());
            results.add(apply(filter, item, rest));
        }
        return results;
    }

    private static List<Object> each(List<?> items, Object path) {
        var values = new ArrayList<Object>(items.size());
        for (Object item : items) values.add(attribute(item, path));
        return values;
    }

    /// The attribute at `path`: a name, names with dots between, or an index.
    private static Object attribute(Object item, Object path) {
        if (!(path instanceof Text names)) return Attributes.item(item, path);
        Object value = item;
        for (Object name : StringMethods.split(names, Text.trusted("."), -1, false))
            value = Attributes.item(value, name);
        return value;
    }

    private static Parameters rest(Parameters p, int from) {
        List<Object> positional = from >= p.positional().size()
                ? List.of()
                : p.positional().subList(from, p.positional().size());
        return new Parameters(p.function(), p.line(), p.limits(), positional, p.named());
    }

    private static Object select(Object value, Parameters p, boolean wanted) {
        var kept = new ArrayList<Object>();
        for (Object item : Values.iterate(value)) if (holds(item, p, 0) == wanted) kept.add(item);
        return kept;
    }

    private static Object selectByAttribute(Object value, Parameters p, boolean wanted) {
        Object path = p.get(0, "attribute");
        var kept = new ArrayList<Object>();
        for (Object item : Values.iterate(value)) if (holds(attribute(item, path), p, 1) == wanted) kept.add(item);
        return kept;
    }

    /// Whether `value` passes the test that the argument at `place` names; without one, is true.
    private static boolean holds(Object value, Parameters p, int place) {
        p.limits().step(p.line());
        if (p.positional().size() <= place) return Values.truth(value);
        return Tests.holds(p.text(place, "test").value(), value, rest(p, place + 1));
    }

    private static Object fallback(Object value, Parameters p) {
        boolean missing = value instanceof Undefined || (p.flag(1, "boolean", false) && !Values.truth(value));
        if (!missing) return value;
        Object otherwise = p.find(0, "default_value");
        return otherwise == null ? Text.EMPTY : otherwise;
    }

    private static Text toJson(Object value, Parameters p) {
        p.accept("indent", "ensure_ascii", "separators", "sort_keys");
        Object indent = p.find(0, "indent");
        int width = indent == null || indent instanceof None ? -1 : Math.clamp(Values.integer(indent), 0, 100);
        String comma = width < 0 ? ", " : ",";
        String colon = ": ";
        Object separators = p.find(2, "separators");
        if (separators instanceof List<?> both
                && both.size() == 2
                && both.getFirst() instanceof Text c
                && both.getLast() instanceof Text k) {
            comma = c.value();
            colon = k.value();
        }
        boolean ascii = p.flag(1, "ensure_ascii", false);
        var json = new Json(width, comma, colon, p.flag(3, "sort_keys", false), ascii);
        return Text.untrusted(json.text(value));
    }

    private static Object toInteger(Object value, Parameters p) {
        Object otherwise = p.find(0, "default");
        if (value instanceof Double real && Double.isFinite(real)) return (long) (double) real;
        if (Values.isNumber(value)) return Values.integer(value);
        if (value instanceof Text text) {
            try {
                String digits = text.value().strip();
                return digits.contains(".") ? (long) Double.parseDouble(digits) : Long.parseLong(digits);
            } catch (NumberFormatException e) {
                return otherwise == null ? (Object) 0L : otherwise;
            }
        }
        return otherwise == null ? (Object) 0L : otherwise;
    }

    private static Object toReal(Object value, Parameters p) {
        Object otherwise = p.find(0, "default");
        if (Values.isNumber(value)) return Values.real(value);
        if (value instanceof Text text) {
            try {
                return Double.parseDouble(text.value().strip());
            } catch (NumberFormatException e) {
                return otherwise == null ? (Object) 0.0 : otherwise;
            }
        }
        return otherwise == null ? (Object) 0.0 : otherwise;
    }

    private static Object round(Object value, Parameters p) {
        int places = Math.clamp(p.integer(0, "precision", 0), -300, 300);
        double scale = StrictMath.pow(10, places);
        double scaled = Values.real(value) * scale;
        double whole =
                switch (p.text(1, "method", Text.trusted("common")).value()) {
                    case "common" -> StrictMath.rint(scaled);
                    case "ceil" -> StrictMath.ceil(scaled);
                    case "floor" -> StrictMath.floor(scaled);
                    default -> throw new Problem("round: 'method' must be common, ceil or floor");
                };
        return whole / scale;
    }
}
