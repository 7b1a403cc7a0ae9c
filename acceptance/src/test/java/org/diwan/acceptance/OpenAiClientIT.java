package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's own Java client, unmodified, against the running server: what it can parse is what every
/// application of a ministry can use.
class OpenAiClientIT {
    private static final long TOKENS = 16;

    @TempDir
    static Path folder;

    private static Upstream upstream;
    private static Server server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        upstream = new Upstream();
        server = Server.start(
                folder.resolve("data"),
                "--model",
                Models.any(folder).toString(),
                "--encoder",
                Models.encoder(folder).toString(),
                "--upstream",
                upstream.argument());
        client = client(server.key());
    }

    @AfterAll
    static void stop() throws IOException {
        if (client != null) client.close();
        if (server != null) server.close();
        if (upstream != null) upstream.close();
    }

    @Test
    void modelsAreListed() {
        List<String> ids = client.models().list().data().stream()
                .map(com.openai.models.models.Model::id)
                .toList();
        assertTrue(ids.contains("partner/large"), "the upstream's model: " + ids);
        assertTrue(ids.contains(localModel()), "the local model: " + ids);
    }

    @Test
    void aChatIsAnswered() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(question("اكتب بيتا من الشعر").build());
        var choice = answer.choices().getFirst();
        assertFalse(choice.message().content().orElseThrow().isEmpty());
        var usage = answer.usage().orElseThrow();
        assertTrue(usage.promptTokens() > 0, usage.toString());
        assertTrue(usage.completionTokens() > 0 && usage.completionTokens() <= TOKENS, usage.toString());
        assertEquals(usage.promptTokens() + usage.completionTokens(), usage.totalTokens());
    }

    @Test
    void aStreamSaysWhatTheWholeAnswerSays() {
        ChatCompletionCreateParams question = question("اكتب بيتا من الشعر").build();
        String whole = client.chat()
                .completions()
                .create(question)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        var pieces = new StringBuilder();
        var finishes = new java.util.ArrayList<ChatCompletionChunk.Choice.FinishReason>();
        try (var stream = client.chat().completions().createStreaming(question)) {
            stream.stream().flatMap(chunk -> chunk.choices().stream()).forEach(choice -> {
                choice.delta().content().ifPresent(pieces::append);
                choice.finishReason().ifPresent(finishes::add);
            });
        }
        assertEquals(whole, pieces.toString());
        assertEquals(1, finishes.size(), "finish reasons of one stream: " + finishes);
    }

    @Test
    void receiptsComeInAHeaderAndTheSameSeedGivesTheSameWords() {
        ChatCompletionCreateParams question = question("من بنى بغداد؟").build();
        var raw = client.chat().completions().withRawResponse();
        try (var first = raw.create(question);
                var second = raw.create(question)) {
            List<String> ids = List.of(receipt(first.headers()), receipt(second.headers()));
            assertNotEquals(ids.getFirst(), ids.getLast(), "each answer has a receipt of its own");
            assertEquals(words(first.parse()), words(second.parse()));
        }
    }

    /// The client asks for base64 and decodes it, unless told otherwise.
    @Test
    void textsAndTheirTokensAreEmbedded() {
        var params = EmbeddingCreateParams.builder()
                .model("encoder")
                .inputOfArrayOfStrings(List.of("the law", "القانون", "the law"));
        var answer = client.embeddings().create(params.build());
        assertEquals(3, answer.data().size());
        assertEquals(256, answer.data().getFirst().embedding().size());
        assertEquals(answer.data().get(0).embedding(), answer.data().get(2).embedding());
        assertNotEquals(answer.data().get(0).embedding(), answer.data().get(1).embedding());
        assertTrue(answer.usage().promptTokens() > 3, answer.usage().toString());
        var numbers = client.embeddings()
                .create(params.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build());
        assertEquals(answer.data().get(1).embedding(), numbers.data().get(1).embedding());
        var few = client.embeddings().create(params.dimensions(8).build());
        assertEquals(8, few.data().getFirst().embedding().size());
        var tokens = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("encoder")
                        .inputOfArrayOfTokens(List.of(5L, 6L, 7L))
                        .build());
        assertEquals(1, tokens.data().size());
        assertThrows(BadRequestException.class, () -> client.embeddings()
                .create(params.dimensions(9_999).build()));
        try (var raw = client.embeddings()
                .withRawResponse()
                .create(params.dimensions(8).build())) {
            assertTrue(receipt(raw.headers()).startsWith("r-"), receipt(raw.headers()));
        }
    }

    @Test
    void errorsAreTheOnesThatTheClientKnows() {
        OpenAIClient stranger = client("sk-nobody");
        assertThrows(UnauthorizedException.class, () -> stranger.models().list());
        stranger.close();
        assertThrows(NotFoundException.class, () -> client.chat()
                .completions()
                .create(question("سلام").model("no-such-model").build()));
        assertThrows(BadRequestException.class, () -> client.chat()
                .completions()
                .create(question("سلام").temperature(9).build()));
    }

    @Test
    void aRefusalIsPermissionDeniedWithLawAndArticle() {
        var refusal = assertThrows(PermissionDeniedException.class, () -> client.chat()
                .completions()
                .create(question("رقم هويتي الوطنية 1058529940")
                        .model("partner/large")
                        .build()));
        assertEquals(0, upstream.conversations(), "nothing reached the upstream");
        String body = refusal.body().toString();
        assertTrue(body.contains("sa-pdpl-29-2-b"), body);
        assertTrue(body.contains("29(2)(b)"), body);
        assertTrue(body.contains("Personal Data Protection Law"), body);
    }

    @SuppressWarnings("deprecation") // of seed: OpenAI can no longer promise what it was for; we can
    private static ChatCompletionCreateParams.Builder question(String text) {
        return ChatCompletionCreateParams.builder()
                .model(localModel())
                .addUserMessage(text)
                .maxCompletionTokens(TOKENS)
                .seed(7);
    }

    private static String localModel() {
        return client.models().list().data().stream()
                .map(com.openai.models.models.Model::id)
                .filter(id -> !id.contains("/"))
                .findFirst()
                .orElseThrow();
    }

    private static String receipt(com.openai.core.http.Headers headers) {
        return headers.values("diwan-receipt").getFirst();
    }

    private static String words(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElseThrow();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }
}
