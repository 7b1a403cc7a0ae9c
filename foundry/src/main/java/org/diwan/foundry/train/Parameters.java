package org.diwan.foundry.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// The weights of a model as named views into two flat vectors, `blocks` (the matrices of the
/// blocks, which [Muon] trains) and `others` (the embedding and the norms, which [AdamW] trains),
/// each with its gradient vector. Autograd accumulates straight into the gradient views, so that
/// optimisers and clipping walk long vectors instead of dozens of small tensors, and a checkpoint is
/// a handful of arrays.
///
/// Names and order are those of GGUF (`token_embd.weight`, `blk.0.attn_q.weight`, …).
final class Parameters {
    /// One weight: a matrix `[rows, columns]`, or a vector `[columns]` where `rows` is 0; and where it
    /// lies in its flat vector.
    record Slot(String name, long rows, long columns, long offset) {
        boolean isMatrix() {
            return rows > 0;
        }

        boolean inBlocks() {
            return isMatrix() && name.startsWith("blk.");
        }

        long[] shape() {
            return isMatrix() ? new long[] {rows, columns} : new long[] {columns};
        }

        long count() {
            return Math.max(1, rows) * columns;
        }
    }

    private final ModelShape shape;
    private final List<Slot> slots = new ArrayList<>();
    private final Map<String, Tensor> views = new LinkedHashMap<>();
    private final Flat blocks;
    private final Flat others;

    /// A flat vector of weights and its gradient, both `[count]` float32.
    record Flat(Tensor weights, Tensor gradient) {
        static Flat of(Tensor weights) {
            return new Flat(weights, torch.zeros(weights.numel()));
        }
    }

    private Parameters(ModelShape shape, @Nullable Parameters owner) {
        this.shape = shape;
        long[] sizes = layOut(shape);
        blocks = Flat.of(owner == null ? torch.zeros(sizes[0]) : owner.blocks.weights);
        others = Flat.of(owner == null ? torch.ones(sizes[1]) : owner.others.weights);
        for (Slot slot : slots) {
            Flat flat = slot.inBlocks() ? blocks : others;
            var view = slice(flat.weights, slot).detach();
            view.set_requires_grad(true);
            view.mutable_grad().put(slice(flat.gradient, slot));
            views.put(slot.name, view);
        }
    }

    /// Weights at the start of training: norms 1, matrices normal with `deviation`, but those that
    /// write into the residual stream smaller by √(2 × layers), so that the stream keeps its size
    /// whatever the depth (GPT-2: Radford et al. 2019, §2.3).
    static Parameters random(ModelShape shape, long seed, double deviation) {
        var parameters = new Parameters(shape, null);
        torch.manual_seed(seed);
        try (var _ = new NoGradGuard()) {
            for (Slot slot : parameters.slots) {
                if (!slot.isMatrix()) continue;
                parameters.get(slot.name).normal_(0, deviation, new GeneratorOptional());
                if (slot.name.endsWith("attn_output.weight") || slot.name.endsWith("ffn_down.weight"))
                    parameters.get(slot.name).mul_(new Scalar(1 / Math.sqrt(2.0 * shape.layers())));
            }
        }
        return parameters;
    }

    /// The same weights, in the same memory, with gradients of their own: for one more worker.
    Parameters sharingWeights() {
        return new Parameters(shape, this);
    }

    /// A copy of all weights, in order.
    List<Safetensors.Array> arrays() {
        var arrays = new ArrayList<Safetensors.Array>();
        for (Slot slot : slots)
            arrays.add(new Safetensors.Array(slot.name, slot.shape(), Tensors.floats(get(slot.name))));
        return arrays;
    }

    /// Overwrites all weights with `arrays`, which must name each once.
    void set(List<Safetensors.Array> arrays) {
        if (arrays.size() != slots.size())
            throw new IllegalArgumentException(arrays.size() + " weights, not " + slots.size());
        for (var array : arrays) Tensors.copy(array.values(), get(array.name()));
    }

    /// Fills in the slots; the element counts of blocks and others.
    private long[] layOut(ModelShape shape) {
        long[] sizes = new long[2];
        matrix(sizes, "token_embd.weight", shape.vocabulary(), shape.hidden());
        for (int i = 0; i < shape.layers(); i++) {
            String block = "blk." + i + ".";
            vector(sizes, block + "attn_norm.weight", shape.hidden());
            matrix(sizes, block + "attn_q.weight", shape.attention(), shape.hidden());
            matrix(sizes, block + "attn_k.weight", shape.attention(), shape.hidden());
            matrix(sizes, block + "attn_v.weight", shape.attention(), shape.hidden());
            vector(sizes, block + "attn_q_norm.weight", shape.headSize());
            vector(sizes, block + "attn_k_norm.weight", shape.headSize());
            matrix(sizes, block + "attn_output.weight", shape.hidden(), shape.attention());
            vector(sizes, block + "ffn_norm.weight", shape.hidden());
            matrix(sizes, block + "ffn_gate.weight", shape.feedForward(), shape.hidden());
            matrix(sizes, block + "ffn_up.weight", shape.feedForward(), shape.hidden());
            matrix(sizes, block + "ffn_down.weight", shape.hidden(), shape.feedForward());
        }
        vector(sizes, "output_norm.weight", shape.hidden());
        return sizes;
    }

    private void matrix(long[] sizes, String name, long rows, long columns) {
        add(sizes, new Slot(name, rows, columns, 0));
    }

    private void vector(long[] sizes, String name, long columns) {
        add(sizes, new Slot(name, 0, columns, 0));
    }

    private void add(long[] sizes, Slot slot) {
        int vector = slot.inBlocks() ? 0 : 1;
        slots.add(new Slot(slot.name, slot.rows, slot.columns, sizes[vector]));
        sizes[vector] += slot.count();
    }

    static Tensor slice(Tensor flat, Slot slot) {
        return flat.narrow(0, slot.offset, slot.count()).view(slot.shape());
    }

    List<Slot> slots() {
        return List.copyOf(slots);
    }

    Tensor get(String name) {
        var view = views.get(name);
        if (view == null) throw new IllegalArgumentException("no weight named " + name);
        return view;
    }

    Flat blocks() {
        return blocks;
    }

    Flat others() {
        return others;
    }

    long count() {
        return slots.stream().mapToLong(Slot::count).sum();
    }
}
