package org.diwan.language;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The alphabet of byte-level tokens: 256 printable letters, one for each byte, so that token texts
/// can live in JSON. GPT-2's choice (`bytes_to_unicode` in its `encoder.py`): bytes that print in
/// Latin-1 (`!`…`~`, `¡`…`¬`, `®`…`ÿ`) stand for themselves, the other 68 become `Ā` onwards in
/// order, so a space is `Ġ` and a line feed `Ċ`.
public final class ByteLevel {
    private static final char[] LETTERS = new char[256];
    private static final short[] BYTES = new short[0x144];

    static {
        Arrays.fill(BYTES, (short) -1);
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean prints = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            LETTERS[b] = prints ? (char) b : next++;
            BYTES[LETTERS[b]] = (short) b;
        }
    }

    private ByteLevel() {}

    /// The letter for byte `value` in `[0, 256)`.
    public static char letter(int value) {
        return LETTERS[value];
    }

    /// The letters for `bytes`.
    public static String letters(byte[] bytes) {
        var text = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) text[i] = LETTERS[bytes[i] & 0xFF];
        return new String(text);
    }

    /// The bytes that `letters` stand for; a letter outside the alphabet stands for its own UTF-8.
    public static byte[] bytes(String letters) {
        var bytes = new byte[letters.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = letters.charAt(i);
            if (letter >= BYTES.length || BYTES[letter] < 0) return letters.getBytes(StandardCharsets.UTF_8);
            bytes[i] = (byte) BYTES[letter];
        }
        return bytes;
    }
}
