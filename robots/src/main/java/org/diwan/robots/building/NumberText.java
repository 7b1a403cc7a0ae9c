package org.diwan.robots.building;

/// Numbers as people write them: `4`, not `4.0`.
final class NumberText {
    private NumberText() {}

    /// The shortest text that reads back as `value`.
    static String of(double value) {
        String text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
