package org.diwan.engine.model;

/// The arithmetic of one architecture. Implementations are immutable and safe to share.
sealed interface Forward permits LlamaForward, Qwen3Forward {
    /// Runs every row of `batch` through all layers; afterwards its logits are there and its
    /// sequences remember the keys and values of their new positions.
    void run(Batch batch);

    static Forward of(ModelConfig config, Weights weights) {
        return switch (config.architecture()) {
            case "llama" -> new LlamaForward(config, weights);
            case "qwen3" -> new Qwen3Forward(config, weights);
            default -> throw new AssertionError(config.architecture() + " was checked when it was read");
        };
    }
}
