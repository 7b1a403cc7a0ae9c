package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.List;
import org.diwan.language.grammar.CharSet.Range;

/// A range of code points as ranges of bytes: `[U+0080, U+07FF]` is `[C2-DF][80-BF]`. The paths of
/// one range are disjoint and together spell exactly the UTF-8 of its characters (RFC 3629 §4).
final class Utf8Paths {
    /// Bytes from `first` to `last`.
    record Step(int first, int last) {}

    private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT};

    private Utf8Paths() {}

    static List<List<Step>> of(CharSet set) {
        var paths = new ArrayList<List<Step>>();
        for (Range range : set.ranges()) {
            int first = range.first();
            for (int last : LAST_OF_LENGTH) {
                if (first > range.last() || first > last) continue;
                split(bytes(first), bytes(Math.min(last, range.last())), 0, new ArrayList<>(), paths);
                first = last + 1;
            }
        }
        return paths;
    }

    /// The paths from `low` to `high`, which have one length and agree before `at`.
    private static void split(int[] low, int[] high, int at, List<Step> before, List<List<Step>> paths) {
        if (at == low.length) {
            paths.add(List.copyOf(before));
            return;
        }
        if (low[at] == high[at]) {
            split(low, high, at + 1, plus(before, low[at], low[at]), paths);
            return;
        }
        boolean fromStart = isAll(low, at + 1, 0x80);
        boolean toEnd = isAll(high, at + 1, 0xBF);
        int first = fromStart ? low[at] : low[at] + 1;
        int last = toEnd ? high[at] : high[at] - 1;
        if (!fromStart) split(low, filled(low, at, 0xBF), at + 1, plus(before, low[at], low[at]), paths);
        if (first <= last) {
            var path = plus(before, first, last);
            for (int i = at + 1; i < low.length; i++) path.add(new Step(0x80, 0xBF));
            paths.add(List.copyOf(path));
        }
        if (!toEnd) split(filled(high, at, 0x80), high, at + 1, plus(before, high[at], high[at]), paths);
    }

    private static List<Step> plus(List<Step> before, int first, int last) {
        var path = new ArrayList<>(before);
        path.add(new Step(first, last));
        return path;
    }

    private static boolean isAll(int[] bytes, int from, int value) {
        for (int i = from; i < bytes.length; i++) if (bytes[i] != value) return false;
        return true;
    }

    private static int[] filled(int[] bytes, int after, int value) {
        int[] filled = bytes.clone();
        for (int i = after + 1; i < filled.length; i++) filled[i] = value;
        return filled;
    }

    private static int[] bytes(int c) {
        if (c <= 0x7F) return new int[] {c};
        if (c <= 0x7FF) return new int[] {0xC0 | (c >> 6), low(c)};
        if (c <= 0xFFFF) return new int[] {0xE0 | (c >> 12), low(c >> 6), low(c)};
        return new int[] {0xF0 | (c >> 18), low(c >> 12), low(c >> 6), low(c)};
    }

    private static int low(int c) {
        return 0x80 | (c & 0x3F);
    }
}
