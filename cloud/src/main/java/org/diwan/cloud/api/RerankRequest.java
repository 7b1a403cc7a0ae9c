package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// A rerank request in the shape that Cohere's and Jina's APIs share (2026): how well does each
/// document answer the query? What Diwan does not honour is refused by name.
///
/// @param topN most results wanted, at least 1
/// @param returnDocuments whether results repeat their documents
public record RerankRequest(
        String model, String query, List<String> documents, int topN, boolean returnDocuments, String person) {
    /// As Cohere.
    public static final int MAX_DOCUMENTS = 1_000;

    public RerankRequest {
        documents = List.copyOf(documents);
    }

    /// Reads a request body.
    ///
    /// @throws ApiError 400 naming the field, the value and the limit
    public static RerankRequest parse(byte[] body) {
        var fields = Fields.of(body);
        String model = fields.requiredText("model");
        String query = Fields.wholeUnicode(fields.requiredText("query"), "query");
        if (query.isEmpty()) throw ApiError.invalid("query", "'query' is empty; there is nothing to rank by.");
        var documents = documents(fields);
        Long topN = fields.whole("top_n", 1, Integer.MAX_VALUE);
        boolean returnDocuments = fields.flag("return_documents");
        String person = ChatRequest.person(fields);
        fields.refuseOthers();
        return new RerankRequest(
                model, query, documents, topN == null ? documents.size() : topN.intValue(), returnDocuments, person);
    }

    private static List<String> documents(Fields fields) {
        JsonNode list = fields.node("documents");
        if (list == null) throw ApiError.invalid("documents", "Missing required parameter: 'documents'.");
        if (!list.isArray()) throw fields.wrong("documents", "an array", list);
        if (list.isEmpty())
            throw ApiError.invalid("documents", "'documents' is empty; expected at least one document.");
        if (list.size() > MAX_DOCUMENTS)
            throw ApiError.invalid(
                    "documents", "'documents' has " + list.size() + " elements; the limit is " + MAX_DOCUMENTS + ".");
        var documents = new ArrayList<String>(list.size());
        for (JsonNode element : list) documents.add(document(element, "documents[" + documents.size() + "]"));
        return documents;
    }

    private static String document(JsonNode node, String where) {
        if (node.isTextual()) return Fields.wholeUnicode(node.textValue(), where);
        if (!node.isObject())
            throw ApiError.invalid(
                    where,
                    "Invalid type for '" + where + "': expected a string or an object with 'text', but got "
                            + Fields.kind(node) + " instead.");
        var fields = new Fields(node, where + ".");
        String text = Fields.wholeUnicode(fields.requiredText("text"), fields.path("text"));
        fields.refuseOthers();
        return text;
    }
}
