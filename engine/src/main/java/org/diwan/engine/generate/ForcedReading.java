package org.diwan.engine.generate;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.model.Batch;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Page;
import org.diwan.engine.model.Sequence;

/// A model reads an answer that somebody else gave (teacher forcing), and can go back and read on otherwise.
/// Belongs to one thread.
public final class ForcedReading {
    /// Rows of a step.
    private static final int STEP_ROWS = 128;

    private final Model model;
    private final int[] prompt;
    private final int most;
    private final Sequence sequence;
    private final Batch batch;

    /// @param most tokens of an answer
    /// @throws IllegalArgumentException when prompt and answer do not fit the context, or the prompt is empty
    public ForcedReading(Model model, KvType cache, int[] prompt, int most) {
        int length = prompt.length + most;
        if (prompt.length == 0 || length > model.contextLength())
            throw new IllegalArgumentException(prompt.length + " tokens and an answer of " + most + ", must be 1 to "
                    + model.contextLength() + " together");
        this.model = model;
        this.prompt = prompt.clone();
        this.most = most;
        this.sequence = model.pool(cache, Math.ceilDiv(length, Page.POSITIONS)).sequence();
        this.batch = model.batch(STEP_ROWS, STEP_ROWS);
    }

    /// Scores `answer` from its token `from` on, each token after the true ones before it. The tokens before
    /// `from` must be those that were read last time.
    ///
    /// @param temperature that logits are divided by; above 0
    /// @throws IllegalArgumentException when the answer is longer than was said
    public List<TokenScore> scores(int[] answer, int from, float temperature) {
        if (answer.length > most)
            throw new IllegalArgumentException("an answer of " + answer.length + " tokens, must be at most " + most);
        if (!(temperature > 0)) throw new IllegalArgumentException("temperature " + temperature + ", must be above 0");
        int last = prompt.length + answer.length - 1;
        // The logits of a token are those after the one before it, which is read again.
        int begin = from == 0 ? 0 : prompt.length + from - 1;
        sequence.truncate(begin);
        var scores = new ArrayList<TokenScore>(answer.length - from);
        for (int step = begin; step < last; step += STEP_ROWS) {
            batch.clear();
            int outputs = 0;
            for (int i = step; i < Math.min(last, step + STEP_ROWS); i++) {
                boolean wanted = i >= prompt.length - 1;
                batch.add(sequence, i < prompt.length ? prompt[i] : answer[i - prompt.length], wanted);
                if (wanted) outputs++;
            }
            model.forward(batch);
            for (int i = 0; i < outputs; i++) {
                int token = answer[from + scores.size()];
                int size = model.vocabularySize();
                scores.add(TokenScore.of(batch.logits(), i * size, size, token, temperature));
            }
        }
        return scores;
    }
}
