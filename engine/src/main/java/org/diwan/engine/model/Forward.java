package org.diwan.engine.model;

import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;

/// The arithmetic of one architecture and the weights it needs. Implementations are immutable and
/// safe to share.
sealed interface Forward
        permits LlamaForward,
                Qwen2Forward,
                Qwen3Forward,
                Qwen3MoeForward,
                Gemma2Forward,
                Gemma3Forward,
                Cohere2Forward,
                Exaone4Forward,
                ApertusForward {
    /// Runs every row of `batch` through all layers; afterwards its logits are there and its
    /// sequences remember the keys and values of their new positions.
    void run(Batch batch);

    /// The architecture that `config` names, with the weights of `file`.
    ///
    /// @throws GgufException naming a tensor that is missing, of another shape, or that this
    ///     architecture has no use for
    static Forward of(GgufFile file, ModelConfig config) throws GgufException {
        var tensors = new Tensors(file);
        Forward forward =
                switch (config.family()) {
                    case Family.Llama() -> new LlamaForward(config, tensors);
                    case Family.Qwen2() -> new Qwen2Forward(config, tensors);
                    case Family.Qwen3() -> new Qwen3Forward(config, tensors);
                    case Family.Qwen3Moe family -> new Qwen3MoeForward(config, family, tensors);
                    case Family.Gemma2 family -> new Gemma2Forward(config, family, tensors);
                    case Family.Gemma3 family -> new Gemma3Forward(config, family, tensors);
                    case Family.Cohere2 family -> new Cohere2Forward(config, family, tensors);
                    case Family.Exaone4 family -> new Exaone4Forward(config, family, tensors);
                    case Family.Apertus family -> new ApertusForward(config, family, tensors);
                };
        tensors.refuseUnread();
        return forward;
    }
}
