package org.diwan.engine.kernel;

import java.util.SplittableRandom;

/// Random inputs for tests.
final class Numbers {
    private Numbers() {}

    /// `count` values of the normal distribution.
    static float[] random(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
