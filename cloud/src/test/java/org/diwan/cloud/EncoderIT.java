package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.diwan.base.Digest;
import org.diwan.cloud.TestGateway.Reply;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Encoder;
import org.diwan.engine.model.EncoderShape;
import org.diwan.engine.model.Pooling;
import org.diwan.engine.model.RandomEncoder;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Embeddings and rankings over HTTP, against the encoder run directly; their receipts, as an auditor
/// has them.
class EncoderIT {
    private static final String TEXTS = "'input':['the law of the data','في القانون','x']";

    @TempDir
    static Path folder;

    private static Path models;
    private static TestGateway server;

    @BeforeAll
    static void serve() throws Exception {
        models = Files.createDirectory(folder.resolve("models"));
        Path embedder = models.resolve("embed.gguf");
        Path decoder = models.resolve("decoder.gguf");
        Path ranker = models.resolve("rank.gguf");
        RandomEncoder.write(embedder, EncoderShape.tiny(Pooling.MEAN), TensorType.Q8_0, 5);
        RandomModel.writeEmbedder(decoder, Shape.tiny("qwen3"), TensorType.Q8_0, Pooling.LAST, 7);
        RandomEncoder.write(ranker, EncoderShape.tiny(Pooling.RANK), TensorType.F32, 6);
        var config = TestGateway.config(folder.resolve("data"), TestGateway.model(models));
        server = TestGateway.start(new GatewayConfig(
                config.host(),
                0,
                config.data(),
                config.model(),
                List.of(embedder, ranker, decoder),
                config.packs(),
                config.home(),
                config.sector(),
                List.of(),
                config.purposes(),
                1,
                config.limits(),
                config.ledger(),
                config.vault(),
                16,
                0));
    }

    @AfterAll
    static void stop() {
        if (server != null) server.close();
    }

    @Test
    void embeddingsAreTheEncodersScaledToLengthOne() throws Exception {
        var reply = embed("{'model':'embed'," + TEXTS + "}");
        assertEquals(200, reply.status(), reply.text());
        var data = reply.json().path("data");
        assertEquals(3, data.size());
        List<float[]> expected = encode("embed", "the law of the data", "في القانون", "x");
        for (int i = 0; i < 3; i++) {
            assertEquals(i, data.get(i).path("index").asInt());
            assertEquals("embedding", data.get(i).path("object").asText());
            assertArrayEquals(unit(expected.get(i), 256), floats(data.get(i).path("embedding")));
        }
        assertEquals("list", reply.json().path("object").asText());
        assertEquals("embed", reply.json().path("model").asText());
        assertTrue(reply.json().path("usage").path("prompt_tokens").asInt() > 10);
        assertEquals(
                reply.header("diwan-receipt"),
                reply.json().path("diwan").path("receipt").asText());
    }

