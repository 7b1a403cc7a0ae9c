package org.diwan.cloud.receipt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.base.Digest;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The embeddings, each by its SHA-256 in hexadecimal over the bytes that the API sends as base64
/// (little-endian float32): the client has them, and replay makes them again; kept in full, those of
/// one request could take more room than any receipt may.
public record VectorsOpening(List<String> vectors) implements Said {
    public VectorsOpening {
        vectors = List.copyOf(vectors);
    }

    /// The opening of `vectors`, each as the API sends it.
    public static VectorsOpening of(List<byte[]> vectors) {
        return new VectorsOpening(vectors.stream()
                .map(vector -> Digest.hex(Digest.sha256(vector)))
                .toList());
    }

    @Override
    public Map<String, Object> json() {
        return Map.of("vectors", vectors);
    }

    static VectorsOpening parse(@Nullable Object json, String path) throws VerificationException {
        return new VectorsOpening(new EntryFields(json, path, Set.of("vectors")).texts("vectors"));
    }
}
