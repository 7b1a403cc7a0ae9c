package org.diwan.language;

import java.nio.charset.StandardCharsets;

/// UTF-8 as tokenizers need it: a lone surrogate becomes U+FFFD, where the JDK writes `?`.
final class Utf8 {
    private Utf8() {}

    /// Holds a text to encode to [Tokenizer#MAX_TEXT].
    static void checkLength(String text) {
        if (text.length() > Tokenizer.MAX_TEXT)
            throw new IllegalArgumentException("text of " + text.length() + " UTF-16 units, at most "
                    + Tokenizer.MAX_TEXT + " can be encoded at once; split it");
    }

    static byte[] bytes(String text) {
        return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    /// `text` with every lone surrogate replaced by U+FFFD; the same object when there is none.
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (isSurrogate(c)) return replaceLone(text);
            i += Character.charCount(c);
        }
        return text;
    }

    private static String replaceLone(String text) {
        var fixed = new StringBuilder(text.length());
        text.codePoints().forEach(c -> fixed.appendCodePoint(isSurrogate(c) ? 0xFFFD : c));
        return fixed.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
