package org.diwan.language;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// SentencePiece's precompiled normalisation: for every prefix that has one, its replacement; the
/// longest prefix wins (Kudo and Richardson 2018, arXiv:1808.06226, §3.2, "fully customizable
/// character normalization").
///
/// ```
/// u32      size of the trie in bytes, little-endian as all numbers
/// u32[]    the trie, a double array as darts-clone writes it
/// bytes    replacements in UTF-8, each ended by a zero byte
/// ```
///
/// A unit of the trie holds the byte that leads to it (bits 0–7, with bit 31 clear), whether a key ends
/// there (bit 8), and the distance to its children (bits 10–30, shifted left by 8 when bit 9 is set).
/// A child is at (node xor distance) xor byte; the unit at (node xor distance) of a key's end has bit
/// 31 set and holds, below it, where the replacement begins.
final class Charsmap {
    private final int[] units;
    private final byte[] replacements;

    /// @throws IllegalArgumentException when `blob` is not of this form
    Charsmap(byte[] blob) {
        var in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        int size = blob.length < 4 ? -1 : in.getInt();
        if (size < 4 || size % 4 != 0 || size > in.remaining())
            throw new IllegalArgumentException("tokenizer.ggml.precompiled_charsmap of " + blob.length
                    + " bytes says that its trie has " + size + ", must be a multiple of 4 within it");
        units = new int[size / 4];
        for (int i = 0; i < units.length; i++) units[i] = in.getInt();
        replacements = Arrays.copyOfRange(blob, 4 + size, blob.length);
        if (replacements.length == 0 || replacements[replacements.length - 1] != 0)
            throw new IllegalArgumentException("tokenizer.ggml.precompiled_charsmap does not end with a zero byte");
    }

    /// What a prefix becomes.
    ///
    /// @param length of the prefix in bytes; 0 when no prefix is replaced
    record Match(int length, String replacement) {
        static final Match NONE = new Match(0, "");
    }

    /// The longest prefix of `utf8` from `from` that is replaced.
    Match longest(byte[] utf8, int from) {
        int length = 0;
        int at = -1;
        int node = distance(units[0]);
        for (int i = from; i < utf8.length; i++) {
            node ^= utf8[i] & 0xFF;
            if (node < 0 || node >= units.length) break;
            int unit = units[node];
            if ((unit & 0x8000_00FF) != (utf8[i] & 0xFF)) break;
            node ^= distance(unit);
            if ((unit & 0x100) != 0 && node >= 0 && node < units.length) {
                length = i + 1 - from;
                at = units[node] & 0x7FFF_FFFF;
            }
        }
        return at < 0 || at >= replacements.length ? Match.NONE : new Match(length, replacement(at));
    }

    private static int distance(int unit) {
        return (unit >>> 10) << ((unit & 0x200) >>> 6);
    }

    private String replacement(int from) {
        int end = from;
        while (replacements[end] != 0) end++;
        return new String(replacements, from, end - from, StandardCharsets.UTF_8);
    }
}
