package org.diwan.language.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `format % values` (Python Library Reference, "printf-style String Formatting"), without
/// widths and flags: `%s`, `%d`, `%f`, `%.2f` and `%%`.
final class Formatting {
    private static final Pattern DIRECTIVE = Pattern.compile("%(?:\\.(\\d{1,2}))?([sdf%])");

    private Formatting() {}

    static Text format(Text format, List<?> values, Parameters p) {
        var out = new TextBuilder();
        String text = format.value();
        int at = 0;
        int used = 0;
        Matcher directive = DIRECTIVE.matcher(text);
        for (int percent = text.indexOf('%'); percent >= 0; percent = text.indexOf('%', at)) {
            if (!directive.find(percent) || directive.start() != percent)
                throw new Problem("'" + text + "' holds a directive that is not supported");
            out.append(format.cut(at, percent), p.limits(), p.line());
            at = directive.end();
            if (directive.group(2).equals("%")) {
                out.append(format.cut(at - 1, at), p.limits(), p.line());
                continue;
            }
            if (used == values.size()) throw new Problem("'" + text + "' needs more than " + used + " values");
            out.append(one(values.get(used++), directive), p.limits(), p.line());
        }
        if (used < values.size()) throw new Problem("'" + text + "' needs " + used + " values, not " + values.size());
        out.append(format.cut(at), p.limits(), p.line());
        return out.text();
    }

    private static Text one(Object value, Matcher directive) {
        String precision = directive.group(1);
        return switch (directive.group(2)) {
            case "d" -> {
                if (!Values.isNumber(value)) throw new Problem("directive d needs a number, not " + Values.type(value));
                yield Text.untrusted(String.valueOf((long) Values.real(value)));
            }
            case "f" -> {
                double real = Values.real(value);
                if (!Double.isFinite(real)) throw new Problem("directive f needs a finite number");
                int places = precision == null ? 6 : Integer.parseInt(precision);
                yield Text.untrusted(new BigDecimal(real)
                        .setScale(places, RoundingMode.HALF_EVEN)
                        .toPlainString());
            }
            default -> {
                if (precision != null) throw new Problem("a precision for text is not supported");
                yield Values.string(value);
            }
        };
    }
}
