package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.diwan.base.Digest;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.jspecify.annotations.Nullable;

/// A model that is ready to run. Read-only and safe to share; forward passes run one at a time, each
/// on all threads of the [Workers] that the model was loaded with.
public final class Model implements AutoCloseable {
    /// Rows of a step of [#logits(int[])]; results do not depend on it.
    private static final int LOGITS_CHUNK = 32;

    private final GgufFile file;
    private final ModelConfig config;
    private final Forward forward;
    private final Workers workers;
    private final ReentrantLock running = new ReentrantLock();
    private byte @Nullable [] digest;

    private Model(GgufFile file, ModelConfig config, Workers workers) throws GgufException {
        this.file = file;
        this.config = config;
        this.workers = workers;
        this.forward = Forward.of(file, config);
    }

    /// The model in `gguf`, its weights mapped or repacked off the heap.
    ///
    /// @param workers stay the caller's, to be closed after the model
    /// @throws GgufException when the file is damaged, asks for more than the limits, or needs
    ///     arithmetic that is not done here; the message names the field or tensor
    public static Model load(Path gguf, Workers workers) throws IOException {
        GgufFile file = GgufFile.open(gguf);
        try {
            return new Model(file, config(file), workers);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /// What `model inspect` tells, without loading weights.
    ///
    /// @throws GgufException as [#load(Path, Workers)]
    public static ModelDescription describe(Path gguf) throws IOException {
        try (var file = GgufFile.open(gguf)) {
            return ModelDescription.of(file, config(file));
        }
    }

    /// The shape of the model.
    public ModelConfig config() {
        return config;
    }

    /// Tokens: ids are 0 to this minus one.
    public int vocabularySize() {
        return config.vocabulary();
    }

    /// Positions that one sequence may have.
    public int contextLength() {
        return config.contextLength();
    }

    /// The metadata of the file, as [GgufFile#metadata()].
    public Map<String, Object> metadata() {
        return file.metadata();
    }

    /// What this model is, for people.
    public ModelDescription description() {
        return ModelDescription.of(file, config);
    }

    /// SHA-256 of the file; the first call reads it whole.
    public synchronized byte[] digest() throws IOException {
        if (digest == null) digest = Digest.sha256(file.path());
        return digest.clone();
    }

    /// The threads that forward passes run on.
    public Workers workers() {
        return workers;
    }

    /// A text of no tokens yet, with memory of its own that keeps keys and values as computed.
    public Sequence sequence() {
        return pool(KvType.F32, Math.ceilDiv(contextLength(), Page.POSITIONS)).sequence();
    }

    /// Memory for texts that have up to `pages` pages together, of keys and values kept as `type`;
    /// none is taken yet.
    public PagePool pool(KvType type, int pages) {
        return new PagePool(config, type, pages);
    }

    /// Bytes that a page of keys and values kept as `type` takes.
    public long pageBytes(KvType type) {
        return PagePool.pageBytes(config, type);
    }

    /// An empty batch for steps of up to `maxRows` tokens, `maxOutputs` of them with logits.
    public Batch batch(int maxRows, int maxOutputs) {
        return new Batch(config, workers, maxRows, maxOutputs);
    }

    /// Runs the rows of `batch`: logits are there afterwards, sequences have grown.
    public void forward(Batch batch) {
        running.lock();
        try {
            forward.run(batch);
        } finally {
            running.unlock();
        }
    }

    /// The logits after every token of a text: [tokens, vocabulary], row i for what follows token i.
    ///
    /// @throws IllegalArgumentException when there are no tokens, more than the context holds, or
    ///     one outside the vocabulary
    public float[][] logits(int[] tokens) {
        if (tokens.length == 0 || tokens.length > contextLength()) {
            throw new IllegalArgumentException(tokens.length + " tokens, must be 1 to " + contextLength());
        }
        var logits = new float[tokens.length][];
        var sequence = sequence();
        var batch = batch(Math.min(LOGITS_CHUNK, tokens.length), Math.min(LOGITS_CHUNK, tokens.length));
        for (int from = 0; from < tokens.length; from += LOGITS_CHUNK) {
            int count = Math.min(LOGITS_CHUNK, tokens.length - from);
            batch.clear();
            for (int i = 0; i < count; i++) batch.add(sequence, tokens[from + i], true);
            forward(batch);
            for (int i = 0; i < count; i++) {
                logits[from + i] = Arrays.copyOfRange(batch.logits(), i * vocabularySize(), (i + 1) * vocabularySize());
            }
        }
        return logits;
    }

    /// Unmaps the file; nothing may be running.
    @Override
    public void close() {
        // A forward pass that runs reads the mapped file by address.
        running.lock();
        try {
            file.close();
        } finally {
            running.unlock();
        }
    }

    private static ModelConfig config(GgufFile file) throws GgufException {
        return ModelConfig.from(file.path(), file.metadata(), vocabulary(file));
    }

    /// Rows of the embedding of `file`, which are as many as its tokens.
    static int vocabulary(GgufFile file) throws GgufException {
        if (!file.has("token_embd.weight")) throw new GgufException(file.path(), "token_embd.weight", "is missing");
        long[] shape = file.tensor("token_embd.weight").shape();
        if (shape.length != 2 || shape[1] > ModelConfig.MAX_VOCABULARY) {
            throw new GgufException(
                    file.path(),
                    "token_embd.weight",
                    "shape " + Arrays.toString(shape) + ", must be [hidden, vocabulary] with at most "
                            + ModelConfig.MAX_VOCABULARY + " tokens");
        }
        int vocabulary = (int) shape[1];
        if (file.metadata().get("tokenizer.ggml.tokens") instanceof String[] tokens && tokens.length != vocabulary) {
            throw new GgufException(
                    file.path(),
                    "tokenizer.ggml.tokens",
                    tokens.length + " tokens, but token_embd.weight has " + vocabulary + " rows");
        }
        return vocabulary;
    }
}
