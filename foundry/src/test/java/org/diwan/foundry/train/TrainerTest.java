package org.diwan.foundry.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final ModelShape SHAPE = new ModelShape(2, 32, 2, 16, 64, 50, 16);

    @TempDir
    Path folder;

    @Test
    void aFewRowsAreLearntByHeart() throws IOException {
        try (var trainer = new Trainer(SHAPE, plan(200), rows(4))) {
            double first = trainer.step();
            assertEquals(Math.log(50), first, 0.3, "random weights know nothing: −ln(1/50)");
            double last = 0;
            for (int i = 1; i < 150; i++) last = trainer.step();
            assertTrue(last < 0.2, "still " + last + " nats per token after 150 steps on 4 rows");
        }
    }

    @Test
    void gradientsAreTheSlopesOfTheLoss() {
        torch.set_num_threads(1);
        var parameters = Parameters.random(SHAPE, 3, 0.3);
        var network = new Network(SHAPE, parameters);
        var random = new SplittableRandom(5);
        long[] row = random.longs(2 * 17, 0, 50).toArray();
        try (var _ = new PointerScope()) {
            Tensor rows = Tensors.of(row, 2, 17);
            Tensor loss = network.loss(rows.narrow(1, 0, 16), rows.narrow(1, 1, 16));
            loss.backward();
            for (var slot : parameters.slots()) {
                float[] gradient = Tensors.floats(parameters.get(slot.name()).grad());
                // The direction of the gradient itself: the steepest, so the slope stands out of rounding.
                double norm = 0;
                for (float g : gradient) norm += (double) g * g;
                norm = Math.sqrt(norm);
                double epsilon = 2e-2;
                double slope = (shifted(network, parameters, slot, gradient, epsilon / norm, rows)
                                - shifted(network, parameters, slot, gradient, -epsilon / norm, rows))
                        / (2 * epsilon);
                assertEquals(norm, slope, 0.02 * norm + 1e-4, slot.name());
            }
        }
    }

    private static double shifted(
            Network network, Parameters parameters, Parameters.Slot slot, float[] way, double by, Tensor rows) {
        Tensor weight = parameters.get(slot.name());
        float[] before = Tensors.floats(weight);
        float[] moved = before.clone();
        for (int i = 0; i < moved.length; i++) moved[i] += (float) (by * way[i]);
        Tensors.copy(moved, weight);
        try (var _ = new NoGradGuard()) {
            return network.loss(rows.narrow(1, 0, 16), rows.narrow(1, 1, 16)).item_float();
        } finally {
            Tensors.copy(before, weight);
        }
    }

    @Test
    void aRunThatWasStoppedEndsWithTheBitsOfOneThatWasNot() throws IOException {
        Path rows = rows(7);
        List<Double> uninterrupted = new ArrayList<>();
        Checkpoint whole;
        try (var trainer = new Trainer(SHAPE, plan(12), rows)) {
            for (int i = 0; i < 12; i++) uninterrupted.add(trainer.step());
            whole = trainer.checkpoint();
        }
        List<Double> losses = new ArrayList<>();
        Path file = folder.resolve(Checkpoint.FILE);
        try (var trainer = new Trainer(SHAPE, plan(12), rows)) {
            for (int i = 0; i < 5; i++) losses.add(trainer.step());
            trainer.checkpoint().write(file);
            trainer.step(); // done after the checkpoint and lost by the kill
        }
        try (var trainer = new Trainer(SHAPE, plan(12), rows)) {
            trainer.restore(Checkpoint.read(file));
            for (int i = 5; i < 12; i++) losses.add(trainer.step());
            assertEquals(uninterrupted, losses);
            Checkpoint resumed = trainer.checkpoint();
            for (int i = 0; i < whole.weights().size(); i++)
                assertArrayEquals(
                        whole.weights().get(i).values(),
                        resumed.weights().get(i).values(),
                        whole.weights().get(i).name());
        }
    }

    @Test
    void trainingGoesOnFromTheCheckpointInItsFolder() throws IOException {
        Path rows = rows(7);
        var out = new ByteArrayOutputStream();
        try (var trainer = new Trainer(SHAPE, plan(3), rows)) {
            trainer.train(folder, new PrintStream(out, true, StandardCharsets.UTF_8));
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("step 3/3"));
        assertEquals(3, Checkpoint.read(folder.resolve(Checkpoint.FILE)).step());
        try (var trainer = new Trainer(SHAPE, plan(5), rows)) {
            trainer.train(folder, new PrintStream(out, true, StandardCharsets.UTF_8));
        }
        assertEquals(5, Checkpoint.read(folder.resolve(Checkpoint.FILE)).step());
        var other = new ModelShape(1, 32, 2, 16, 64, 50, 16);
        try (var trainer = new Trainer(other, plan(5), rows)) {
            assertThrows(
                    IOException.class, () -> trainer.train(folder, new PrintStream(out, true, StandardCharsets.UTF_8)));
        }
    }

    @Test
    void theRateRisesStaysAndFallsToNothing() {
        var plan = new TrainingPlan(1_000 * 64L, 64, 2, 2, 1, 1);
        assertEquals(1.0 / TrainingPlan.WARM_UP_STEPS, plan.scale(1), 1e-12);
        assertEquals(1, plan.scale(TrainingPlan.WARM_UP_STEPS));
        assertEquals(1, plan.scale(550));
        assertEquals(0.5, plan.scale(776), 0.01);
        assertEquals(1 / 450.0, plan.scale(1000), 1e-9);
    }

    @Test
    void muonStepsAreNearlyOrthogonal() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            torch.manual_seed(1);
            for (long[] shape : new long[][] {{32, 32}, {64, 32}, {32, 96}}) {
                Tensor o = Muon.orthogonal(torch.randn(shape));
                Tensor product = shape[0] > shape[1] ? torch.mm(o.t(), o) : torch.mm(o, o.t());
                int n = (int) product.size(0);
                float[] values = Tensors.floats(product);
                double trace = 0;
                double outside = 0;
                for (int i = 0; i < n * n; i++) {
                    if (i / n == i % n) trace += values[i] / n;
                    else outside += values[i] * values[i];
                }
                // Singular values in about [0.7, 1.2] (or a little lower for the smallest).
                assertEquals(0.9, trace, 0.3, "mean square of the singular values");
                assertTrue(Math.sqrt(outside / n) < 0.4, "off the diagonal: " + Math.sqrt(outside / n));
            }
        }
    }

    @Test
    void filesThatAreNoRowsAreRefused() throws IOException {
        Path file = Files.write(folder.resolve("odd.bin"), new byte[33]);
        var e = assertThrows(IOException.class, () -> new Rows(file, 16, 1));
        assertTrue(String.valueOf(e.getMessage()).contains("33 bytes, not whole rows of 17"), e::getMessage);
    }

    @Test
    void everyRowIsDrawnOnceAnEpoch() throws IOException {
        var rows = new Rows(rows(9), 16, 4);
        for (int epoch = 0; epoch < 3; epoch++) {
            var seen = new ArrayList<Integer>();
            for (int i = 0; i < 9; i++) seen.add(rows.draw(epoch * 9L + i)[0]);
            assertEquals(9, seen.stream().distinct().count(), "first tokens differ by row: " + seen);
        }
    }

    private static TrainingPlan plan(long steps) {
        return new TrainingPlan(steps * 64, 64, 1, 2, 3e-3, 11);
    }

    /// Rows of random tokens, each beginning with its own.
    private Path rows(int count) throws IOException {
        var random = new SplittableRandom(2);
        byte[] bytes = new byte[count * 17 * 2];
        for (int i = 0; i < count * 17; i++) bytes[2 * i] = (byte) (i % 17 == 0 ? i / 17 : random.nextInt(50));
        return Files.write(folder.resolve("rows-" + count), bytes);
    }
}
