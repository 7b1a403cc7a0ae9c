package org.diwan.engine.generate;

import java.util.Map;
import java.util.TreeMap;

/// How the next token is chosen from the logits. The steps, in llama.cpp's default order
/// (`common/sampling.cpp`, 2025) where it has them:
///
/// 1. `logitBias` is added. Where the request has a [TokenConstraint], what it forbids is out after
///    step 2, so that all later steps see allowed tokens only.
/// 2. Penalties (Keskar et al. 2019, "CTRL", §4.1, and OpenAI's API reference): the logit of every
///    token of prompt or answer is divided by `repetitionPenalty` if positive, multiplied if not; a
///    token that appears c > 0 times in the answer loses c · `frequencyPenalty` + `presencePenalty`.
/// 3. top-k: the k largest remain. 4. top-p (Holtzman et al. 2020, §3.1): the fewest largest whose
///    probabilities sum up to p or more remain. 5. min-p (Nguyen et al. 2024, alg. 1): those at
///    least `minP` times as probable as the first remain.
/// 6. What remains is drawn from with probability ∝ e^(logit / temperature).
///
/// Probabilities of steps 4 and 5 are those before temperature. Ties go to the smaller id. With
/// temperature 0 the largest logit after step 2 is taken. A filter that keeps everything changes
/// nothing, not even the draw.
///
/// @param temperature 0 (greedy) to 100
/// @param topK 0 is off
/// @param topP above 0 to 1; 1 is off
/// @param minP 0 to 1; 0 is off
/// @param repetitionPenalty above 0 to 10; 1 is off
/// @param frequencyPenalty -10 to 10; 0 is off
/// @param presencePenalty -10 to 10; 0 is off
/// @param logitBias token id to what is added, -100 to 100; at most [#MAX_BIASES]
/// @param seed any; the draw for position i depends on seed and i alone
/// @param topLogprobs most probable tokens to tell with each token, 0 to [#MAX_LOGPROBS]
public record Sampling(
        float temperature,
        int topK,
        float topP,
        float minP,
        float repetitionPenalty,
        float frequencyPenalty,
        float presencePenalty,
        Map<Integer, Float> logitBias,
        long seed,
        int topLogprobs) {
    /// Entries of `logitBias`; OpenAI's API allows as many.
    public static final int MAX_BIASES = 1_024;

    /// Alternatives per token, as in OpenAI's API.
    public static final int MAX_LOGPROBS = 20;

    public Sampling {
        check("temperature", temperature, 0, 100);
        if (topK < 0) throw new IllegalArgumentException("topK " + topK + ", must be 0 or more");
        check("topP", topP, Float.MIN_VALUE, 1);
        check("minP", minP, 0, 1);
        check("repetitionPenalty", repetitionPenalty, 1e-3f, 10);
        check("frequencyPenalty", frequencyPenalty, -10, 10);
        check("presencePenalty", presencePenalty, -10, 10);
        if (logitBias.size() > MAX_BIASES) {
            throw new IllegalArgumentException("logitBias has " + logitBias.size() + " entries, limit " + MAX_BIASES);
        }
        logitBias.forEach((id, bias) -> check("logitBias of token " + id, bias, -100, 100));
        logitBias = Map.copyOf(new TreeMap<>(logitBias));
        check("topLogprobs", topLogprobs, 0, MAX_LOGPROBS);
    }

    /// Always the largest logit.
    public static Sampling greedy() {
        return new Sampling(0, 0, 1, 0, 1, 0, 0, Map.of(), 0, 0);
    }

    /// Drawn from the model's own distribution.
    public static Sampling plain(long seed) {
        return new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), seed, 0);
    }

    /// Whether logits are changed before one is chosen.
    boolean adjusts() {
        return !logitBias.isEmpty() || repetitionPenalty != 1 || countsAnswer();
    }

    boolean countsAnswer() {
        return frequencyPenalty != 0 || presencePenalty != 0;
    }

    private static void check(String name, float value, float least, float most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " " + value + ", must be " + least + " to " + most);
        }
    }
}
