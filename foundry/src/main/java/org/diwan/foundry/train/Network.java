package org.diwan.foundry.train;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// The forward pass of a `qwen3`-shaped decoder in libtorch, with autograd recording it: pre-norm
/// blocks of causal attention (RMSNorm on each head's query and key, rotary positions on half-split
/// pairs) and SwiGLU; the output matrix is the embedding. The same arithmetic as the engine's
/// forward pass, where a test holds the two together.
///
/// Owned by one thread. Tensors it returns live in the caller's `PointerScope`.
final class Network {
    private final ModelShape shape;
    private final Parameters parameters;
    private final Tensor cos;
    private final Tensor sin;

    Network(ModelShape shape, Parameters parameters) {
        this.shape = shape;
        this.parameters = parameters;
        int half = shape.headSize() / 2;
        float[] cosines = new float[shape.context() * half];
        float[] sines = new float[shape.context() * half];
        for (int position = 0; position < shape.context(); position++) {
            for (int i = 0; i < half; i++) {
                double angle = position * Math.pow(ModelShape.ROPE_BASE, -2.0 * i / shape.headSize());
                cosines[position * half + i] = (float) Math.cos(angle);
                sines[position * half + i] = (float) Math.sin(angle);
            }
        }
        cos = Tensors.of(cosines, shape.context(), half);
        sin = Tensors.of(sines, shape.context(), half);
    }

    /// Logits `[sequences * length, vocabulary]` after each of `tokens`, int64 `[sequences, length]`
    /// with length ≤ context.
    Tensor logits(Tensor tokens) {
        long sequences = tokens.size(0);
        long length = tokens.size(1);
        Tensor embedding = parameters.get("token_embd.weight");
        Tensor x = torch.embedding(embedding, tokens).view(sequences * length, shape.hidden());
        for (int i = 0; i < shape.layers(); i++) {
            String block = "blk." + i + ".";
            x = x.add(attention(block, norm(x, block + "attn_norm.weight", shape.hidden()), sequences, length));
            x = x.add(feedForward(block, norm(x, block + "ffn_norm.weight", shape.hidden())));
        }
        return torch.linear(norm(x, "output_norm.weight", shape.hidden()), embedding);
    }

    /// Mean cross-entropy in nats of `targets`, int64 `[sequences, length]`, given `tokens`.
    Tensor loss(Tensor tokens, Tensor targets) {
        return torch.cross_entropy_loss(logits(tokens), targets.reshape(-1));
    }

    private Tensor attention(String block, Tensor x, long sequences, long length) {
        Tensor q = heads(torch.linear(x, parameters.get(block + "attn_q.weight")), sequences, length);
        Tensor k = heads(torch.linear(x, parameters.get(block + "attn_k.weight")), sequences, length);
        Tensor v = heads(torch.linear(x, parameters.get(block + "attn_v.weight")), sequences, length);
        q = rotate(norm(q, block + "attn_q_norm.weight", shape.headSize()), length);
        k = rotate(norm(k, block + "attn_k_norm.weight", shape.headSize()), length);
        Tensor mixed = torch.scaled_dot_product_attention(
                q.transpose(1, 2),
                k.transpose(1, 2),
                v.transpose(1, 2),
                new TensorOptional(),
                0,
                true,
                new DoubleOptional(),
                false);
        mixed = mixed.transpose(1, 2).reshape(sequences * length, shape.attention());
        return torch.linear(mixed, parameters.get(block + "attn_output.weight"));
    }

    private Tensor feedForward(String block, Tensor x) {
        Tensor gate = torch.silu(torch.linear(x, parameters.get(block + "ffn_gate.weight")));
        Tensor up = torch.linear(x, parameters.get(block + "ffn_up.weight"));
        return torch.linear(gate.mul(up), parameters.get(block + "ffn_down.weight"));
    }

    private Tensor heads(Tensor x, long sequences, long length) {
        return x.view(sequences, length, shape.heads(), shape.headSize());
    }

    /// RMSNorm over the last axis: x / √(mean x² + eps) · weight (arXiv:1910.07467, eq. 4).
    private Tensor norm(Tensor x, String weight, long width) {
        return torch.rms_norm(
                x,
                new long[] {width},
                new TensorOptional(parameters.get(weight)),
                new DoubleOptional(ModelShape.EPSILON));
    }

    /// Turns the pair (x[i], x[i + half]) by position × base^(−2i/headSize); `[sequences, length,
    /// heads, headSize]` in and out.
    private Tensor rotate(Tensor x, long length) {
        int half = shape.headSize() / 2;
        Tensor c = cos.narrow(0, 0, length).view(1, length, 1, half);
        Tensor s = sin.narrow(0, 0, length).view(1, length, 1, half);
        Tensor a = x.narrow(3, 0, half);
        Tensor b = x.narrow(3, half, half);
        return torch.cat(new TensorVector(a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s))), 3);
    }
}
