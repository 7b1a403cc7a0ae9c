package org.diwan.foundry.train;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The rows of a training file (see the tokenizer's `RowWriter`), mapped, in a random order that
/// depends only on the seed: the n-th row drawn is the same in every run, which is all that a
/// checkpoint needs to remember about the data.
public final class Rows {
    private final ShortBuffer tokens;
    private final int length;
    private final int count;
    private final long seed;
    private long epoch = -1;
    private int[] order = {};

    /// @throws IOException when the file is not a whole number of rows, or holds none
    public Rows(Path file, int context, long seed) throws IOException {
        length = context + 1;
        this.seed = seed;
        try (var channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size == 0 || size % (2L * length) != 0 || size > Integer.MAX_VALUE)
                throw new IOException(file + " holds " + size + " bytes, not whole rows of " + length
                        + " tokens (at least one, at most 2 GiB)");
            count = (int) (size / (2L * length));
            tokens = channel.map(FileChannel.MapMode.READ_ONLY, 0, size)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer();
        }
    }

    /// Rows in the file.
    public int count() {
        return count;
    }

    /// The row drawn `n`-th (from 0, without end): `context + 1` tokens into `out` from `offset`.
    void draw(long n, long[] out, int offset) {
        shuffle(n / count);
        int row = order[(int) (n % count)];
        for (int i = 0; i < length; i++) out[offset + i] = Short.toUnsignedLong(tokens.get(row * length + i));
    }

    /// The row drawn `n`-th.
    public int[] draw(long n) {
        long[] row = new long[length];
        draw(n, row, 0);
        return Arrays.stream(row).mapToInt(token -> (int) token).toArray();
    }

    /// Fisher and Yates, one order for each epoch.
    private void shuffle(long wanted) {
        if (wanted == epoch) return;
        epoch = wanted;
        var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + epoch);
        order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}
