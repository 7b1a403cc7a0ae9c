package org.diwan.language.grammar;

import java.util.Map;

/// The formats of JSON Schema (validation §7.3) that are written here, as regular expressions.
///
/// Exact: `date` (months of their length, leap years), `date-time` and `time` (RFC 3339, without leap
/// seconds, offsets below 18 hours), `duration` (RFC 3339, appendix A), `ipv4`, `ipv6` (RFC 4291 §2.2, without dotted
/// quads), `uuid`. A subset: `hostname` of at most four labels without repeated hyphens, `email` with
/// an unquoted name at such a host. All others are refused: as annotations they would promise what
/// nobody checks.
final class Formats {
    private static final String LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
    private static final String DATE = "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
            + "|02-(0[1-9]|1[0-9]|2[0-8]))"
            + "|" + LEAP_YEAR + "-02-29)";
    private static final String TIME =
            "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-7]):[0-5][0-9])";
    private static final String CLOCK =
            "T([0-9]{1,9}H([0-9]{1,9}M([0-9]{1,9}S)?)?|[0-9]{1,9}M([0-9]{1,9}S)?|[0-9]{1,9}S)";
    private static final String DAYS =
            "([0-9]{1,9}D|[0-9]{1,9}M([0-9]{1,9}D)?|[0-9]{1,9}Y([0-9]{1,9}M([0-9]{1,9}D)?)?)";
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String GROUP = "[0-9a-fA-F]{1,4}";
    private static final String LABEL = "[A-Za-z0-9]{1,20}(-[A-Za-z0-9]{1,20})?";
    private static final String HOST = LABEL + "(\\." + LABEL + "){0,3}";

    private static final Map<String, String> PATTERNS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "duration",
            "P(" + DAYS + "(" + CLOCK + ")?|" + CLOCK + "|[0-9]{1,9}W)",
            "ipv4",
            OCTET + "(\\." + OCTET + "){3}",
            "ipv6",
            ipv6(),
            "uuid",
            "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            "hostname",
            HOST,
            "email",
            "[A-Za-z0-9_+-]{1,20}(\\.[A-Za-z0-9_+-]{1,20}){0,2}@" + LABEL + "(\\." + LABEL + "){0,2}\\.[a-z]{2,20}");

    private Formats() {}

    /// What `format` allows within the quotes.
    ///
    /// @param where for messages
    static Expression expression(String format, String where) {
        String pattern = PATTERNS.get(format);
        if (pattern == null)
            throw new GrammarException("unsupported format '" + format + "' at " + where + "; supported are "
                    + PATTERNS.keySet().stream().sorted().toList());
        return RegexReader.whole(pattern);
    }

    /// Eight groups, or fewer with one run of zeros left out, wherever it is.
    private static String ipv6() {
        var forms = new StringBuilder("(" + GROUP + ":){7}" + GROUP);
        for (int before = 0; before <= 6; before++) {
            String left = before == 0 ? "" : GROUP + "(:" + GROUP + "){" + (before - 1) + "}";
            int room = 7 - before - 1;
            String right = room == 0 ? GROUP : "(" + GROUP + "(:" + GROUP + "){0," + room + "})?";
            forms.append("|").append(left).append("::").append(room == 0 ? "(" + right + ")?" : right);
        }
        return "(" + forms + "|" + GROUP + "(:" + GROUP + "){6}::)";
    }
}
