package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;

/// A decoder that embeds (Wang et al. 2024, "Improving text embeddings with large language models",
/// §3.1; Qwen3-Embedding): the normalised output of its last layer, for the last token, which has seen
/// all others, or the mean over all tokens.
final class DecoderEncoder extends Encoder {
    /// Most tokens of a text, where the model itself allows more: at 28 layers of 1,024 keys and as many
    /// values, F16, they take 0.9 GB while the text is read.
    static final int MAX_TOKENS = 8_192;

    /// Rows of one step, of one or many texts.
    private static final int STEP_ROWS = 512;

    private final ModelConfig config;
    private final Pooling pooling;
    private final Forward forward;
    private final KvType cache;
    private final Batch batch;

    DecoderEncoder(GgufFile file, Workers workers, KvType cache) throws GgufException {
        super(file);
        this.config = ModelConfig.from(file.path(), file.metadata(), Model.vocabulary(file));
        this.pooling = pooling(file);
        this.forward = Forward.of(file, config);
        this.cache = cache;
        this.batch = Batch.ofVectors(config, workers, STEP_ROWS);
    }

    private static Pooling pooling(GgufFile file) throws GgufException {
        var keys = new Keys(file.path(), file.metadata(), FamilyKeys.ARCHITECTURES);
        int id = keys.integer("pooling_type", Pooling.NONE.id, 0, Integer.MAX_VALUE);
        if (id == Pooling.MEAN.id) return Pooling.MEAN;
        if (id == Pooling.LAST.id) return Pooling.LAST;
        throw keys.wrong("pooling_type", id + ", a decoder that embeds has 1 (mean) or 3 (last)");
    }

    @Override
    public Pooling pooling() {
        return pooling;
    }

    @Override
    public int contextLength() {
        return Math.min(MAX_TOKENS, config.contextLength());
    }

    @Override
    public int dimensions() {
        return config.hidden();
    }

    @Override
    public int vocabularySize() {
        return config.vocabulary();
    }

    @Override
    List<float[]> run(List<int[]> texts) {
        var vectors = new ArrayList<float[]>(texts.size());
        exclusively(() -> new Pass(texts, vectors).run());
        return vectors;
    }

    /// Texts one after the other, in steps that end where the rows do and not where a text does.
    private final class Pass {
        private final List<int[]> texts;
        private final List<float[]> vectors;
        private final PagePool pool;

        /// Texts of this step whose last token is in it.
        private final List<Sequence> ended = new ArrayList<>();

        /// The texts that the outputs of this step belong to.
        private final int[] owners = new int[STEP_ROWS];

        private int outputs;

        Pass(List<int[]> texts, List<float[]> vectors) {
            this.texts = texts;
            this.vectors = vectors;
            // The longest text, and in a step at most one text a row.
            this.pool = new PagePool(config, cache, Math.ceilDiv(contextLength(), Page.POSITIONS) + STEP_ROWS);
            for (int i = 0; i < texts.size(); i++) vectors.add(new float[config.hidden()]);
        }

        void run() {
            batch.clear();
            for (int text = 0; text < texts.size(); text++) add(text, texts.get(text));
            if (batch.rows() > 0) step();
            if (pooling == Pooling.MEAN) {
                for (int text = 0; text < texts.size(); text++) divide(vectors.get(text), texts.get(text).length);
            }
        }

        private void add(int text, int[] tokens) {
            var sequence = pool.sequence();
            for (int i = 0; i < tokens.length; i++) {
                if (batch.rows() == STEP_ROWS) step();
                boolean wanted = pooling == Pooling.MEAN || i == tokens.length - 1;
                batch.add(sequence, tokens[i], wanted);
                if (wanted) owners[outputs++] = text;
            }
            ended.add(sequence);
        }

        private void step() {
            forward.run(batch);
            int width = config.hidden();
            for (int i = 0; i < outputs; i++) {
                float[] vector = vectors.get(owners[i]);
                for (int k = 0; k < width; k++) vector[k] += batch.vectors()[i * width + k];
            }
            outputs = 0;
            batch.clear();
            ended.forEach(Sequence::release);
            ended.clear();
        }

        private static void divide(float[] vector, int count) {
            for (int k = 0; k < vector.length; k++) vector[k] /= count;
        }
    }
}
