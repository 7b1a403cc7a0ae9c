package org.diwan.engine.model;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Xielu;

/// What only one family of models has, beside the shape that all share ([ModelConfig]): a record per
/// architecture that GGUF files name. A new one is a compile error wherever it must be thought of.
public sealed interface Family {
    /// As `general.architecture` calls it.
    String architecture();

    /// Llama and the many that kept its form.
    record Llama() implements Family {
        @Override
        public String architecture() {
            return "llama";
        }
    }

    /// Qwen2 and Qwen2.5.
    record Qwen2() implements Family {
        @Override
        public String architecture() {
            return "qwen2";
        }
    }

    /// Qwen3, dense.
    record Qwen3() implements Family {
        @Override
        public String architecture() {
            return "qwen3";
        }
    }

    /// Qwen3 with a mixture of experts in place of the feed-forward layer, whose width is that of one
    /// expert.
    ///
    /// @param experts in a layer
    /// @param used experts that one token goes through
    record Qwen3Moe(int experts, int used) implements Family {
        @Override
        public String architecture() {
            return "qwen3moe";
        }
    }

    /// Gemma 2.
    ///
    /// @param attentionScale times q·k
    /// @param attentionCap soft cap of attention scores
    /// @param logitCap soft cap of logits
    record Gemma2(float attentionScale, Windows windows, float attentionCap, float logitCap) implements Family {
        @Override
        public String architecture() {
            return "gemma2";
        }
    }

    /// Gemma 3, its text model.
    ///
    /// @param attentionScale times q·k
    /// @param localRopeBase θ of the layers that slide; the others have the one of [ModelConfig]
    record Gemma3(float attentionScale, Windows windows, float localRopeBase) implements Family {
        @Override
        public String architecture() {
            return "gemma3";
        }
    }

    /// Command R7B.
    ///
    /// @param logitScale times every logit
    record Cohere2(Windows windows, float logitScale) implements Family {
        @Override
        public String architecture() {
            return "cohere2";
        }
    }

    /// EXAONE 4.
    ///
    /// @param windows whose layers that slide are those that know positions
    record Exaone4(Windows windows) implements Family {
        @Override
        public String architecture() {
            return "exaone4";
        }
    }

    /// Apertus.
    ///
    /// @param activations of each layer
    record Apertus(List<Xielu> activations) implements Family {
        public Apertus {
            activations = List.copyOf(activations);
        }

        @Override
        public String architecture() {
            return "apertus";
        }
    }

    /// Which layers see a sliding window only.
    ///
    /// @param size positions that a layer which slides sees, its own included
    /// @param slides of each layer, whether it does
    record Windows(int size, List<Boolean> slides) {
        public Windows {
            if (size < 1) throw new IllegalArgumentException("illegal window: " + size + ", must be at least 1");
            slides = List.copyOf(slides);
        }

        /// Of every `period` layers the last sees everything, the others slide.
        public static Windows periodic(int size, int layers, int period) {
            return new Windows(
                    size,
                    IntStream.range(0, layers)
                            .mapToObj(i -> i % period < period - 1)
                            .toList());
        }

        /// Windows that hide nothing.
        public static Windows open(int layers) {
            return new Windows(AttentionRule.EVERYTHING, Collections.nCopies(layers, true));
        }

        /// How far layer `index` attends.
        int window(int index) {
            return slides.get(index) ? size : AttentionRule.EVERYTHING;
        }
    }
}
