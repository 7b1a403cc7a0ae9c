package org.diwan.base;

import java.util.SplittableRandom;

/// Random trials that anyone can repeat: the test that fails prints the seed which makes it fail
/// again (`-Dseed=…`), and `-Diterations=…` runs it longer. As Lucene's `tests.seed`.
public final class Seeded {
    /// One trial over `random`, failing by throwing.
    @FunctionalInterface
    public interface Trial {
        void run(SplittableRandom random) throws Exception;
    }

    private Seeded() {}

    /// Runs `trial` `iterations` times, each on its own seed drawn from the seed of the run.
    ///
    /// @throws AssertionError naming the seed of the first trial that fails; its cause is the failure
    public static void forAll(int iterations, Trial trial) {
        Long fixed = Long.getLong("seed");
        int count = fixed != null ? 1 : Integer.getInteger("iterations", iterations);
        for (int i = 0; i < count; i++) {
            long seed = fixed != null ? fixed : System.nanoTime() * 31 + i;
            try {
                trial.run(new SplittableRandom(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("fails with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
