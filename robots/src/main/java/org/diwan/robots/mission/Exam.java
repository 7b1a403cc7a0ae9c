package org.diwan.robots.mission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.robots.mission.Understanding.Infeasible;
import org.diwan.robots.mission.Understanding.NotUnderstood;
import org.diwan.robots.mission.Understanding.Question;
import org.diwan.robots.mission.Understanding.Refused;
import org.diwan.robots.mission.Understanding.Understood;

/// How well utterances are understood, judged by what they do and not by what they say: a mission is driven through
/// the building by [Errand], and the world afterwards is compared.
///
/// `intents.jsonl` has a line for each thing that somebody may want, with what must come of it; `utterances-*.jsonl`
/// say it in several languages.
///
/// ```
/// {"id":"g02","kind":"good","split":"test","expect":{"visits":["cafe","305"],"delivered":{"305":{"tea":2}}}}
/// {"intent":"g02","lang":"en","text":"Two teas to 305, please"}
/// ```
///
/// A good one must be done: the same places in the same order, the same things where they belong, the same times and
/// priority. One to ask about must be asked about the right thing, with at least the right choices. One to refuse must
/// be refused; an impossible one must be declined for the right reason.
public final class Exam {
    /// Most lines of a file.
    private static final int MAX_LINES = 100_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> intents = new LinkedHashMap<>();
    private final List<JsonNode> utterances = new ArrayList<>();

    private Exam() {}

    /// One utterance, judged.
    ///
    /// @param acted whether a job came of what must not become one
    /// @param what came of it
    public record Mark(
            String intent,
            String kind,
            String split,
            String language,
            String text,
            boolean right,
            boolean acted,
            String what) {}

