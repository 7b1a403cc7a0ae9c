package org.diwan.robots.bus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// MQTT's topics and topic filters (MQTT 3.1.1, §4.7).
final class Topics {
    /// Longest name in bytes of UTF-8: its length is written in 16 bits (§1.5.3).
    static final int MAX_BYTES = 65_535;

    private Topics() {}

    /// The levels of a topic or filter; `a//b` has an empty one.
    static List<String> levels(String topic) {
        return Arrays.asList(topic.split("/", -1));
    }

    /// Whether `filter` stands for all that follow too.
    static boolean endsOpen(String filter) {
        return filter.equals("#") || filter.endsWith("/#");
    }

    /// Whether `filter` names `topic`. A wildcard at the beginning names no topic that begins with `$` (§4.7.2).
    static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) return false;
        int f = 0;
        int t = 0;
        while (f < filter.length()) {
            char c = filter.charAt(f);
            if (c == '#') return true;
            if (c == '+') {
                while (t < topic.length() && topic.charAt(t) != '/') t++;
                f++;
            } else if (t < topic.length() && topic.charAt(t) == c) {
                f++;
                t++;
            } else {
                return t == topic.length() && filter.substring(f).equals("/#");
            }
        }
        return t == topic.length();
    }

    /// @throws IllegalArgumentException if nothing can be sent to `topic`
    static String checkTopic(String topic) {
        checkText("topic", topic);
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0)
            throw new IllegalArgumentException("topic " + topic + " has a wildcard; those are for filters");
        return topic;
    }

    /// @throws IllegalArgumentException if `filter` is none: `+` and `#` stand for whole levels, `#` for the last
    static String checkFilter(String filter) {
        checkText("filter", filter);
        var levels = levels(filter);
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean wild = level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
            if (wild && (level.length() > 1 || (level.equals("#") && i < levels.size() - 1)))
                throw new IllegalArgumentException(
                        "filter " + filter + ": + and # stand for whole levels, # only for the last");
        }
        return filter;
    }

    private static void checkText(String what, String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0)
            throw new IllegalArgumentException("a " + what + " is empty or has a character 0");
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text))
            throw new IllegalArgumentException("a " + what + " has half of a surrogate pair, which is no UTF-8");
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES)
            throw new IllegalArgumentException("a " + what + " of " + bytes + " bytes, the limit is " + MAX_BYTES);
    }
}
