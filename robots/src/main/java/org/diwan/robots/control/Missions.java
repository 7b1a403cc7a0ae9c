package org.diwan.robots.control;

import java.io.IOException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.diwan.robots.Cause;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.control.Control.Result;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.mission.Asker;
import org.diwan.robots.mission.ChatEndpoint;
import org.diwan.robots.mission.Emergency;
import org.diwan.robots.mission.Mission;
import org.diwan.robots.mission.MissionDesk;
import org.diwan.robots.mission.Premises;
import org.diwan.robots.mission.Rehearsal.Verdict;
import org.diwan.robots.mission.Understanding;
import org.diwan.robots.mission.Understanding.Choice;
import org.diwan.robots.record.OrderDesk.Origin;
import org.diwan.robots.record.RobotRules.Actor;
import org.diwan.robots.record.Words;

/// Words in, jobs out: what was said is understood, rehearsed, confirmed where it should be, put on record, decided,
/// and given to the fleet. Words that mean stop do so before any of it.
///
/// A confirmation is asked where a stop lies in a restricted or a privacy zone. Safe to share between threads.
public final class Missions {
    /// Jobs whose speaker is remembered, to be called off by a word.
    private static final int REMEMBERED = 10_000;

    /// Speakers who wait for their turn: words are understood one after another.
    private static final int MAX_SPEAKERS = 32;

    /// What is told to whoever spoke.
    ///
    /// @param status `taken`, `question`, `refused`, `infeasible`, `denied`, `needs approval`, `stopped`,
    ///     `cancelled`, `status`, or `not understood`
    /// @param say in the speaker's language
    /// @param job of what was taken
    /// @param entry of the decision
    public record Heard(String status, String say, List<Choice> choices, Optional<String> job, Optional<Long> entry) {}

    private final Control control;
    private final MissionDesk desk;
    private final ZoneId zone;
    private final Semaphore speakers = new Semaphore(MAX_SPEAKERS);

    /// Of words that are being understood now.
    private final Map<String, Words> openings = new HashMap<>();

    private final Map<String, String> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// @param premises what can be carried, what is where, who is where
    /// @param chat a model to ask; without one, rules alone understand
    public Missions(Control control, Premises premises, Optional<ChatEndpoint> chat, ZoneId zone) {
        this.control = control;
        this.zone = zone;
        desk = chat.map(endpoint -> MissionDesk.byChat(
                        premises,
                        endpoint,
                        this::play,
                        (work, _) -> isDelicate(work),
                        RobotsApi::newId,
                        this::commitment,
                        _ -> {}))
                .orElseGet(() -> MissionDesk.byRules(
                        premises,
                        this::play,
                        (work, _) -> isDelicate(work),
                        RobotsApi::newId,
                        this::commitment,
                        _ -> {}));
    }

    private synchronized String commitment(String utterance) {
        var words = Words.of(utterance);
        openings.put(words.commitment(), words);
        return words.commitment();
    }

    private Verdict play(Job job) {
        try {
            var result = control.rehearse(job);
            return new Verdict(
                    result.fault(), Optional.of(result.until()), result.done().isPresent(), result.alone());
        } catch (IOException e) {
            return Verdict.failed(Cause.of(Cause.Kind.NO_ANSWER, String.valueOf(e.getMessage())));
        }
    }

    private boolean isDelicate(Mission.Work work) {
        return work.places().stream()
                .flatMap(place -> control.map().zones(control.map().vertex(place)).stream())
                .anyMatch(one -> one.kind() == Zone.Kind.RESTRICTED || one.kind() == Zone.Kind.PRIVACY);
    }

