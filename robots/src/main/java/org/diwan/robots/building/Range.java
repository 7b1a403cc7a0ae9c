package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diwan.robots.building.Building.Point;

/// Names that count: `c1..c9`, of one stem, up or down; a leading zero keeps the width (`c01..c12`).
final class Range {
    /// Most names of one range.
    static final int MAX_SIZE = 10_000;

    private static final Pattern COUNTED = Pattern.compile("(.*?)([0-9]{1,9})");

    private Range() {}

    /// The names, or empty if `text` is no range of 2 to [#MAX_SIZE].
    static Optional<List<String>> of(String text) {
        int dots = text.indexOf("..");
        if (dots < 0) return Optional.empty();
        var first = COUNTED.matcher(text.substring(0, dots));
        var last = COUNTED.matcher(text.substring(dots + 2));
        if (!first.matches() || !last.matches() || !first.group(1).equals(last.group(1))) return Optional.empty();
        int from = Integer.parseInt(first.group(2));
        int to = Integer.parseInt(last.group(2));
        if (from == to || Math.abs(to - from) >= MAX_SIZE) return Optional.empty();
        if (!name(first, from).equals(first.group()) || !name(first, to).equals(last.group())) return Optional.empty();
        var names = new ArrayList<String>();
        for (int i = from; ; i += Integer.signum(to - from)) {
            names.add(name(first, i));
            if (i == to) return Optional.of(names);
        }
    }

    private static String name(Matcher first, int number) {
        String digits = Integer.toString(number);
        int width = first.group(2).startsWith("0") ? first.group(2).length() : 0;
        return first.group(1) + "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /// How many of `names` from `from` on count upwards by one, and so can be written as a range; 1 if none do.
    static int run(List<String> names, int from) {
        var first = COUNTED.matcher(names.get(from));
        if (!first.matches()) return 1;
        int number = Integer.parseInt(first.group(2));
        int length = 1;
        while (length < MAX_SIZE
                && from + length < names.size()
                && names.get(from + length).equals(name(first, number + length))) length++;
        return length;
    }

    /// The `i`-th of `count` points in a row, to the millimetre.
    static Point between(Point first, Point last, int i, int count) {
        double share = (double) i / (count - 1);
        return new Point(
                millimetres(first.x() + (last.x() - first.x()) * share),
                millimetres(first.y() + (last.y() - first.y()) * share));
    }

    private static double millimetres(double metres) {
        return Math.rint(metres * 1000) / 1000;
    }
}
