package org.diwan.robots.bus;

/// MQTT's topic filters (MQTT 3.1.1, §4.7).
final class Topics {
    private Topics() {}

    /// Whether `filter` names `topic`.
    static boolean matches(String filter, String topic) {
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
}