    @Test
    void decodersEmbedToo() throws Exception {
        var reply = embed("{'model':'decoder'," + TEXTS + "}");
        assertEquals(200, reply.status(), reply.text());
        List<float[]> expected = encode("decoder", "the law of the data", "في القانون", "x");
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(
                    unit(expected.get(i), 256),
                    floats(reply.json().path("data").get(i).path("embedding")));
        }
        var verifier = new ReceiptVerifier(server.keys(), step -> {});
        verifier.replay(verifier.bindings(receipt(reply)), models, 2);
    }

    @Test
    void base64IsTheSameVectorAndSoIsATextCutByTheClient() throws Exception {
        float[] numbers = floats(first(embed("{'model':'embed','input':'the law'}")));
        byte[] bytes = first(embed("{'model':'embed','input':'the law','encoding_format':'base64'}"))
                .binaryValue();
        float[] decoded = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(decoded);
        assertArrayEquals(numbers, decoded);

        String tokens = java.util.Arrays.toString(tokenizer("embed").encode("the law", false, false));
        assertArrayEquals(numbers, floats(first(embed("{'model':'embed','input':" + tokens + "}"))));
        assertArrayEquals(numbers, floats(first(embed("{'model':'embed','input':[" + tokens + "]}"))));
    }

    @Test
    void fewerDimensionsAreTheFirstOnesScaledAgain() throws Exception {
        float[] cut = floats(first(embed("{'model':'embed','input':'x','dimensions':7}")));
        assertArrayEquals(unit(encode("embed", "x").getFirst(), 7), cut);
        double squares = 0;
        for (float x : cut) squares += x * x;
        assertEquals(1, squares, 1e-6);
    }

    @Test
    void rankingsAreTheEncodersBestFirst() throws Exception {
        String documents = "'documents':['the law','data',{'text':'في القانون'},'','in']";
        var reply = rerank("{'model':'rank','query':'law'," + documents + ",'return_documents':true}");
        assertEquals(200, reply.status(), reply.text());
        var results = reply.json().path("results");
        assertEquals(5, results.size());
        var texts = List.of("the law", "data", "في القانون", "", "in");
        double last = 2;
        for (JsonNode result : results) {
            String text = texts.get(result.path("index").asInt());
            float score = encode("rank", "law", text).getFirst()[0];
            assertEquals(
                    (float) (1 / (1 + StrictMath.exp(-score))),
                    result.path("relevance_score").floatValue());
            assertTrue(result.path("relevance_score").asDouble() <= last, results.toString());
            last = result.path("relevance_score").asDouble();
            assertEquals(text, result.path("document").path("text").asText());
        }
        var top = rerank("{'model':'rank','query':'law'," + documents + ",'top_n':2}")
                .json()
                .path("results");
        assertEquals(2, top.size());
        assertEquals(results.get(0).path("index"), top.get(0).path("index"));
        assertTrue(top.get(0).path("document").isMissingNode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "embeddings | nonsense                                          | -             | could not parse",
                "embeddings | {'model':'embed'}                                 | input         | Missing required",
                "embeddings | {'input':'x'}                                     | model         | Missing required",
                "embeddings | {'model':'embed','input':5}                       | input         | expected a string",
                "embeddings | {'model':'embed','input':[]}                      | input         | is empty",
                "embeddings | {'model':'embed','input':''}                      | input         | nothing to embed",
                "embeddings | {'model':'embed','input':['a','']}                | input[1]      | nothing to embed",
                "embeddings | {'model':'embed','input':['a',5]}                 | input[1]      | token ids",
                "embeddings | {'model':'embed','input':[[]]}                    | input[0]      | no tokens",
                "embeddings | {'model':'embed','input':[5,'a']}                 | input[1]      | a token id",
                "embeddings | {'model':'embed','input':[5,1.5]}                 | input[1]      | a token id",
                "embeddings | {'model':'embed','input':[-5]}                    | input[0]      | not a token id",
                "embeddings | {'model':'embed','input':[99999]}                 | input         | not in the "
                        + "vocabulary",
                "embeddings | {'model':'embed','input':[2]}                     | input         | a control token",
                "embeddings | {'model':'embed','input':'\\ud83d'}               | input         | lone surrogate",
                "embeddings | {'model':'embed','input':'x','dimensions':0}      | dimensions    | not within",
                "embeddings | {'model':'embed','input':'x','dimensions':257}    | dimensions    | not within 1 to 256",
                "embeddings | {'model':'embed','input':'x','encoding_format':'u8'} | encoding_format | Supported",
                "embeddings | {'model':'embed','input':'x','task':'query'}      | task          | Unknown parameter",
                "embeddings | {'model':'tiny','input':'x'}                      | model         | does not embed",
                "embeddings | {'model':'rank','input':'x'}                      | model         | /v1/rerank",
                "embeddings | {'model':'none','input':'x'}                      | model         | does not exist",
                "rerank     | {'model':'rank','query':'x'}                      | documents     | Missing required",
                "rerank     | {'model':'rank','documents':['x']}                | query         | Missing required",
                "rerank     | {'model':'rank','query':'','documents':['x']}     | query         | nothing to rank by",
                "rerank     | {'model':'rank','query':'x','documents':[]}       | documents     | is empty",
                "rerank     | {'model':'rank','query':'x','documents':'y'}      | documents     | an array",
                "rerank     | {'model':'rank','query':'x','documents':['y',1]}  | documents[1]  | a string or",
                "rerank     | {'model':'rank','query':'x','documents':[{'a':'b'}]} | documents[0].text | Missing",
                "rerank     | {'model':'rank','query':'x','documents':[{'text':'b','c':1}]} | documents[0].c | Unknown",
                "rerank     | {'model':'rank','query':'x','documents':['y'],'top_n':0} | top_n | not within",
                "rerank     | {'model':'rank','query':'x','documents':['y'],'rank_fields':[]} | rank_fields | Unknown",
                "rerank     | {'model':'embed','query':'x','documents':['y']}   | model         | /v1/embeddings",
                "chat/completions | {'model':'embed','messages':[{'role':'user','content':'x'}]} | model | "
                        + "does not chat",
            })
    void malformedInputIsRefusedByName(String path, String body, String param, String message) throws Exception {
        int before = server.entries().size();
        var reply = post("/v1/" + path, body);
        assertTrue(reply.status() == 400 || reply.status() == 404, reply.text());
        assertEquals(param, reply.error().path("param").asText(null), reply.text());
        assertTrue(reply.error().path("message").asText().contains(message), reply.text());
        assertEquals(before, server.entries().size(), "what is malformed is not decided");
    }

    @Test
    void limitsNameTheTextAndTheWayOut() throws Exception {
        String full = "x ".repeat(254);
        assertEquals(200, embed("{'model':'embed','input':'" + full + "'}").status());
        var tooLong = embed("{'model':'embed','input':['x','" + full + "x']}");
        assertEquals("context_length_exceeded", tooLong.error().path("code").asText());
        assertEquals("input[1]", tooLong.error().path("param").asText());
        assertTrue(tooLong.error().path("message").asText().contains("257 tokens"), tooLong.text());
        var document = rerank("{'model':'rank','query':'x','documents':['x','" + full + "']}");
        assertEquals("documents[1]", document.error().path("param").asText());
        var many = embed("{'model':'embed','input':[" + "'x',".repeat(2048) + "'x']}");
        assertTrue(many.error().path("message").asText().contains("the limit is 2048"), many.text());
        var all = embed("{'model':'embed','input':[" + ("'" + full + "',").repeat(1024) + "'" + full + "']}");
        assertTrue(all.error().path("message").asText().contains("the limit is 262144"), all.text());
    }

    @Test
    void nobodyReadsWithoutAKeyAndWhatPolicyDeniesIsNotComputed() throws Exception {
        var stranger = server.send(
                HttpRequest.newBuilder(server.uri("/v1/embeddings")).POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertEquals(401, stranger.status());
        for (var denied : List.of(
                embed("{'model':'embed','input':'x'}", "diwan-purpose", "astrology"),
                rerank("{'model':'rank','query':'x','documents':['y']}", "diwan-purpose", "astrology"))) {
            assertEquals(403, denied.status());
            assertEquals("policy_denied", denied.error().path("code").asText());
            var verifier = new ReceiptVerifier(server.keys(), step -> {});
            var receipt = verifier.bindings(receipt(denied));
            assertFalse(receipt.decided().entry().allowed());
        }
        assertEquals(
                "deny",
                Objects.requireNonNull(server.last("decided")).path("verdict").asText());
    }

    @Test
    void modelsSayWhatTheyAreFor() throws Exception {
        var kinds = new ArrayList<String>();
        for (JsonNode model : server.get("/v1/models").json().path("data"))
            kinds.add(model.path("id").asText() + " "
                    + model.path("diwan").path("kind").asText());
        assertEquals(List.of("tiny ", "embed embedding", "rank reranker", "decoder embedding"), kinds);
        assertEquals(
                "embedding",
                server.get("/v1/models/embed").json().path("diwan").path("kind").asText());
    }

    @Test
    void receiptsVerifyReplayAndHoldNoTextInPublic() throws Exception {
        var embedded = embed("{'model':'embed'," + TEXTS + ",'dimensions':64,'encoding_format':'base64'}");
        var ranked = rerank("{'model':'rank','query':'law','documents':['the law','في القانون']}");
        for (var reply : List.of(embedded, ranked)) {
            byte[] file = receipt(reply);
            var steps = new ArrayList<String>();
            var verifier = new ReceiptVerifier(server.keys(), steps::add);
            var read = verifier.bindings(file);
            verifier.log(read, server.data.resolve("ledger"));
            verifier.replay(read, models, 2);
            assertTrue(steps.getLast().contains("identical to the bit"), steps.toString());
        }
        assertFalse(server.get("/v1/ledger/entries?from=0&count=500").text().contains("the law"));
        var vectors = Objects.requireNonNull(json(receipt(embedded)).at("/openings/answer/value/vectors"));
        assertEquals(
                Digest.hex(Digest.sha256(first(embedded).binaryValue())),
                vectors.get(0).asText());
    }

    /// Every byte, flipped two ways.
    @Test
    void everyChangedByteIsFoundOut() throws Exception {
        List<VerifierKey> keys = server.keys();
        var missed = new ConcurrentLinkedQueue<String>();
        for (var reply : List.of(
                embed("{'model':'embed','input':['x',[5,6]]}"),
                rerank("{'model':'rank','query':'x','documents':['y']}"))) {
            byte[] file = receipt(reply);
            new ReceiptVerifier(keys, step -> {}).bindings(file);
            IntStream.range(0, file.length).parallel().forEach(i -> {
                for (int bit : new int[] {0x01, 0x80}) {
                    byte[] changed = file.clone();
                    changed[i] ^= (byte) bit;
                    if (passes(keys, changed)) missed.add("byte " + i + " xor " + bit);
                }
            });
        }
        assertEquals(List.of(), List.copyOf(missed), "changes that go unnoticed");
    }

    private static boolean passes(List<VerifierKey> keys, byte[] file) {
        try {
            new ReceiptVerifier(keys, step -> {}).bindings(file);
            return true;
        } catch (VerificationException e) {
            return false;
        }
    }

    @Test
    void aChangedEncoderIsFoundOut() throws Exception {
        var verifier = new ReceiptVerifier(server.keys(), step -> {});
        var read = verifier.bindings(receipt(embed("{'model':'embed','input':'x'}")));
        Path other = Files.createDirectory(folder.resolve("other-models"));
        byte[] bytes = Files.readAllBytes(models.resolve("embed.gguf"));
        bytes[bytes.length / 2] ^= 0x01;
        Files.write(other.resolve("embed.gguf"), bytes);
        var e = assertThrows(VerificationException.class, () -> verifier.replay(read, other, 1));
        assertTrue(String.valueOf(e.getMessage()).startsWith("model: the answer was made by embed"), e.getMessage());
    }

    private static Reply embed(String body, String... headers) throws IOException, InterruptedException {
        return post("/v1/embeddings", body, headers);
    }

    private static Reply rerank(String body, String... headers) throws IOException, InterruptedException {
        return post("/v1/rerank", body, headers);
    }

    private static Reply post(String path, String body, String... headers) throws IOException, InterruptedException {
        var request = server.request(path).POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (headers.length > 0) request.headers(headers);
        return server.send(request);
    }

    private static JsonNode first(Reply reply) throws IOException {
        assertEquals(200, reply.status(), reply.text());
        return reply.json().path("data").path(0).path("embedding");
    }

    private static float[] floats(JsonNode list) {
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = list.get(i).floatValue();
        return floats;
    }

    private static byte[] receipt(Reply reply) throws IOException, InterruptedException {
        return server.get("/v1/receipts/" + reply.header("diwan-receipt"))
                .text()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode json(byte[] file) throws IOException {
        return org.diwan.cloud.api.Json.parse(file);
    }

    /// The encoder itself: each text alone, or for the reranker the first with each of the others.
    private static List<float[]> encode(String model, String... texts) throws IOException {
        try (var workers = new Workers(1);
                var encoder = Encoder.load(models.resolve(model + ".gguf"), workers)) {
            var tokenizer = Tokenizer.of(Vocabulary.fromMetadata(encoder.metadata()));
            var vectors = new ArrayList<float[]>();
            if (model.equals("rank"))
                for (int i = 1; i < texts.length; i++)
                    vectors.addAll(encoder.encode(List.of(tokenizer.encodePair(texts[0], texts[i]))));
            else for (String text : texts) vectors.addAll(encoder.encode(List.of(tokenizer.encodeWhole(text))));
            return vectors;
        }
    }

    private static Tokenizer tokenizer(String model) throws IOException {
        try (var workers = new Workers(1);
                var encoder = Encoder.load(models.resolve(model + ".gguf"), workers)) {
            return Tokenizer.of(Vocabulary.fromMetadata(encoder.metadata()));
        }
    }

    private static float[] unit(float[] vector, int dimensions) {
        double squares = 0;
        for (int i = 0; i < dimensions; i++) squares += (double) vector[i] * vector[i];
        float[] unit = new float[dimensions];
        for (int i = 0; i < dimensions; i++) unit[i] = (float) (vector[i] * (1 / Math.sqrt(squares)));
        return unit;
    }
}
