package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Structured outputs and tools of OpenAI's own Java client, unmodified: it derives schemas from classes
/// and reads answers into them. The bundled model was taught neither JSON nor tools; that its answers
/// can be read all the same is what the grammar promises.
class OpenAiFormIT {
    @TempDir
    static Path folder;

    private static Server server;
    private static OpenAIClient client;

    enum Weather {
        SUN,
        RAIN,
        WIND
    }

    @SuppressWarnings("NullAway.Init") // read from an answer
    static class Place {
        public boolean inland;
        public Weather weather;
    }

    @SuppressWarnings("NullAway.Init") // read from an answer
    static class Report {
        @JsonPropertyDescription("today's")
        public Weather weather;

        public Place place;
        public List<Weather> next;
    }

    @SuppressWarnings("NullAway.Init") // read from an answer
    @JsonClassDescription("Looks the weather up.")
    static class LookUp {
        public Weather expected;
        public boolean tomorrow;
    }

    @BeforeAll
    static void start() throws IOException {
        server = Server.start(
                folder.resolve("data"), "--model", Models.any(folder).toString());
        client = OpenAIOkHttpClient.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey(server.key())
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() throws IOException {
        if (client != null) client.close();
        if (server != null) server.close();
    }

    @Test
    void anAnswerIsReadIntoAClass() {
        int whole = 0;
        for (long seed = 1; seed <= 5; seed++) {
            var answer = client.chat()
                    .completions()
                    .create(question(seed).responseFormat(Report.class).build());
            var choice = answer.choices().getFirst();
            // A list may go on until the answer is cut.
            if (choice.finishReason().toString().equals("length")) continue;
            Report report = choice.message().content().orElseThrow();
            assertTrue(List.of(Weather.values()).contains(report.weather));
            assertTrue(List.of(Weather.values()).contains(report.place.weather));
            assertTrue(List.of(Weather.values()).containsAll(report.next));
            whole++;
        }
        assertTrue(whole > 0, "every answer was cut");
    }

    @Test
    void aDemandedToolIsCalledAndItsAnswerTaken() {
        var question = question(3).addTool(LookUp.class).toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
        var choice =
                client.chat().completions().create(question.build()).choices().getFirst();
        assertEquals("tool_calls", choice.finishReason().toString());
        var call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertEquals("LookUp", call.function().name());
        LookUp arguments = call.function().arguments(LookUp.class);
        assertTrue(List.of(Weather.values()).contains(arguments.expected));

        var next = question.addMessage(choice.message())
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("شمس")
                        .build())
                .toolChoice(ChatCompletionNamedToolChoice.builder()
                        .function(ChatCompletionNamedToolChoice.Function.builder()
                                .name("LookUp")
                                .build())
                        .build());
        var again = client.chat().completions().create(next.build()).choices().getFirst();
        assertEquals(1, again.message().toolCalls().orElseThrow().size());
    }

    @Test
    void aStreamedCallIsPutTogether() {
        var question = question(4)
                .addTool(LookUp.class)
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                .build();
        var name = new StringBuilder();
        var arguments = new StringBuilder();
        try (var stream = client.chat().completions().createStreaming(question)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().toolCalls().stream().flatMap(List::stream))
                    .forEach(call -> call.function().ifPresent(function -> {
                        function.name().ifPresent(name::append);
                        function.arguments().ifPresent(arguments::append);
                    }));
        }
        assertEquals("LookUp", name.toString());
        assertTrue(arguments.toString().startsWith("{\"expected\""), arguments.toString());
    }

    @Test
    void aSchemaThatCannotBeHeldToIsABadRequest() {
        var tool = ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name("f")
                        .parameters(com.openai.models.FunctionParameters.builder()
                                .putAdditionalProperty("type", com.openai.core.JsonValue.from("object"))
                                .putAdditionalProperty("not", com.openai.core.JsonValue.from(java.util.Map.of()))
                                .build())
                        .build())
                .build();
        var question = question(1).addTool(tool).toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
        var e = assertThrows(
                BadRequestException.class, () -> client.chat().completions().create(question.build()));
        assertTrue(
                e.body().toString().contains("unsupported keyword 'not' at the top"),
                e.body().toString());
    }

    @SuppressWarnings("deprecation") // of seed: OpenAI can no longer promise what it was for; we can
    private static ChatCompletionCreateParams.Builder question(long seed) {
        return ChatCompletionCreateParams.builder()
                .model(client.models().list().data().stream()
                        .map(com.openai.models.models.Model::id)
                        .findFirst()
                        .orElseThrow())
                .addUserMessage("كيف الطقس؟")
                .maxCompletionTokens(200)
                .seed(seed);
    }
}
