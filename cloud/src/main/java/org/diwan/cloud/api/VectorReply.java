package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Writes what an encoder says: embeddings as OpenAI's API has them, rankings as Cohere's and Jina's.
///
/// @param model as the client named it
/// @param tokens read
/// @param receipt id of the receipt, in the extra field `diwan`
public record VectorReply(String model, int tokens, String receipt) {
    /// The list of embeddings, in the order of the inputs.
    ///
    /// @param vectors each as little-endian float32
    public ObjectNode embeddings(List<byte[]> vectors, boolean base64) {
        var body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        for (int i = 0; i < vectors.size(); i++) {
            var entry = data.addObject();
            entry.put("object", "embedding");
            entry.put("index", i);
            if (base64) entry.put("embedding", Base64.getEncoder().encodeToString(vectors.get(i)));
            else numbers(entry.putArray("embedding"), vectors.get(i));
        }
        return closed(body);
    }

    private static void numbers(ArrayNode list, byte[] vector) {
        var floats = java.nio.ByteBuffer.wrap(vector)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        while (floats.hasRemaining()) list.add(floats.get());
    }

    /// The best of `scores`, the best first, of equals the earlier document.
    public ObjectNode ranking(RerankRequest request, List<Float> scores) {
        var body = Json.object();
        body.put("id", "rerank-" + receipt.substring(2));
        body.put("object", "list");
        ArrayNode results = body.putArray("results");
        IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparing((Integer index) -> scores.get(index))
                        .reversed())
                .limit(request.topN())
                .forEach(index -> {
                    var result = results.addObject();
                    result.put("index", index);
                    result.put("relevance_score", scores.get(index));
                    if (request.returnDocuments())
                        result.putObject("document")
                                .put("text", request.documents().get(index));
                });
        return closed(body);
    }

    private ObjectNode closed(ObjectNode body) {
        body.put("model", model);
        var usage = body.putObject("usage");
        usage.put("prompt_tokens", tokens);
        usage.put("total_tokens", tokens);
        body.putObject("diwan").put("receipt", receipt);
        return body;
    }
}
