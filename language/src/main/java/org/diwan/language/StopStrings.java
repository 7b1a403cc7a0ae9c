package org.diwan.language;

import java.util.List;

/// Ends an answer at the first of some strings, while it streams: text goes through at once except
/// for an end that may still become a stop string, which is held until the next text decides.
///
/// The stop string that is complete first wins, of those the longest; the outcome does not depend on
/// how the text is cut into pieces. Belongs to one thread.
public final class StopStrings {
    /// Most stop strings; OpenAI's API allows 4.
    public static final int MAX_COUNT = 16;

    /// Most UTF-16 units of one stop string, and so of what is held.
    public static final int MAX_LENGTH = 1024;

    private final List<String> stops;
    private String held = "";
    private boolean stopped;

    /// @param stops in any order; none is fine
    /// @throws IllegalArgumentException when one is empty or holds a lone surrogate (no text ever
    ///     contains it), or they are too many or too long
    public StopStrings(List<String> stops) {
        if (stops.size() > MAX_COUNT)
            throw new IllegalArgumentException(stops.size() + " stop strings, at most " + MAX_COUNT + " allowed");
        for (String stop : stops) {
            if (stop.isEmpty() || stop.length() > MAX_LENGTH)
                throw new IllegalArgumentException(
                        "stop string of " + stop.length() + " UTF-16 units, must have 1 to " + MAX_LENGTH);
            if (!Utf8.wellFormed(stop).equals(stop))
                throw new IllegalArgumentException("stop string holds half a surrogate pair");
        }
        this.stops = List.copyOf(stops);
    }

    /// What of the text so far may be shown now. Empty once [#stopped].
    ///
    /// @param text whole characters, as [Detokenizer#push] gives them
    public String push(String text) {
        if (stopped) return "";
        String all = held + text;
        int begin = firstMatch(all);
        if (begin >= 0) {
            stopped = true;
            held = "";
            return all.substring(0, begin);
        }
        int keep = possibleStop(all);
        held = all.substring(keep);
        return all.substring(0, keep);
    }

    /// What is held, now that no text follows.
    public String finish() {
        String rest = held;
        held = "";
        return rest;
    }

    /// Whether a stop string has been met; it is not shown, nor is anything after it.
    public boolean stopped() {
        return stopped;
    }

    /// Where the match that ends first begins, or -1.
    private int firstMatch(String all) {
        int begin = -1;
        int end = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = all.indexOf(stop);
            if (at < 0) continue;
            int stopEnd = at + stop.length();
            if (stopEnd < end || (stopEnd == end && at < begin)) {
                begin = at;
                end = stopEnd;
            }
        }
        return begin;
    }

    /// Where the longest end of `all` begins that is the beginning of a stop string; its length if
    /// there is none.
    private int possibleStop(String all) {
        int first = all.length();
        for (String stop : stops) {
            int from = Math.max(0, all.length() - stop.length() + 1);
            for (int i = from; i < first; i++) if (stop.startsWith(all.substring(i))) first = i;
        }
        return first;
    }
}
