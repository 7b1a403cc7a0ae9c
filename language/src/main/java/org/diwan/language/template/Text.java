package org.diwan.language.template;

/// A string whose every character knows who wrote it: the template (trusted) or its input.
///
/// The marks are a second string of the same length, so that whatever cuts or joins the value cuts
/// and joins the marks in the same way. An operation that rewrites characters (`upper`, `replace`,
/// `tojson`) gives a wholly untrusted text unless all that went in was trusted: when in doubt, no.
/// Equality looks at the value alone.
///
/// @param value the characters
/// @param marks for each UTF-16 unit of `value`, `T` when the template wrote it, `U` otherwise
public record Text(String value, String marks) {
    static final Text EMPTY = new Text("", "");

    public Text {
        assert value.length() == marks.length() : "a mark for every character";
    }

    /// Written by the template.
    public static Text trusted(String value) {
        return new Text(value, "T".repeat(value.length()));
    }

    /// Written by whoever wrote the input.
    public static Text untrusted(String value) {
        return new Text(value, "U".repeat(value.length()));
    }

    /// Whether the template wrote every character in `[from, to)`.
    public boolean isTrusted(int from, int to) {
        int untrusted = marks.indexOf('U', from);
        return untrusted < 0 || untrusted >= to;
    }

    /// `changed`, as trusted as the whole of this text.
    Text rewritten(String changed) {
        return marks.indexOf('U') < 0 ? trusted(changed) : untrusted(changed);
    }

    Text plus(Text more) {
        return new Text(value.concat(more.value), marks.concat(more.marks));
    }

    /// The characters `[from, to)`.
    public Text cut(int from, int to) {
        return new Text(value.substring(from, to), marks.substring(from, to));
    }

    /// The characters from `from` on.
    public Text cut(int from) {
        return cut(from, value.length());
    }

    int length() {
        return value.length();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && value.equals(text.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
