package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.diwan.cloud.api.EmbedRequest;
import org.diwan.cloud.api.EmbedRequest.Input;
import org.diwan.cloud.api.RerankRequest;
import org.diwan.cloud.api.VectorReply;
import org.diwan.cloud.receipt.Asked;
import org.diwan.cloud.receipt.EmbedOpening;
import org.diwan.cloud.receipt.RerankOpening;
import org.diwan.cloud.receipt.Said;
import org.diwan.cloud.receipt.ScoresOpening;
import org.diwan.cloud.receipt.VectorsOpening;
import org.diwan.cloud.serving.LocalEncoder;

/// What the two kinds of request to an encoder have in common for [EncodeWalk].
sealed interface EncodeTask {
    /// What came of it: for the ledger, and as the body of the response.
    record Result(Said said, Function<VectorReply, ObjectNode> body) {}

    /// The encoder's name.
    String model();

    /// The field of the request that holds the texts.
    String field();

    /// Everything that is to be read, as text, for the guard.
    List<String> texts();

    /// The same task over `texts`, of which some are redacted.
    EncodeTask with(List<String> texts);

    /// What the ledger commits to.
    Asked opening();

    /// What the encoder reads.
    ///
    /// @throws IllegalArgumentException when a client's token is none that it may send
    List<int[]> tokens();

    Result compute(List<int[]> tokens) throws IOException;

    /// Embeddings.
    ///
    /// @param texts the inputs, tokens decoded: what is not seen is not permitted
    record Embed(EmbedRequest request, LocalEncoder encoder, List<String> texts, EmbedOpening opening)
            implements EncodeTask {
        /// @throws IllegalArgumentException when a client's token is none that it may send
        static Embed of(EmbedRequest request, LocalEncoder encoder, int dimensions) {
            var texts = new ArrayList<String>(request.inputs().size());
            for (Input input : request.inputs())
                texts.add(
                        switch (input) {
                            case Input.Text(String text) -> text;
                            case Input.Tokens(List<Integer> ids) ->
                                encoder.tokenizer().decode(encoder.whole(ids));
                        });
            return new Embed(request, encoder, texts, new EmbedOpening(request.inputs(), dimensions));
        }

        @Override
        public String model() {
            return request.model();
        }

        @Override
        public String field() {
            return "input";
        }

        /// Tokens stay tokens, unless something in them had to be redacted.
        @Override
        public Embed with(List<String> others) {
            var inputs = new ArrayList<Input>(others.size());
            for (int i = 0; i < others.size(); i++) {
                boolean same = others.get(i).equals(texts.get(i));
                inputs.add(same ? opening.inputs().get(i) : new Input.Text(others.get(i)));
            }
            return new Embed(request, encoder, others, new EmbedOpening(inputs, opening.dimensions()));
        }

        @Override
        public List<int[]> tokens() {
            return opening.tokens(encoder);
        }

        @Override
        public Result compute(List<int[]> tokens) throws IOException {
            var vectors = encoder.embed(tokens, opening.dimensions());
            return new Result(VectorsOpening.of(vectors), reply -> reply.embeddings(vectors, request.base64()));
        }
    }

    /// A ranking.
    record Rank(RerankRequest request, LocalEncoder encoder, RerankOpening opening) implements EncodeTask {
        static Rank of(RerankRequest request, LocalEncoder encoder) {
            return new Rank(request, encoder, new RerankOpening(request.query(), request.documents()));
        }

        @Override
        public String model() {
            return request.model();
        }

        @Override
        public String field() {
            return "documents";
        }

        /// The query first, then the documents.
        @Override
        public List<String> texts() {
            var texts = new ArrayList<>(List.of(opening.query()));
            texts.addAll(opening.documents());
            return texts;
        }

        @Override
        public Rank with(List<String> others) {
            return new Rank(request, encoder, new RerankOpening(others.getFirst(), others.subList(1, others.size())));
        }

        @Override
        public List<int[]> tokens() {
            return opening.tokens(encoder);
        }

        @Override
        public Result compute(List<int[]> tokens) throws IOException {
            var scores = encoder.rank(tokens);
            return new Result(new ScoresOpening(scores), reply -> reply.ranking(request, scores));
        }
    }
}
