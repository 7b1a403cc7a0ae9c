package org.diwan.engine.tensor;

import java.util.SplittableRandom;

/// Random inputs for tests: mostly ordinary values, with zeros, tiny and large ones among them.
final class Floats {
    private Floats() {}

    static float[] random(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float value = (float) random.nextGaussian();
            values[i] = switch (random.nextInt(50)) {
                case 0 -> 0;
                case 1 -> value * 1e-8f;
                case 2 -> value * 100;
                default -> value;
            };
        }
        return values;
    }
}
