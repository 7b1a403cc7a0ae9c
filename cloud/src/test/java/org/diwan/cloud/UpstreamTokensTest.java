package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatRequest;
import org.diwan.cloud.upstream.Upstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Token ids as vLLM, SGLang and llama.cpp tell them, from answers in the form of each server.
class UpstreamTokensTest {
    private FakeUpstream server;
    private Upstream upstream;

    @BeforeEach
    void start() throws IOException {
        server = new FakeUpstream();
        upstream = new Upstream(server.address("gpu", "us"));
    }

    @AfterEach
    void stop() {
        upstream.close();
        server.close();
    }

    private Upstream.Answer ask(String more, List<ArrayNode> heard) throws InterruptedException {
        String body = "{\"model\":\"gpu/big\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]" + more + "}";
        var request = ChatRequest.parse(body.getBytes(StandardCharsets.UTF_8));
        return upstream.chat(request, "big", (text, logprobs) -> {
            if (logprobs != null) heard.add(logprobs);
            return true;
        });
    }

    private List<Integer> tokens() throws InterruptedException {
        return ask("", new ArrayList<>()).tokens();
    }

    private void answers(String choice, String more) {
        server.answer = """
                {"choices":[{"index":0,"message":{"role":"assistant","content":"as you wish"},%s
                 "finish_reason":"stop"}],%s
                 "usage":{"prompt_tokens":5,"completion_tokens":3}}""".formatted(choice, more);
    }

    @Test
    void vllmTellsThemBesideTheMessage() throws Exception {
        answers("\"token_ids\":[300,301,2],", "");
        assertEquals(List.of(300, 301, 2), tokens());
        assertEquals(List.of(300, 301, 2), tokens());
        assertTrue(server.asked.getLast().path("return_token_ids").asBoolean());
        assertFalse(server.asked.getLast().has("logprobs"), "what works is kept");
    }

    @Test
    void vllmTellsThemInEveryChunk() throws Exception {
        server.type = "text/event-stream";
        server.answer = """
                data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"token_ids":null}]}

                data: {"choices":[{"index":0,"delta":{"content":"as you"},"token_ids":[300,301]}]}

                data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop","token_ids":[2]}]}

                data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3}}

                data: [DONE]

                """;
        assertEquals(
                List.of(300, 301, 2), ask(",\"stream\":true", new ArrayList<>()).tokens());
    }

    @Test
    void llamaCppTellsThemWithLogprobsWhichTheClientNeverSees() throws Exception {
        assertEquals(List.of(), tokens(), "it does not know return_token_ids");
        answers(
                "\"logprobs\":{\"content\":[{\"id\":300,\"token\":\"as\",\"top_logprobs\":[{\"id\":300}]},"
                        + "{\"id\":301,\"token\":\" you wish\"},{\"id\":2,\"token\":\"\"}]},",
                "");
        var answer = ask("", new ArrayList<>());
        assertEquals(List.of(300, 301, 2), answer.tokens());
        assertNull(answer.logprobs(), "nobody asked for them");
        assertEquals(1, server.asked.getLast().path("top_logprobs").asInt());
        // Who does ask gets what OpenAI's API has, and no ids.
        var wanted = ask(",\"logprobs\":true,\"top_logprobs\":2", new ArrayList<>());
        assertEquals(List.of(300, 301, 2), wanted.tokens());
        assertNotNull(wanted.logprobs());
        assertFalse(
                wanted.logprobs().toString().contains("\"id\""),
                wanted.logprobs().toString());
        assertFalse(server.asked.getLast().has("return_tokens_as_token_ids"), "it would change what the client reads");
    }

    @Test
    void verboseLlamaCppTellsThemBesideTheChoices() throws Exception {
        answers("", "\"__verbose\":{\"tokens\":[300,301,2]},");
        assertEquals(List.of(300, 301, 2), tokens());
    }

    @Test
    void olderVllmTellsThemInPlaceOfTokens() throws Exception {
        assertEquals(List.of(), tokens());
        answers("\"logprobs\":{\"content\":[{\"token\":\"token_id:300\"},{\"token\":\"token_id:301\"}]},", "");
        assertEquals(List.of(300, 301), tokens());
    }

    /// SGLang refuses the question when streaming, OpenAI always: it is asked again without, and once only.
    @Test
    void aRefusalIsRememberedAndTheAnswerComes() throws Exception {
        server.refused = "return_token_ids";
        assertEquals("as you wish", ask("", new ArrayList<>()).text());
        assertEquals(2, server.asked.size());
        assertEquals("as you wish", ask("", new ArrayList<>()).text());
        assertEquals(3, server.asked.size());
        assertFalse(server.asked.getLast().has("logprobs"), "nothing was told with them");
    }

    @Test
    void aRequestThatIsBadAnywayIsRefusedAsBefore() throws Exception {
        server.refused = "model";
        assertThrows(ApiError.class, this::tokens);
        assertEquals(3, server.asked.size());
        server.reset();
        answers("\"token_ids\":[300,301,2],", "");
        assertEquals(List.of(300, 301, 2), tokens(), "and nothing was learnt from it");
    }

    @Test
    void whatIsNoIdOrNotTheWholeAnswerIsAsIfNothingWasTold() throws Exception {
        for (String ids : List.of("[300,-1,2]", "[300,1.5,2]", "[300,\"x\",2]", "[99999999999,1,2]", "[300]", "{}")) {
            server.asked.clear();
            answers("\"token_ids\":" + ids + ",", "");
            try (var fresh = new Upstream(server.address("gpu", "us"))) {
                String body = "{\"model\":\"gpu/big\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
                var request = ChatRequest.parse(body.getBytes(StandardCharsets.UTF_8));
                assertEquals(
                        List.of(),
                        fresh.chat(request, "big", (text, logprobs) -> true).tokens(),
                        ids);
            }
        }
    }

    @Test
    void nothingIsAskedWhereToolsOrFormsChangeWhatIsLikely() throws Exception {
        ask(",\"response_format\":{\"type\":\"json_object\"}", new ArrayList<>());
        assertFalse(server.asked.getLast().has("return_token_ids"));
    }
}
