package org.diwan.language.answer;

/// Finds where a JSON object or array ends in a text that is still arriving, looking at each
/// character once. Counts brackets outside of strings; whether all else is JSON is for the parser
/// to say.
final class JsonEnd {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private int at;

    /// @param from where the opening bracket stands
    JsonEnd(int from) {
        at = from;
    }

    /// The index after the closing bracket, or -1 while it has not come.
    int find(CharSequence text) {
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (escaped) escaped = false;
            else if (inString) {
                if (c == '\\') escaped = true;
                else if (c == '"') inString = false;
            } else if (c == '"') inString = true;
            else if (c == '{' || c == '[') depth++;
            else if ((c == '}' || c == ']') && --depth == 0) return at + 1;
        }
        return -1;
    }
}
