package org.diwan.robots.mission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.diwan.robots.mission.Proposal.Act;
import org.diwan.robots.mission.Proposal.Item;
import org.diwan.robots.mission.Proposal.Said;
import org.diwan.robots.mission.Proposal.Verb;

/// Asks a language model through the public chat API (`POST /v1/chat/completions`), so that its classification, policy
/// and receipt apply. The answer is held to [#schema], a JSON Schema: a [Proposal] in the speaker's own words.
///
/// The model can only propose. Words that the speaker did not say are dropped, so that it can invent no place and no
/// thing, and what is left goes to the same [Resolver]. An answer that is no proposal, too long or too late proposes
/// nothing.
final class ChatParser implements Parser {
    /// Longest answer, bytes.
    static final int MAX_ANSWER = 1 << 18;

    /// Longest proposal, tokens.
    private static final int MAX_TOKENS = 400;

    /// Most things, and most places, of one step.
    private static final int MAX_NAMED = Mission.Work.MAX_STEPS;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SYSTEM = """
            You turn one request to a delivery robot into JSON. Copy places, people and things exactly as the speaker \
            wrote them, in the same language; never translate, never add. Leave out what was not said. "here" means \
            where the speaker is. deliver: take items from a place to a place. fetch: bring items to the speaker. \
            collect: take items up. drop: set down what was taken up. act is "work" for things to do, \
            "status" for questions about work, "cancel" to call work off, "none" for all else. It is {now} now; \
            times are HH:MM.""";

    private final ChatEndpoint endpoint;
    private final HttpClient client;

    ChatParser(ChatEndpoint endpoint) {
        this.endpoint = endpoint;
        client = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
    }

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public Parsed parse(String utterance, String person, LocalTime now) {
        try {
            var request = HttpRequest.newBuilder(endpoint.base().resolve("/v1/chat/completions"))
                    .timeout(endpoint.limit())
                    .header("authorization", "Bearer " + endpoint.key())
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body(utterance, person, now)))
                    .build();
            // A limit of its own: the request's ends with the headers.
            var response = client.sendAsync(
                            request,
                            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER))
                    .get(endpoint.limit().toMillis(), TimeUnit.MILLISECONDS);
            var receipt = response.headers().firstValue("diwan-receipt");
            if (response.statusCode() != 200) return new Parsed(nothing(), receipt);
            String content = JSON.readTree(response.body())
                    .path("choices")
                    .path(0)
                    .path("message")
                    .path("content")
                    .asText();
            return new Parsed(read(content, utterance), receipt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Parsed(nothing(), Optional.empty());
        } catch (IOException | ExecutionException | TimeoutException e) {
            return new Parsed(nothing(), Optional.empty());
        }
    }

    private byte[] body(String utterance, String person, LocalTime now) throws JsonProcessingException {
        var body = JSON.createObjectNode();
        body.put("model", endpoint.model());
        body.put("temperature", 0);
        body.put("max_tokens", MAX_TOKENS);
        // So that an erasure reaches the receipt too.
        if (!person.isEmpty()) body.put("user", person);
        var messages = body.putArray("messages");
        messages.addObject()
                .put("role", "system")
                .put(
                        "content",
                        SYSTEM.replace("{now}", now.withSecond(0).withNano(0).toString()));
        messages.addObject().put("role", "user").put("content", utterance);
        var format = body.putObject("response_format").put("type", "json_schema");
        format.putObject("json_schema")
                .put("name", "proposal")
                .put("strict", true)
                .set("schema", schema());
        return JSON.writeValueAsBytes(body);
    }

    /// The schema of a proposal.
    ///
    /// ```
    /// {"act":"work","steps":[{"do":"deliver","items":[{"item":"coffee","count":2}],"from":"","to":["room 305"],
    ///   "count":0}],"priority":"normal","not_before":"","due":""}
    /// ```
    static JsonNode schema() {
        try (var file = ChatParser.class.getResourceAsStream("proposal.schema.json")) {
            if (file == null) throw new IOException("proposal.schema.json is not beside this class");
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new AssertionError("the schema is part of this module", e);
        }
    }

    private static Proposal nothing() {
        return new Proposal(Act.NONE, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), 0);
    }

    /// The proposal that `content` is, as far as `utterance` bears it out.
    static Proposal read(String content, String utterance) {
        try {
            var root = JSON.readTree(content);
            var said = new Heard(utterance);
            var act = choice(Act.class, root.path("act")).orElse(Act.NONE);
            var steps = new ArrayList<Said>();
            for (var step : root.path("steps")) {
                if (steps.size() == Mission.Work.MAX_STEPS) return nothing();
                step(step, said).ifPresent(steps::add);
            }
            if (act == Act.WORK && steps.isEmpty()) return nothing();
            var priority = Optional.of(root.path("priority").asText("normal")).filter(text -> !text.equals("normal"));
            return new Proposal(act, steps, priority, time(root.path("not_before")), time(root.path("due")), 0);
        } catch (JsonProcessingException e) {
            return nothing();
        }
    }

    private static Optional<Said> step(JsonNode step, Heard said) {
        var items = new ArrayList<Item>();
        boolean endless =
                step.path("items").size() > MAX_NAMED || step.path("to").size() > MAX_NAMED;
        if (endless) return Optional.empty();
        for (var item : step.path("items"))
            said.words(item.path("item"))
                    .ifPresent(words -> items.add(
                            new Item(words, Math.clamp(item.path("count").asInt(1), 1, Mission.Load.MAX_COUNT))));
        var to = new ArrayList<String>();
        for (var place : step.path("to")) said.words(place).ifPresent(to::add);
        int count = Math.clamp(step.path("count").asInt(), 0, Mission.Step.Wait.MAX_MINUTES);
        return choice(Verb.class, step.path("do")).map(verb -> {
            boolean here = verb == Verb.FETCH && to.isEmpty();
            return new Said(
                    verb, items, said.words(step.path("from")), here ? List.of(Proposal.HERE) : to, false, count);
        });
    }

    private static <E extends Enum<E>> Optional<E> choice(Class<E> type, JsonNode node) {
        for (var constant : type.getEnumConstants())
            if (constant.name().toLowerCase(Locale.ROOT).equals(node.asText())) return Optional.of(constant);
        return Optional.empty();
    }

    private static Optional<LocalTime> time(JsonNode node) {
        try {
            return node.asText("").isEmpty() ? Optional.empty() : Optional.of(LocalTime.parse(node.asText()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /// What the speaker said, to hold the model's words against.
    private static final class Heard {
        private final String all;

        Heard(String utterance) {
            all = joined(utterance);
        }

        /// The words, if all of them were said; `here` always.
        Optional<String> words(JsonNode node) {
            String words = node.asText("");
            if (words.equals("here")) return Optional.of(Proposal.HERE);
            String joined = joined(words);
            boolean said = !joined.isEmpty() && all.contains(joined) && !words.startsWith(Proposal.EXACT);
            return said ? Optional.of(words) : Optional.empty();
        }

        /// Without spaces, for models set them as they like, but with a mark on both sides of a number: 305 is no
        /// part of 1305.
        private static String joined(String text) {
            return Token.of(text).stream()
                    .map(token -> token.isNumber() ? "#" + token.text() + "#" : token.text())
                    .collect(Collectors.joining());
        }
    }
}