    /// The exam in `folder`.
    ///
    /// @throws IOException when it cannot be read
    public static Exam read(Path folder) throws IOException {
        var exam = new Exam();
        for (var intent : lines(folder.resolve("intents.jsonl")))
            exam.intents.put(intent.path("id").asText(), intent);
        try (var files = Files.newDirectoryStream(folder, "utterances-*.jsonl")) {
            for (Path file : files) exam.utterances.addAll(lines(file));
        }
        for (var utterance : exam.utterances)
            if (!exam.intents.containsKey(utterance.path("intent").asText()))
                throw new IOException(folder + ": an utterance of an intent that there is not: " + utterance);
        return exam;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        var nodes = new ArrayList<JsonNode>();
        try (var lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines.limit(MAX_LINES)::iterator)
                if (!line.isBlank()) nodes.add(JSON.readTree(line));
        }
        return nodes;
    }

    /// All utterances of `split`, in order, or of all splits where it is empty.
    List<Mark> marks(String split, Premises premises, Parser parser, ZonedDateTime now) {
        var ground = new Ground(premises);
        var understander = new Understander(ground, parser);
        var marks = new ArrayList<Mark>();
        for (var utterance : utterances) {
            var intent = intents.get(utterance.path("intent").asText());
            if (intent == null || !(split.isEmpty() || split.equals(split(intent, utterance)))) continue;
            var here = Optional.of(intent.path("here").asText("")).filter(place -> !place.isEmpty());
            var asker = new Asker("examiner", "hospital", here, Set.of());
            String text = utterance.path("text").asText();
            var understanding = understander.understand(text, asker, now).understanding();
            marks.add(mark(intent, utterance, understanding, premises, asker, now));
        }
        return marks;
    }

    /// An utterance may be of another split than its intent: written later, in other words.
    private static String split(JsonNode intent, JsonNode utterance) {
        return utterance.path("split").asText(intent.path("split").asText());
    }

    /// When exams are held.
    static final ZonedDateTime TEN = ZonedDateTime.parse("2026-11-29T10:00:00Z");

    /// The rules' marks for all utterances.
    public List<Mark> rules(Premises premises) {
        return marks("", premises, new RuleParser(new Ground(premises)), TEN);
    }

    /// A model's marks for all utterances.
    ///
    /// @param only of this split; empty for all
    public List<Mark> chat(Premises premises, ChatEndpoint endpoint, String only) {
        return marks(only, premises, new ChatParser(endpoint), TEN);
    }

    private static Mark mark(
            JsonNode intent,
            JsonNode utterance,
            Understanding understanding,
            Premises premises,
            Asker asker,
            ZonedDateTime now) {
        String kind = intent.path("kind").asText();
        var expect = intent.path("expect");
        String wrong =
                switch (kind) {
                    case "good" -> good(expect, understanding, premises, asker, now);
                    case "ask" -> asked(expect, understanding);
                    case "refuse" -> understanding instanceof Refused ? "" : "not refused";
                    case "infeasible" ->
                        understanding instanceof Infeasible infeasible
                                        && infeasible
                                                .why()
                                                .name()
                                                .equals(expect.path("why").asText())
                                ? ""
                                : "not declined for that reason";
                    default ->
                        throw new IllegalArgumentException("intent " + intent.path("id") + " is of no kind: " + kind);
                };
        boolean acted = !kind.equals("good")
                && understanding instanceof Understood(var mission, var text)
                && mission instanceof Mission.Work;
        return new Mark(
                intent.path("id").asText(),
                kind,
                split(intent, utterance),
                utterance.path("lang").asText(),
                utterance.path("text").asText(),
                wrong.isEmpty(),
                acted,
                wrong.isEmpty() ? "" : wrong + ": " + told(understanding));
    }

    private static String told(Understanding understanding) {
        return switch (understanding) {
            case Understood(var mission, var text) -> mission.canonical();
            case Question question -> question.about() + " " + question.text();
            case Refused refused -> refused.rule().toString();
            case Infeasible infeasible -> infeasible.why() + " " + infeasible.subject();
            case NotUnderstood not -> not.text();
        };
    }

    private static String asked(JsonNode expect, Understanding understanding) {
        if (!(understanding instanceof Question question)) return "not asked";
        if (!question.about().name().equals(expect.path("asks").asText())) return "asked about something else";
        for (var choice : expect.path("among"))
            if (question.choices().stream().noneMatch(offered -> offered.id().equals(choice.asText())))
                return choice.asText() + " is not among the choices";
        return "";
    }

    private static String good(
            JsonNode expect, Understanding understanding, Premises premises, Asker asker, ZonedDateTime now) {
        if (!(understanding instanceof Understood(var mission, var text))) return "not understood";
        String act = expect.path("act").asText("");
        switch (mission) {
            case Mission.Status() -> {
                return act.equals("status") ? "" : "took it for a question";
            }
            case Mission.Cancel() -> {
                return act.equals("cancel") ? "" : "cancelled";
            }
            case Mission.Stop() -> {
                return act.equals("stop") ? "" : "stopped";
            }
            case Mission.Work work -> {
                return act.isEmpty() ? done(expect, work, premises, asker, now) : "did something";
            }
        }
    }

    private static String done(JsonNode expect, Mission.Work work, Premises premises, Asker asker, ZonedDateTime now) {
        var errand = new Errand(premises, asker);
        var fault = errand.drive(Jobs.job("exam", work, asker, 0, premises));
        if (fault.isPresent()) return fault.get();
        var visits = texts(expect.path("visits"));
        if (!errand.visits().equals(visits) && !errand.visits().equals(texts(expect.path("visitsAlso"))))
            return "went to " + errand.visits() + " for " + visits;
        var delivered = new TreeMap<String, Map<String, Integer>>();
        expect.path("delivered")
                .properties()
                .forEach(place -> place.getValue().properties().forEach(item -> delivered
                        .computeIfAbsent(place.getKey(), same -> new TreeMap<>())
                        .put(item.getKey(), item.getValue().asInt())));
        if (!errand.delivered().equals(delivered)) return "brought " + errand.delivered() + " for " + delivered;
        if (errand.waitedMinutes() != expect.path("waits").asInt(0)) return "waited " + errand.waitedMinutes();
        if (work.priority() != expect.path("priority").asInt(4)) return "priority " + work.priority();
        if (!work.notBefore().equals(time(expect, "notBefore", now))) return "begins at " + work.notBefore();
        return work.due().equals(time(expect, "due", now)) ? "" : "ends at " + work.due();
    }

    private static Optional<Instant> time(JsonNode expect, String member, ZonedDateTime now) {
        String time = expect.path(member).asText("");
        return time.isEmpty()
                ? Optional.empty()
                : Optional.of(now.with(LocalTime.parse(time)).toInstant());
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        for (var node : list) texts.add(node.asText());
        return texts;
    }
}
