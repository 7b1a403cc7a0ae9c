package org.diwan.foundry.evaluate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.foundry.corpus.DocumentReader;
import org.diwan.foundry.tokenizer.LearntTokens;
import org.diwan.foundry.train.Rows;
import org.diwan.foundry.train.Scorer;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// Bits per byte on held-out text: how many bits, on average, one must be told of each UTF-8 byte
/// when one knows the model, −Σ log₂ p / bytes. Beside it the same of two old acquaintances: `xz -9`,
/// which knows nothing but the held-out text itself, and 5-grams of the same tokens counted over the
/// very rows that the network was trained on.
public final class Evaluation {
    /// The beginning of a document that is scored, in UTF-16 units: books weigh no more than this, and
    /// a score takes minutes.
    static final int MAX_LENGTH = 50_000;

    private static final int ORDER = 5;

    /// What was found about one source.
    ///
    /// @param bytes UTF-8 bytes of the scored text
    /// @param model, xz, ngram in bits per byte
    public record Score(String source, int documents, long bytes, long tokens, double model, double xz, double ngram) {
        /// As JSON values.
        public Map<String, Object> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("source", source);
            json.put("documents", documents);
            json.put("bytes", bytes);
            json.put("tokens", tokens);
            json.put("modelBitsPerByte", model);
            json.put("xz9BitsPerByte", xz);
            json.put("fiveGramBitsPerByte", ngram);
            return json;
        }
    }

    /// What is summed up about one source while its documents go by.
    private static final class Sums {
        int documents;
        long bytes;
        long tokens;
        double modelNats;
        double ngramNats;
        final CountingStream packed = new CountingStream();
        final XZOutputStream xz;

        Sums() throws IOException {
            xz = new XZOutputStream(packed, new LZMA2Options(9));
        }
    }

    private static final class CountingStream extends OutputStream {
        long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count += length;
        }
    }

    private Evaluation() {}

    /// Scores of each source in `heldOut`, in order of appearance.
    ///
    /// @param rows the training rows, of which the first `rowsSeen` drawn teach the 5-grams
    public static List<Score> run(Path heldOut, LearntTokens learnt, Scorer scorer, Rows rows, long rowsSeen)
            throws IOException {
        var ngrams = new KneserNey(ORDER, learnt.vocabulary().size());
        for (long n = 0; n < Math.min(rowsSeen, rows.count()); n++) ngrams.learn(rows.draw(n));
        var tokenizer = learnt.tokenizer();
        int start = learnt.control(LearntTokens.END_OF_TEXT);
        var sums = new LinkedHashMap<String, Sums>();
        DocumentReader.readStage(heldOut, document -> {
            String text = document.text();
            if (text.length() > MAX_LENGTH) text = text.substring(0, text.lastIndexOf(' ', MAX_LENGTH) + 1);
            if (!sums.containsKey(document.source())) sums.put(document.source(), new Sums());
            Sums sum = sums.get(document.source());
            int[] tokens = tokenizer.encode(text, false, false);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            sum.documents++;
            sum.bytes += bytes.length;
            sum.tokens += tokens.length;
            sum.modelNats += scorer.nats(start, tokens);
            for (int i = 0; i < tokens.length; i++) sum.ngramNats -= Math.log(ngrams.probability(tokens, i));
            sum.xz.write(bytes);
        });
        var scores = new ArrayList<Score>();
        for (var entry : sums.entrySet()) {
            Sums sum = entry.getValue();
            sum.xz.close();
            double bits = Math.log(2) * sum.bytes;
            scores.add(new Score(
                    entry.getKey(),
                    sum.documents,
                    sum.bytes,
                    sum.tokens,
                    sum.modelNats / bits,
                    8.0 * sum.packed.count / sum.bytes,
                    sum.ngramNats / bits));
        }
        return scores;
    }
}
