package org.diwan.robots.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.fleet.Placement;
import org.diwan.robots.record.JobFolder.Said;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.MalformedException;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.sovereignty.ledger.Checkpoint;
import org.diwan.sovereignty.ledger.LogClient;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;

/// One job, walked back from its end to the words that began it, each step shown from the log's public
/// files and its keys.
///
/// Needs no server and trusts none: what [OrderDesk] kept in its folder is evidence, and what does not
/// follow from the ledger is said so.
public final class Trace {
    /// One thing that happened.
    ///
    /// @param when as recorded; empty where nothing is
    /// @param what `asked`, `decided`, `ordered`, `reported`, `done`
    /// @param detail for people, one line
    public record Step(String when, String what, String detail) {}

    private final JobFolder folder;
    private final LogClient log;
    private final Trust trust;
    private final Checkpoint checkpoint;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private Trace(JobFolder folder, LogClient log, Trust trust) throws IOException, VerificationException {
        this.folder = folder;
        this.log = log;
        this.trust = trust;
        this.checkpoint = log.checkpoint();
    }

    /// What is known of `job`, from the desk's `folder`; sealed words are read where the folder has who opens them.
    ///
    /// @throws VerificationException when the log itself does not verify
    /// @throws IllegalArgumentException if nothing is known of the job
    public static Trace of(String job, JobFolder folder, TileSource source, Trust trust)
            throws IOException, VerificationException {
        if (!JobFolder.isId(job) || !Files.exists(folder.warrant(job)))
            throw new IllegalArgumentException("nothing is known of a job '" + job + "'");
        var trace = new Trace(folder, new LogClient(source, trust.keys(), trust.witnesses()), trust);
        try {
            trace.walk(job);
        } catch (VerificationException e) {
            trace.faults.add(String.valueOf(e.getMessage()));
        }
        return trace;
    }

    private void walk(String job) throws IOException, VerificationException {
        var warrant = Warrant.parse(Files.readAllBytes(folder.warrant(job)));
        var decided = warrant.verified(trust);
        if (!decided.path("job").asText().equals(job))
            throw new VerificationException("the warrant is that of " + decided.path("job"));
        if (decided.path("of").isIntegralNumber()) asked(decided.path("of").asLong());
        add(
                decided,
                "decided",
                "%s by %s for %s (%s), rehearsal %s"
                        .formatted(
                                decided.path("verdict").asText(),
                                decided.path("rule"),
                                decided.path("actor").asText(),
                                decided.path("role").asText(),
                                decided.path("rehearsed").asText()));
        add(decided, "planned", stops(Warrant.tree(warrant.plan(), "the plan")));
        Path messages = folder.messages(job);
        var lines = Files.exists(messages) ? JobFile.read(messages, warrant.entry()) : List.<JobFile.Line>of();
        for (var line : lines) message(line, decided);
        done(job, lines);
    }

    private void asked(long index) throws IOException, VerificationException {
        var asked = entry(index);
        switch (folder.said(asked.path("mission").asText())) {
            case Said.Gone(String why) -> add(asked, "asked", why);
            case Said.Open(Words words) -> asked(index, asked, words);
        }
    }

    private void asked(long index, JsonNode asked, Words words) {
        if (!words.commitment().equals(asked.path("words").asText()))
            faults.add("the words are not those that entry " + index + " is committed to");
        String receipt = asked.path("receipt").isTextual()
                ? ", receipt " + asked.path("receipt").asText()
                : "";
        add(
                asked,
                "asked",
                "“" + words.text() + "” understood by " + asked.path("parser").asText() + receipt);
    }

    private JsonNode entry(long index) throws IOException, VerificationException {
        if (index < 0 || index >= checkpoint.size())
            throw new VerificationException("there is no entry " + index + " in a log of " + checkpoint.size());
        return Warrant.tree(new String(log.entry(checkpoint, index), StandardCharsets.UTF_8), "entry " + index);
    }

    private static String stops(JsonNode plan) {
        var text = new StringBuilder();
        for (var stop : plan.path("stops")) {
            if (!text.isEmpty()) text.append(" → ");
            text.append(stop.path("place").asText());
            for (var action : stop.path("actions"))
                text.append(" [").append(action.path("type").asText()).append(']');
        }
        return text.toString();
    }

