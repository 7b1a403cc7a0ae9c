package org.diwan.base;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Damages inputs on purpose, so that readers of outside data can be shown to refuse what is broken:
/// cut off, bits flipped, numbers made hostile, parts repeated, removed or swapped. The same random
/// source gives the same damage.
public final class Mutations {
    /// Numbers that break arithmetic: signs, ends of ranges, just beyond powers of two.
    private static final long[] HOSTILE = {
        0,
        1,
        -1,
        7,
        255,
        65_535,
        65_536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private Mutations() {}

    /// A damaged copy of `whole`, one to four times over; at most twice as long.
    public static byte[] of(byte[] whole, SplittableRandom random) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(1, 5); i > 0 && bytes.length > 0; i--) bytes = once(bytes, whole.length, random);
        return bytes;
    }

    private static byte[] once(byte[] bytes, int size, SplittableRandom random) {
        // Headers come first and break most: half of the damage goes there.
        int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 512);
        int at = random.nextInt(reach);
        int length = random.nextInt(1, Math.min(64, bytes.length - at) + 1);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> number(bytes, at, HOSTILE[random.nextInt(HOSTILE.length)], 4);
            case 3 -> number(bytes, at, HOSTILE[random.nextInt(HOSTILE.length)], 8);
            case 4 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0));
            case 5 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 6 -> {
                return splice(bytes, at, at + length);
            }
            default -> {
                return bytes.length + length <= 2 * size ? splice(bytes, at + length, at) : bytes;
            }
        }
        return bytes;
    }

    private static void number(byte[] bytes, int at, long value, int size) {
        for (int i = 0; i < Math.min(size, bytes.length - at); i++) bytes[at + i] = (byte) (value >> (8 * i));
    }

    /// bytes[0 … end) and then bytes[from …): a part is left out, or comes twice.
    private static byte[] splice(byte[] bytes, int end, int from) {
        byte[] spliced = Arrays.copyOf(bytes, end + bytes.length - from);
        System.arraycopy(bytes, from, spliced, end, bytes.length - from);
        return spliced;
    }
}
