package org.diwan.bench;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.diwan.engine.kernel.Attention;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.KeyValues;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;

/// `bench attention`: attention alone, in the shape of Llama-3.2-1B (32 query heads of 64 share 8
/// key-value heads), over texts of several lengths and in every type of cache.
///
/// - *prompt*: the last 128 positions of the text in one batch.
/// - *decode*: its last position, once for each of 16 caches, as many as the model has layers.
///
/// A multiply-add counts for every element of a key and of a value that a query sees.
final class AttentionBench {
    private static final int HEADS = 32;
    private static final int KV_HEADS = 8;
    private static final int HEAD_SIZE = 64;
    private static final int LAYERS = 16;
    private static final int ROWS = 128;
    private static final int ROUNDS = 7;
    private static final int WARM_UP = 5;

    private AttentionBench() {}

    static int run(Options options, PrintStream out) {
        int threads = options.number("threads", 2, 1, 256);
        try (var workers = new Workers(threads);
                var arena = Arena.ofShared()) {
            for (KvType type : KvType.values()) {
                for (int length : new int[] {512, 2048, 8192}) {
                    KeyValues[] caches = new KeyValues[LAYERS];
                    Arrays.setAll(caches, i -> cache(type, length, arena));
                    double prompt = rate(caches, ROWS, length, workers);
                    double decode = rate(caches, 1, length, workers);
                    out.printf(
                            "%s, %d threads, %d positions: prompt %.1f GMAC/s, decode %.1f GMAC/s%n",
                            type, threads, length, prompt, decode);
                }
            }
        }
        return 0;
    }

    private static double rate(KeyValues[] caches, int rows, int length, Workers workers) {
        float[] query = floats(new SplittableRandom(2), rows * HEADS * HEAD_SIZE);
        float[] attended = new float[query.length];
        AttentionRule rule = AttentionRule.full(HEAD_SIZE);
        int block = Math.min(rows, Attention.rows(HEADS, KV_HEADS));
        int blocks = Math.ceilDiv(rows, block);
        double products = 0;
        for (int row = 0; row < rows; row++) products += 2.0 * HEADS * HEAD_SIZE * (length - rows + row + 1);
        // A layer of a prompt is work enough for a round.
        int layers = rows == 1 ? caches.length : 1;
        double[] rates = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int layer = 0; layer < layers; layer++) {
                KeyValues cache = caches[layer];
                workers.run(blocks * KV_HEADS, part -> {
                    int row = part / KV_HEADS * block;
                    int count = Math.min(block, rows - row);
                    int at = row * HEADS * HEAD_SIZE;
                    int position = length - rows + row;
                    Attention.attend(query, at, count, HEADS, cache, part % KV_HEADS, position, rule, attended, at);
                });
            }
            if (round >= 0) rates[round] = layers * products / (System.nanoTime() - start);
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static KeyValues cache(KvType type, int length, Arena arena) {
        var cache = new KeyValues(type, KV_HEADS, HEAD_SIZE);
        for (int p = 0; p < length; p += KeyValues.PAGE) {
            cache.attach(arena.allocate(KeyValues.pageSize(type, KV_HEADS, HEAD_SIZE)));
        }
        float[] some = floats(new SplittableRandom(1), KV_HEADS * HEAD_SIZE + length);
        for (int p = 0; p < length; p++) cache.put(p, some, p, some, length - p);
        return cache;
    }

    private static float[] floats(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextDouble(-1, 1);
        return values;
    }
}
