package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracles: llama.cpp's vectors and rank scores on the same files (`golden/encoder/HOW.md`), and
/// [ReferenceEncoder] in double precision. The two differ by more than rounding, because llama.cpp
/// approximates GELU; the reference with that approximation shows that nothing else differs.
class GoldenEncoderTest {
    @TempDir
    Path folder;

    /// Largest differences: of this engine to exact arithmetic, of exact arithmetic with the peer's
    /// GELU to the peer, and of this engine to the peer.
    @ParameterizedTest
    @CsvSource({
        "NONE, F32,  5e-6, 5e-4, 3e-3",
        "MEAN, F32,  5e-6, 5e-4, 3e-3",
        "CLS,  F32,  5e-6, 5e-4, 3e-3",
        "RANK, F32,  5e-6, 5e-5, 3e-4",
        "NONE, Q8_0, 0.06, 0.06, 0.06",
        "MEAN, Q8_0, 0.06, 0.06, 0.06",
        "CLS,  Q8_0, 0.06, 0.06, 0.06",
        "RANK, Q8_0, 0.03, 0.01, 0.01",
    })
    void vectorsAreThoseOfThePeer(Pooling pooling, TensorType type, double exact, double peer, double both)
            throws IOException {
        var golden = golden(pooling + "-" + type);
        Path file = GoldenEncoders.write(folder, pooling, type);
        try (var workers = new Workers(2);
                var encoder = Encoder.load(file, workers)) {
            assertEquals(
                    golden.sha256(),
                    HexFormat.of().formatHex(encoder.digest()),
                    "the random encoder is no longer the one that the golden numbers belong to");
            var ours = encoder.encode(golden.texts());
            var reference = ReferenceEncoder.of(file, ReferenceEncoder::exactGelu);
            var likePeer = ReferenceEncoder.of(file, ReferenceEncoder::peerGelu);
            double toExact = 0;
            double exactToPeer = 0;
            double toPeer = 0;
            for (int i = 0; i < ours.size(); i++) {
                int[] text = golden.texts().get(i);
                double[] our = widened(ours.get(i));
                toExact = Math.max(toExact, largest(our, reference.encode(text)));
                double[] theirs = golden.results().get(i);
                exactToPeer = Math.max(exactToPeer, largest(asPeer(pooling, likePeer.encode(text)), theirs));
                toPeer = Math.max(toPeer, largest(asPeer(pooling, our), theirs));
            }
            String found =
                    "%s %s: to exact arithmetic %.1e, exact with the peer's GELU to llama.cpp %.1e, to llama.cpp %.1e"
                            .formatted(pooling, type, toExact, exactToPeer, toPeer);
            System.out.println(found);
            assertTrue(toExact <= exact && exactToPeer <= peer && toPeer <= both, found);
        }
    }

    private record Golden(String sha256, List<int[]> texts, List<double[]> results) {}

    private static Golden golden(String name) throws IOException {
        try (var in = GoldenEncoderTest.class.getResourceAsStream("/golden/encoder/" + name + ".json")) {
            var json = new ObjectMapper().readTree(Objects.requireNonNull(in, name));
            var mapper = new ObjectMapper();
            return new Golden(
                    json.get("sha256").asText(),
                    List.of(mapper.convertValue(json.get("texts"), int[][].class)),
                    List.of(mapper.convertValue(json.get("results"), double[][].class)));
        }
    }

    /// The peer gives the last token's vector without pooling, and a sigmoid of the score.
    private static double[] asPeer(Pooling pooling, double[] vector) {
        return switch (pooling) {
            case NONE -> Arrays.copyOfRange(vector, vector.length - 256, vector.length);
            case RANK -> new double[] {1 / (1 + Math.exp(-vector[0]))};
            case MEAN, CLS, LAST -> vector;
        };
    }

    private static double[] widened(float[] x) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) out[i] = x[i];
        return out;
    }

    private static double largest(double[] a, double[] b) {
        assertEquals(a.length, b.length);
        double largest = 0;
        for (int i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
        return largest;
    }
}