    /// What comes of `text`, said by whoever has the key `actor.name()`.
    ///
    /// @param here where the speaker is, a place
    /// @param person who speaks, as an erasure will name it; empty for nobody
    /// @throws IOException when something cannot be recorded; then nothing is done
    public Heard say(String text, Actor actor, Optional<String> here, String person) throws IOException {
        if (Emergency.isStop(text)) {
            return stop(text, actor);
        }
        here.ifPresent(place -> control.map().vertex(place));
        if (!speakers.tryAcquire()) throw new Refusal(429, "", MAX_SPEAKERS + " speak already; try again later.");
        try {
            return understand(text, actor, here, person);
        } finally {
            speakers.release();
        }
    }

    private Heard understand(String text, Actor actor, Optional<String> here, String person) throws IOException {
        var asker = new Asker(actor.name(), actor.name(), here, control.openable(actor.role()), person);
        var reply = desk.say(asker, text, control.now().atZone(zone));
        var event = reply.event();
        Words words;
        synchronized (this) {
            words = openings.remove(event.words());
        }
        if (words == null) words = Words.of(text);
        long asked = control.desk().ask(event.mission(), person, words, actor.name(), event.parser(), event.receipt());
        if (reply.job().isPresent()) return order(reply.job().get(), text, reply.text(), actor, asked);
        if (!reply.choices().isEmpty())
            return new Heard("question", reply.text(), reply.choices(), Optional.empty(), Optional.empty());
        return switch (reply.mission().orElse(null)) {
            case Mission.Stop _ -> stop(text, actor);
            case Mission.Cancel _ -> cancel(actor, reply.text());
            case Mission.Status _ -> status(text, reply.text());
            case null, default -> told(word(event.understanding()), reply.text());
        };
    }

    private Heard stop(String words, Actor actor) {
        int vehicles = control.stop(actor.name(), Optional.empty()).size();
        return told("stopped", MissionDesk.stopped(words, vehicles));
    }

    private Heard order(Job job, String words, String text, Actor actor, long asked) throws IOException {
        return switch (control.decide(job, actor, new Origin(Optional.of(asked), "clean"))) {
            case Result.Taken taken -> {
                synchronized (this) {
                    last.remove(actor.name());
                    last.put(actor.name(), taken.job());
                }
                yield new Heard("taken", text, List.of(), Optional.of(taken.job()), Optional.of(taken.entry()));
            }
            case Result.Infeasible(Cause fault) -> told("infeasible", desk.told(words, fault));
            case Result.Denied(String id, long entry, Cause reason, boolean needsApproval) ->
                new Heard(
                        needsApproval ? "needs approval" : "denied",
                        desk.told(words, reason),
                        List.of(),
                        Optional.of(id),
                        Optional.of(entry));
        };
    }

    private Heard cancel(Actor actor, String text) throws IOException {
        String job;
        synchronized (this) {
            job = last.remove(actor.name());
        }
        boolean done = job != null && control.cancel(job);
        return new Heard(
                done ? "cancelled" : "not understood", text, List.of(), Optional.ofNullable(job), Optional.empty());
    }

    private Heard status(String question, String text) throws IOException {
        var counts =
                control.view().jobs().stream().collect(Collectors.groupingBy(JobView::status, Collectors.counting()));
        String progress = MissionDesk.progress(
                question,
                counts.getOrDefault(Status.UNDERWAY, 0L),
                counts.getOrDefault(Status.WAITING, 0L),
                counts.getOrDefault(Status.DONE, 0L));
        return told("status", text + " " + progress);
    }

    /// That a mission failed and why, in the language of its `words`.
    String failed(String words, Cause why) {
        return desk.failed(words, why);
    }

    private static Heard told(String status, String text) {
        return new Heard(status, text, List.of(), Optional.empty(), Optional.empty());
    }

    private static String word(Understanding understanding) {
        return switch (understanding) {
            case Understanding.Refused _ -> "refused";
            case Understanding.Infeasible _ -> "infeasible";
            case Understanding.Question _ -> "question";
            case Understanding.Understood _, Understanding.NotUnderstood _ -> "not understood";
        };
    }
}