    private void message(JobFile.Line line, JsonNode decided) {
        if (line.time().isBefore(Instant.parse(decided.path("time").asText())))
            faults.add(line.topic() + " at " + line.time() + " was before the decision");
        try {
            steps.add(step(line));
        } catch (VerificationException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
    }

    /// What a message says.
    ///
    /// @throws VerificationException when it is none of VDA 5050
    static Step step(JobFile.Line line) throws VerificationException {
        var topic = List.of(Topic.ORDER, Topic.INSTANT_ACTIONS).stream()
                .filter(told -> line.topic().endsWith("/" + told.text()))
                .findFirst()
                .orElse(Topic.STATE);
        String spoken =
                Warrant.tree(line.payload(), line.topic()).path("version").asText();
        var version = Arrays.stream(Version.values())
                .filter(one -> one.text().equals(spoken))
                .findFirst()
                .orElseThrow(() -> new VerificationException(line.topic() + " is of version '" + spoken + "'"));
        try {
            var message = new Codec(version).read(topic, line.payload().getBytes(StandardCharsets.UTF_8));
            String text =
                    switch (message) {
                        case Order order -> order(order);
                        case InstantActions actions -> instant(actions);
                        case State state -> state(state);
                        default -> throw new AssertionError("no other topic is read");
                    };
            return new Step(line.time().toString(), topic == Topic.STATE ? "reported" : "ordered", text);
        } catch (MalformedException e) {
            throw new VerificationException(line.topic() + " at " + line.time() + ": " + e.getMessage());
        }
    }

    private static String order(Order order) {
        var nodes = order.nodes();
        long released = nodes.stream().filter(Order.Node::released).count();
        return "%s update %d to %s: %s … %s, %d of %d nodes released"
                .formatted(
                        order.orderId(),
                        order.orderUpdateId(),
                        order.header().serialNumber(),
                        nodes.getFirst().nodeId(),
                        nodes.getLast().nodeId(),
                        released,
                        nodes.size());
    }

    private static String instant(InstantActions actions) {
        var text = new StringBuilder("at once, to " + actions.header().serialNumber());
        for (var action : actions.actions()) {
            text.append(": ").append(action.actionType());
            for (var parameter : action.actionParameters())
                text.append(' ')
                        .append(parameter.key())
                        .append('=')
                        .append(parameter.value().asText());
        }
        return text.toString();
    }

    private static String state(State state) {
        var text = new StringBuilder("at " + state.lastNodeId());
        for (var action : state.actionStates())
            text.append(", ").append(action.actionType()).append(' ').append(action.actionStatus());
        for (var action : state.instantActionStates())
            if (Placement.TYPE.equals(action.actionType()))
                text.append(", ").append(action.actionType()).append(' ').append(action.actionStatus());
        for (var error : state.errors()) text.append(", ").append(error.errorType());
        return text.toString();
    }

    private void done(String job, List<JobFile.Line> lines) throws IOException, VerificationException {
        Path file = folder.done(job);
        if (!Files.exists(file)) {
            steps.add(new Step("", "open", "under way, or its process ended: no last entry holds the messages"));
            return;
        }
        long index = Warrant.tree(Files.readString(file), file.getFileName().toString())
                .path("index")
                .asLong();
        var done = entry(index);
        String chain = lines.isEmpty() ? "" : lines.getLast().chain();
        if (!done.path("type").asText().equals("robot-done")
                || !done.path("job").asText().equals(job)) faults.add("entry " + index + " is not the end of " + job);
        else if (done.path("messages").asInt() != lines.size()
                || (!lines.isEmpty() && !done.path("chain").asText().equals(chain)))
            faults.add("the messages are not the " + done.path("messages") + " that entry " + index + " holds");
        add(done, "done", done.path("outcome").asText() + ", " + done.path("messages") + " messages, entry " + index);
    }

    private void add(JsonNode entry, String what, String detail) {
        steps.add(new Step(entry.path("time").asText(), what, detail));
    }

    /// What happened, in order.
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /// What does not hold; empty if the trace verifies.
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /// What came of it: the last entry's outcome; empty while there is none.
    public Optional<String> outcome() {
        return steps.stream()
                .filter(step -> step.what().equals("done"))
                .map(Step::detail)
                .findFirst();
    }
}
