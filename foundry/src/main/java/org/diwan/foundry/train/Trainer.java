package org.diwan.foundry.train;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Trains a model: draws rows, walks down the gradient, saves itself every [#CHECKPOINT_SECONDS].
///
/// Each worker is a thread with its own gradients and computes its own part of every batch with one
/// libtorch thread; once a step the parts are added in a fixed order. libtorch's own threads meet at
/// a barrier in every operation, and on a machine with other work one of them is always late
/// (measured with a load of 2 on 2 cores, depth 6: 1,100 tokens/s that way, 4,900 this way).
///
/// Everything random follows from the seed and the count of steps, so a run that is killed and goes
/// on from its checkpoint ends with the same bits as one that was not.
public final class Trainer implements AutoCloseable {
    /// A kill costs at most this much work.
    private static final long CHECKPOINT_SECONDS = 120;

    /// Steps between two lines of the log.
    private static final int LOG_STEPS = 20;

    private static final double INITIAL_DEVIATION = 0.02;

    private final ModelShape shape;
    private final TrainingPlan plan;
    private final Rows rows;
    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads;
    private final Parameters parameters;
    private final Muon muon;
    private final AdamW adamW;
    private long step;
    private double seconds;
    private volatile boolean stopping;

    /// Weights shared with the others, gradients its own; owned by one thread at a time.
    private record Worker(Parameters parameters, Network network) {}

    /// Ready at step 0 with random weights.
    ///
    /// @param rowFile rows of `shape.context() + 1` tokens
    public Trainer(ModelShape shape, TrainingPlan plan, Path rowFile) throws IOException {
        this.shape = shape;
        this.plan = plan;
        this.rows = new Rows(rowFile, shape.context(), plan.seed());
        torch.set_num_threads(1);
        parameters = Parameters.random(shape, plan.seed(), INITIAL_DEVIATION);
        workers.add(new Worker(parameters, new Network(shape, parameters)));
        for (int i = 1; i < plan.workers(); i++) {
            var own = parameters.sharingWeights();
            workers.add(new Worker(own, new Network(shape, own)));
        }
        muon = new Muon(parameters);
        adamW = new AdamW(parameters.others());
        threads = Executors.newFixedThreadPool(
                plan.workers(), Thread.ofPlatform().name("trainer-", 0).factory());
    }

    /// Trains to the end of the plan, from `folder`'s checkpoint if it has one; the checkpoint there
    /// holds the trained weights afterwards. Prints a line of progress to `log` now and then.
    ///
    /// @throws IOException when the disk refuses, or after [#stop]: the checkpoint is saved then, and
    ///     the same call goes on from it
    public void train(Path folder, PrintStream log) throws IOException {
        train(folder, log, CHECKPOINT_SECONDS);
    }

    /// As [#train(Path, PrintStream)], saving after `checkpointSeconds`; 0 is after every step.
    void train(Path folder, PrintStream log, long checkpointSeconds) throws IOException {
        Path file = folder.resolve(Checkpoint.FILE);
        if (Files.exists(file)) restore(Checkpoint.read(file));
        long saved = System.nanoTime();
        double lossSum = 0;
        long logged = step;
        long loggedAt = System.nanoTime();
        while (step < plan.steps()) {
            long start = System.nanoTime();
            lossSum += step();
            seconds += (System.nanoTime() - start) / 1e9;
            boolean last = step == plan.steps() || stopping;
            if (step % LOG_STEPS == 0 || last) {
                double speed = (step - logged) * plan.batchTokens() / ((System.nanoTime() - loggedAt) / 1e9);
                double minutesLeft = (plan.steps() - step) * plan.batchTokens() / speed / 60;
                log.printf(
                        "step %d/%d  loss %.4f  %.0f tokens/s  %.1f min left  rate × %.3f%n",
                        step, plan.steps(), lossSum / (step - logged), speed, minutesLeft, plan.scale(step));
                lossSum = 0;
                logged = step;
                loggedAt = System.nanoTime();
            }
            if (last || System.nanoTime() - saved > checkpointSeconds * 1_000_000_000L) {
                checkpoint().write(file);
                saved = System.nanoTime();
            }
            if (stopping && step < plan.steps())
                throw new IOException("stopped and saved at step " + step + "; run again to go on");
        }
    }

    /// [#train], running in another thread, ends after its present step.
    public void stop() {
        stopping = true;
    }

    /// One step over one batch; its mean loss in nats per token, before the step.
    double step() {
        int perWorker = plan.batchTokens() / plan.workers() / shape.context();
        long first = step * plan.batchTokens() / shape.context();
        var parts = new ArrayList<Callable<Double>>();
        for (int w = 0; w < workers.size(); w++) {
            int index = w;
            // Rows is not safe to share: the rows are drawn here, the arithmetic is done there.
            var batches = draw(first + (long) w * perWorker, perWorker);
            parts.add(() -> accumulate(workers.get(index), batches, perWorker));
        }
        double loss = all(parts).stream().mapToDouble(part -> part).sum() / workers.size();
        step++;
        update();
        return loss;
    }

    /// `count` rows from the `first`, as passes of at most `microBatch`.
    private List<long[]> draw(long first, int count) {
        int length = shape.context() + 1;
        var batches = new ArrayList<long[]>();
        for (int done = 0; done < count; done += plan.microBatch()) {
            int size = Math.min(plan.microBatch(), count - done);
            long[] batch = new long[size * length];
            for (int i = 0; i < size; i++) rows.draw(first + done + i, batch, i * length);
            batches.add(batch);
        }
        return batches;
    }

    /// Adds the gradient of `batches` to the worker's; their mean loss.
    private double accumulate(Worker worker, List<long[]> batches, int sequences) {
        torch.set_num_threads(1); // libtorch keeps this per thread
        int length = shape.context() + 1;
        double loss = 0;
        for (long[] batch : batches) {
            try (var _ = new PointerScope()) {
                int size = batch.length / length;
                Tensor rowTensor = Tensors.of(batch, size, length);
                double share = (double) size / sequences;
                Tensor mean = worker.network.loss(
                        rowTensor.narrow(1, 0, shape.context()), rowTensor.narrow(1, 1, shape.context()));
                mean.mul(new Scalar(share / plan.workers())).backward();
                loss += mean.item_float() * share;
            }
        }
        return loss;
    }

    private void update() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor blocks = parameters.blocks().gradient();
            Tensor others = parameters.others().gradient();
            for (Worker worker : workers.subList(1, workers.size())) {
                blocks.add_(worker.parameters.blocks().gradient());
                others.add_(worker.parameters.others().gradient());
            }
            muon.step(plan.scale(step)); // blind to the gradient's length: nothing to clip
            double norm = others.norm().item_float();
            double clip = Math.min(1, TrainingPlan.MAX_GRADIENT_NORM / (norm + 1e-6));
            adamW.step(step, plan.rate() * plan.scale(step), clip);
            for (Worker worker : workers) {
                worker.parameters.blocks().gradient().zero_();
                worker.parameters.others().gradient().zero_();
            }
        }
    }

    private List<Double> all(List<Callable<Double>> parts) {
        try {
            var results = new ArrayList<Double>();
            for (Future<Double> future : threads.invokeAll(parts)) results.add(future.get());
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("training failed at step " + step, e.getCause());
        }
    }

    /// The state after the last step.
    public Checkpoint checkpoint() {
        return new Checkpoint(
                shape,
                plan.seed(),
                step,
                seconds,
                parameters.arrays(),
                Map.of(
                        "muon.momentum", Tensors.floats(muon.momentum()),
                        "adamw.mean", Tensors.floats(adamW.mean()),
                        "adamw.square", Tensors.floats(adamW.square())));
    }

    /// Goes on from `checkpoint`.
    ///
    /// @throws IOException when it belongs to another shape or seed
    public void restore(Checkpoint checkpoint) throws IOException {
        if (!checkpoint.shape().equals(shape) || checkpoint.seed() != plan.seed())
            throw new IOException("the checkpoint is of " + checkpoint.shape() + " with seed " + checkpoint.seed()
                    + ", not of " + shape + " with seed " + plan.seed() + "; remove it to begin anew");
        step = checkpoint.step();
        seconds = checkpoint.seconds();
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            parameters.set(checkpoint.weights());
            restore(checkpoint, "muon.momentum", muon.momentum());
            restore(checkpoint, "adamw.mean", adamW.mean());
            restore(checkpoint, "adamw.square", adamW.square());
        }
    }

    private static void restore(Checkpoint checkpoint, String name, Tensor target) throws IOException {
        float[] values = checkpoint.optimizer().get(name);
        if (values == null) throw new IOException("the checkpoint lacks the optimiser's vector " + name);
        Tensors.copy(values, target);
    }

    @Override
    public void close() {
        threads.close();
    }
}
