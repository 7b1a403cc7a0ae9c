package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.diwan.base.Digest;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.jspecify.annotations.Nullable;

/// A model that reads a text whole and says one vector (an embedding) or one number (a reranker's
/// score). Read-only and safe to share; texts run one group at a time, each on all threads of the
/// [Workers] that it was loaded with.
///
/// The vector of a text depends on the file and on the text's tokens alone: not on what else is
/// encoded with it, on threads, or on the width of their vectors.
public abstract sealed class Encoder implements AutoCloseable permits BertEncoder, DecoderEncoder {
    private final GgufFile file;
    private final ReentrantLock running = new ReentrantLock();
    private byte @Nullable [] digest;

    Encoder(GgufFile file) {
        this.file = file;
    }

    /// The encoder in `gguf`: of architecture `bert`, or a decoder whose file states how a text's vector
    /// is taken from its last layer.
    ///
    /// @param workers stay the caller's, to be closed after the encoder
    /// @throws GgufException when the file is damaged, asks for more than the limits, or needs
    ///     arithmetic that is not done here; the message names the field or tensor
    public static Encoder load(Path gguf, Workers workers) throws IOException {
        return load(gguf, workers, KvType.F16);
    }

    /// @param cache what a decoder keeps keys and values as
    static Encoder load(Path gguf, Workers workers, KvType cache) throws IOException {
        GgufFile file = GgufFile.open(gguf);
        try {
            return "bert".equals(file.metadata().get("general.architecture"))
                    ? new BertEncoder(file, workers)
                    : new DecoderEncoder(file, workers, cache);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /// How the vectors of a text's tokens become one.
    public abstract Pooling pooling();

    /// Most tokens of a text.
    public abstract int contextLength();

    /// Elements of a vector.
    public abstract int dimensions();

    /// Tokens: ids are 0 to this minus one.
    public abstract int vocabularySize();

    /// The metadata of the file, as [GgufFile#metadata()].
    public final Map<String, Object> metadata() {
        return file.metadata();
    }

    /// SHA-256 of the file; the first call reads it whole.
    public final synchronized byte[] digest() throws IOException {
        if (digest == null) digest = Digest.sha256(file.path());
        return digest.clone();
    }

    /// What [#pooling()] makes of each text: [dimensions] for [Pooling#MEAN], [Pooling#CLS] and
    /// [Pooling#LAST], [1], the score before any sigmoid, for [Pooling#RANK], and [tokens, dimensions],
    /// row-major, for [Pooling#NONE]. Nothing is scaled to length 1.
    ///
    /// @param texts token ids, with those that begin and end a text
    /// @throws IllegalArgumentException when a text has no tokens, more than the context, or one
    ///     outside the vocabulary
    public final List<float[]> encode(List<int[]> texts) {
        for (int i = 0; i < texts.size(); i++) check(i, texts.get(i));
        return run(texts);
    }

    private void check(int index, int[] tokens) {
        if (tokens.length == 0 || tokens.length > contextLength()) {
            throw new IllegalArgumentException(
                    "text " + index + " has " + tokens.length + " tokens, must have 1 to " + contextLength());
        }
        for (int token : tokens) {
            if (token < 0 || token >= vocabularySize()) {
                throw new IllegalArgumentException("token " + token + " of text " + index
                        + " is not in the vocabulary, which ends at " + (vocabularySize() - 1));
            }
        }
    }

    /// As [#encode], for texts that are within the limits.
    abstract List<float[]> run(List<int[]> texts);

    /// Runs `step`, one at a time: its kernels read the mapped file by address.
    final void exclusively(Runnable step) {
        running.lock();
        try {
            step.run();
        } finally {
            running.unlock();
        }
    }

    /// Unmaps the file, after the step that is running.
    @Override
    public final void close() {
        exclusively(file::close);
    }
}
