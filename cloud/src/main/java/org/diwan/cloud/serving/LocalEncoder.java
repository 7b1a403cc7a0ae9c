package org.diwan.cloud.serving;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.diwan.base.Digest;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Encoder;
import org.diwan.engine.model.Pooling;
import org.diwan.language.TokenType;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;

/// One GGUF file of an encoder, ready to embed or to rank. Safe to share between threads; each
/// request runs in the thread of its caller, and the encoder takes their steps in turns.
public final class LocalEncoder implements AutoCloseable {
    /// Requests that may be inside at a time; each waits for the steps of all others.
    private static final int MAX_OPEN = 32;

    /// Texts that go to the encoder at once; between two groups a shutdown is noticed.
    private static final int GROUP = 16;

    /// How long [#close] waits for a step: the longest text of a large encoder takes about as long.
    private static final int CLOSE_SECONDS = 60;

    /// As many requests are inside as may be; try again when others have finished.
    public static final class Busy extends RuntimeException {
        Busy() {
            super(MAX_OPEN + " requests are with the encoder, which is the limit; try again later");
        }
    }

    private final String name;
    private final Workers workers;
    private final Encoder encoder;
    private final Tokenizer tokenizer;
    private final Semaphore places = new Semaphore(MAX_OPEN);
    private volatile boolean stopped;

    private LocalEncoder(String name, Workers workers, Encoder encoder, Tokenizer tokenizer) {
        this.name = name;
        this.workers = workers;
        this.encoder = encoder;
        this.tokenizer = tokenizer;
    }

    /// The encoder in `file`, named like the file without its ending.
    ///
    /// @throws IOException when the file is no encoder, or one that Diwan cannot run, or says one vector
    ///     for each token instead of each text
    public static LocalEncoder load(Path file, int threads) throws IOException {
        var workers = new Workers(threads);
        Encoder encoder = null;
        try {
            encoder = Encoder.load(file, workers);
            if (encoder.pooling() == Pooling.NONE)
                throw new IOException(file + ": its pooling_type is 0 (none), so that a text has no vector of its own;"
                        + " write the type that the model was trained with, 1 (mean) or 2 (cls)");
            var tokenizer = Tokenizer.of(Vocabulary.fromMetadata(encoder.metadata()));
            if (encoder.pooling() == Pooling.RANK
                    && tokenizer.vocabulary().rules().last() == Vocabulary.NONE)
                throw new IOException(file + ": the vocabulary names no token between query and document"
                        + " (tokenizer.ggml.eos_token_id, or seperator_token_id)");
            return new LocalEncoder(
                    String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", ""), workers, encoder, tokenizer);
        } catch (IOException | RuntimeException e) {
            if (encoder != null) encoder.close();
            workers.close();
            if (e instanceof IllegalArgumentException) throw new IOException(file + ": " + e.getMessage(), e);
            throw e;
        }
    }

    public String name() {
        return name;
    }

    /// SHA-256 of the file, in hexadecimal; computed at the first call.
    public String digest() throws IOException {
        return Digest.hex(encoder.digest());
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// Whether it ranks; else it embeds.
    public boolean ranks() {
        return encoder.pooling() == Pooling.RANK;
    }

    /// Most tokens in a text, those that begin and end it included.
    public int contextLength() {
        return encoder.contextLength();
    }

    /// Elements of an embedding.
    public int dimensions() {
        return encoder.dimensions();
    }

    /// The text that a client cut into tokens itself, between those that begin and end it.
    ///
    /// @throws IllegalArgumentException when one is not in the vocabulary, or no text: a client's tokens
    ///     may be what a client's text could be
    public int[] whole(List<Integer> ids) {
        var tokens = tokenizer.vocabulary().tokens();
        for (int id : ids) {
            if (id < 0 || id >= tokens.size())
                throw new IllegalArgumentException(
                        "token " + id + " is not in the vocabulary, which ends at " + (tokens.size() - 1));
            if (tokens.get(id).type() == TokenType.CONTROL)
                throw new IllegalArgumentException("token " + id + " is '"
                        + tokens.get(id).text() + "', a control token; send ordinary ones, Diwan puts the others");
        }
        int[] around = tokenizer.encodeWhole("");
        boolean begins = tokenizer.vocabulary().addBos();
        int[] whole = new int[ids.size() + around.length];
        int at = 0;
        if (begins) whole[at++] = around[0];
        for (int id : ids) whole[at++] = id;
        if (at < whole.length) whole[at] = around[around.length - 1];
        return whole;
    }

    /// Tokens of all texts together.
    public static int count(List<int[]> texts) {
        return texts.stream().mapToInt(text -> text.length).sum();
    }

    /// An embedding of each text, as the API sends it: cut to the first `dimensions` elements
    /// (Kusupati et al. 2022, "Matryoshka Representation Learning": right for models trained so, a loss
    /// for others), scaled to length 1, little-endian float32.
    ///
    /// @param texts token ids, those that begin and end a text included
    /// @throws Busy when too many requests are inside; nothing was computed
    /// @throws IllegalArgumentException when a text is empty, too long or has a token of no meaning
    /// @throws IOException when the server is shutting down
    public List<byte[]> embed(List<int[]> texts, int dimensions) throws IOException {
        return encode(texts).stream().map(vector -> bytes(vector, dimensions)).toList();
    }

    /// How well the second text of each pair answers the first: the sigmoid of the model's score, from
    /// 0 to 1.
    ///
    /// @param pairs token ids, as [Tokenizer#encodePair] makes them
    /// @throws Busy as [#embed], which throws the same
    public List<Float> rank(List<int[]> pairs) throws IOException {
        return encode(pairs).stream()
                .map(score -> (float) (1 / (1 + StrictMath.exp(-score[0]))))
                .toList();
    }

    private List<float[]> encode(List<int[]> texts) throws IOException {
        if (!places.tryAcquire()) throw new Busy();
        try {
            var vectors = new ArrayList<float[]>(texts.size());
            for (int from = 0; from < texts.size(); from += GROUP) {
                if (stopped) throw new IOException("the server is shutting down");
                vectors.addAll(encoder.encode(texts.subList(from, Math.min(texts.size(), from + GROUP))));
            }
            return vectors;
        } finally {
            places.release();
        }
    }

    /// In double precision, one sum from the first element to the last. A vector of zeros stays one.
    private static byte[] bytes(float[] vector, int dimensions) {
        double squares = 0;
        for (int i = 0; i < dimensions; i++) squares += (double) vector[i] * vector[i];
        double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        var out = ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < dimensions; i++) out.putFloat((float) (vector[i] * scale));
        return out.array();
    }

    /// Encodes one text for nobody, so that the kernels are compiled before the first client waits.
    ///
    /// @return this encoder
    public LocalEncoder warm() {
        encoder.encode(List.of(tokenizer.encodeWhole("?")));
        return this;
    }

    /// Ends every request after the step it is in, and takes no more.
    public void stop() {
        stopped = true;
    }

    /// Frees the encoder's memory when nobody is inside any more.
    @Override
    public void close() {
        stop();
        try {
            // Freed under a running step, memory would be read that is no longer there.
            if (!places.tryAcquire(MAX_OPEN, CLOSE_SECONDS, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        encoder.close();
        workers.close();
    }
}
