package org.diwan.language.template;

import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The functions that every template may call.
final class Functions {
    private Functions() {}

    static final Map<String, Callable> GLOBAL = Map.of(
            "range",
            Functions::range,
            "namespace",
            p -> new Namespace(attributes(p)),
            "dict",
            Functions::attributes,
            "raise_exception",
            p -> {
                throw new TemplateException.Refusal(
                        p.line(), Values.string(p.get(0, "message")).value());
            });

    private static Object range(Parameters p) {
        p.accept("start", "stop", "step");
        long first = Values.integer(p.get(0, "stop"));
        boolean one = p.positional().size() == 1;
        long start = one ? 0 : first;
        long stop = one ? first : Values.integer(p.get(1, "stop"));
        long step = p.integer(2, "step", 1);
        if (step == 0) throw new Problem("range with step 0");
        var numbers = new ArrayList<Object>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() >= Limits.MAX_ELEMENTS)
                throw new Problem("range of more than " + Limits.MAX_ELEMENTS + " numbers");
            numbers.add(i);
        }
        p.limits().steps(p.line(), numbers.size());
        return numbers;
    }

    private static Map<Text, Object> attributes(Parameters p) {
        var attributes = new LinkedHashMap<Text, Object>();
        if (!p.positional().isEmpty()) {
            if (!(p.positional().getFirst() instanceof Map<?, ?> map))
                throw new Problem(p.function() + " takes names, or one dictionary");
            map.forEach((key, value) -> attributes.put(Values.string(key), value));
        }
        p.named().forEach((name, value) -> attributes.put(Text.trusted(name), value));
        return attributes;
    }

    /// `strftime_now(format)` over a fixed `time`: a template has no clock of its own, or no answer
    /// could be replayed.
    static Callable clock(TemporalAccessor time) {
        return p -> {
            String format = p.text(0, "format").value();
            try {
                return Text.trusted(formatter(format).format(time));
            } catch (DateTimeException e) {
                throw new Problem("strftime_now: '" + format + "' asks for more than the given time has");
            }
        };
    }

    /// C's `strftime` directives in the C locale, whose names are English (ISO C §7.29.3.5), those
    /// that templates use.
    private static DateTimeFormatter formatter(String format) {
        var builder = new DateTimeFormatterBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                builder.appendLiteral(c);
                continue;
            }
            char directive = format.charAt(++i);
            switch (directive) {
                case 'd' -> builder.appendPattern("dd");
                case 'e' -> builder.padNext(2).appendPattern("d");
                case 'b' -> builder.appendPattern("MMM");
                case 'B' -> builder.appendPattern("MMMM");
                case 'm' -> builder.appendPattern("MM");
                case 'Y' -> builder.appendPattern("yyyy");
                case 'y' -> builder.appendPattern("yy");
                case 'a' -> builder.appendPattern("EEE");
                case 'A' -> builder.appendPattern("EEEE");
                case 'H' -> builder.appendPattern("HH");
                case 'I' -> builder.appendPattern("hh");
                case 'p' -> builder.appendPattern("a");
                case 'M' -> builder.appendPattern("mm");
                case 'S' -> builder.appendPattern("ss");
                case 'j' -> builder.appendPattern("DDD");
                case '%' -> builder.appendLiteral('%');
                default -> throw new Problem("strftime_now: directive '%" + directive + "' is not supported");
            }
        }
        return builder.toFormatter(Locale.US);
    }
}
