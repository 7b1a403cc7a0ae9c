package org.diwan.engine.convert;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The classes of decoders in Hugging Face's `transformers` that are converted, and what they are called in GGUF.
enum Architecture {
    LLAMA("LlamaForCausalLM", "llama"),
    MISTRAL("MistralForCausalLM", "llama"),
    QWEN2("Qwen2ForCausalLM", "qwen2"),
    QWEN3("Qwen3ForCausalLM", "qwen3"),
    QWEN3_MOE("Qwen3MoeForCausalLM", "qwen3moe"),
    GEMMA2("Gemma2ForCausalLM", "gemma2"),
    GEMMA3("Gemma3ForCausalLM", "gemma3"),
    COHERE2("Cohere2ForCausalLM", "cohere2"),
    APERTUS("ApertusForCausalLM", "apertus");

    private final String className;

    /// The value of `general.architecture`.
    final String gguf;

    Architecture(String className, String gguf) {
        this.className = className;
        this.gguf = gguf;
    }

    /// The one that `config.json` names.
    static Architecture of(Config config) throws ConversionException {
        String name = config.json().path("architectures").path(0).asText();
        for (Architecture architecture : values()) if (architecture.className.equals(name)) return architecture;
        throw config.wrong(
                "architectures",
                "'" + name + "', must be one of "
                        + Stream.concat(
                                        Arrays.stream(values()).map(a -> a.className),
                                        EncoderFacts.CLASSES.stream().sorted())
                                .collect(Collectors.joining(", ")));
    }

    boolean gemma() {
        return this == GEMMA2 || this == GEMMA3;
    }

    /// Whether rotary pairs are adjacent rows in GGUF where Hugging Face has them half a head apart.
    boolean pairsRows() {
        return this == LLAMA || this == MISTRAL;
    }
}
