package org.diwan.language.template;

/// Joins texts, values and marks alike, within the limits of the rendering.
final class TextBuilder {
    private final StringBuilder value = new StringBuilder();
    private final StringBuilder marks = new StringBuilder();

    TextBuilder append(Text text) {
        value.append(text.value());
        marks.append(text.marks());
        return this;
    }

    /// As [#append(Text)], counted at `line`.
    void append(Text text, Limits limits, int line) {
        if (value.length() + text.length() > Limits.MAX_TEXT) limits.text(line, (long) value.length() + text.length());
        limits.text(line, text.length());
        append(text);
    }

    Text text() {
        return new Text(value.toString(), marks.toString());
    }
}
