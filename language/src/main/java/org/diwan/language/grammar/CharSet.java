package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A set of Unicode scalar values (code points without surrogates): sorted ranges that neither touch
/// nor overlap. Immutable.
final class CharSet {
    /// Both ends belong to it.
    record Range(int first, int last) {}

    static final CharSet NONE = new CharSet(List.of());
    static final CharSet ALL = new CharSet(List.of(new Range(0, 0xD7FF), new Range(0xE000, Character.MAX_CODE_POINT)));

    private final List<Range> ranges;

    private CharSet(List<Range> ranges) {
        this.ranges = ranges;
    }

    /// Those from `first` to `last`; surrogates in between are left out.
    static CharSet range(int first, int last) {
        return new CharSet(List.of(new Range(first, last))).and(ALL);
    }

    static CharSet of(int... codePoints) {
        return union(Arrays.stream(codePoints).mapToObj(c -> range(c, c)).toList());
    }

    static CharSet union(List<CharSet> sets) {
        var sorted = new ArrayList<Range>();
        for (var set : sets) sorted.addAll(set.ranges);
        sorted.sort(Comparator.comparingInt(Range::first));
        var merged = new ArrayList<Range>();
        for (var range : sorted) {
            var before = merged.isEmpty() ? null : merged.getLast();
            if (before != null && range.first <= before.last + 1)
                merged.set(merged.size() - 1, new Range(before.first, Math.max(before.last, range.last)));
            else merged.add(range);
        }
        return new CharSet(List.copyOf(merged));
    }

    List<Range> ranges() {
        return ranges;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    boolean contains(int codePoint) {
        for (var range : ranges) if (range.first <= codePoint && codePoint <= range.last) return true;
        return false;
    }

    CharSet or(CharSet that) {
        return union(List.of(this, that));
    }

    CharSet and(CharSet that) {
        var common = new ArrayList<Range>();
        for (int i = 0, j = 0; i < ranges.size() && j < that.ranges.size(); ) {
            Range a = ranges.get(i);
            Range b = that.ranges.get(j);
            int first = Math.max(a.first, b.first);
            int last = Math.min(a.last, b.last);
            if (first <= last) common.add(new Range(first, last));
            if (a.last < b.last) i++;
            else j++;
        }
        return new CharSet(List.copyOf(common));
    }

    /// All scalar values that are not in it.
    CharSet complement() {
        var gaps = new ArrayList<Range>();
        int next = 0;
        for (var range : ranges) {
            if (range.first > next) gaps.add(new Range(next, range.first - 1));
            next = range.last + 1;
        }
        if (next <= Character.MAX_CODE_POINT) gaps.add(new Range(next, Character.MAX_CODE_POINT));
        return new CharSet(List.copyOf(gaps)).and(ALL);
    }

    CharSet minus(CharSet that) {
        return and(that.complement());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharSet that && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    @Override
    public String toString() {
        return ranges.toString();
    }
}
