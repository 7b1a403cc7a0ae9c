package org.diwan.robots.mission;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.diwan.robots.Cause;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.mission.Understanding.About;
import org.diwan.robots.mission.Understanding.Choice;
import org.diwan.robots.mission.Understanding.NotUnderstood;
import org.diwan.robots.mission.Understanding.Question;
import org.diwan.robots.mission.Understanding.Understood;
import org.diwan.robots.mission.Understanding.Why;

/// Takes what people say and hands out jobs: understand, rehearse, have it confirmed where policy asks, make the job.
/// Nothing here moves a robot; what to do with a reply is the caller's.
///
/// Calls take turns: a model that is asked may take as long as its limit says. An emergency should be told by
/// [Emergency#isStop] before, which needs no turn.
public final class MissionDesk {
    /// What a speaker hears, and what may be done.
    ///
    /// @param text in the speaker's language
    /// @param choices of a question
    /// @param mission understood, rehearsed and confirmed
    /// @param job of a mission that is work
    public record Reply(
            String text, List<Choice> choices, MissionEvent event, Optional<Mission> mission, Optional<Job> job) {}

    /// So many words that no rule could use make a yes to the readback necessary.
    private static final int MANY_UNREAD = 4;

    private final Ground ground;
    private final Parser parser;
    private final Understander understander;
    private final Dialogue dialogue;
    private final Feasibility feasibility;
    private final Rehearsal rehearsal;
    private final Confirmation confirmation;
    private final Supplier<String> ids;
    private final UnaryOperator<String> commitment;
    private final Consumer<MissionEvent> listener;

    private MissionDesk(
            Ground ground,
            Parser parser,
            Rehearsal rehearsal,
            Confirmation confirmation,
            Supplier<String> ids,
            UnaryOperator<String> commitment,
            Consumer<MissionEvent> listener) {
        this.ground = ground;
        this.parser = parser;
        this.rehearsal = rehearsal;
        this.confirmation = confirmation;
        this.ids = ids;
        this.commitment = commitment;
        this.listener = listener;
        understander = new Understander(ground, parser);
        dialogue = new Dialogue(ground);
        feasibility =
                new Feasibility(ground.premises(), new Routes(ground.premises().map()));
    }

    /// A desk that parses by rules.
    ///
    /// @param ids of missions, never the same twice
    /// @param commitment to an utterance, for the record
    /// @param listener hears of every utterance
    public static MissionDesk byRules(
            Premises premises,
            Rehearsal rehearsal,
            Confirmation confirmation,
            Supplier<String> ids,
            UnaryOperator<String> commitment,
            Consumer<MissionEvent> listener) {
        var ground = new Ground(premises);
        return new MissionDesk(ground, new RuleParser(ground), rehearsal, confirmation, ids, commitment, listener);
    }

    /// A desk that asks a language model through the chat API; what it proposes is held against the same rules.
    public static MissionDesk byChat(
            Premises premises,
            ChatEndpoint endpoint,
            Rehearsal rehearsal,
            Confirmation confirmation,
            Supplier<String> ids,
            UnaryOperator<String> commitment,
            Consumer<MissionEvent> listener) {
        return new MissionDesk(
                new Ground(premises), new ChatParser(endpoint), rehearsal, confirmation, ids, commitment, listener);
    }

    /// How many missions are under way, waiting and done, told in the language of `question`.
    public static String progress(String question, long underway, long waiting, long done) {
        return Lexicon.of(question).say("progress", "underway", underway, "waiting", waiting, "done", done);
    }

    /// That so many vehicles were told to stop, told in the language of `words`.
    public static String stopped(String words, int vehicles) {
        return Lexicon.of(words).say("stopped", "vehicles", vehicles);
    }

    /// Why something is not done, told in the language of `words`.
    public String told(String words, Cause why) {
        return new Speech(ground, Lexicon.of(words), ZoneOffset.UTC).cause(why);
    }

    /// That a mission failed and why, told in the language of its `words`.
    public String failed(String words, Cause why) {
        return Lexicon.of(words).say("mission-failed", "what", told(words, why));
    }

    /// What comes of `utterance`, which may answer the question asked before.
    public synchronized Reply say(Asker asker, String utterance, ZonedDateTime now) {
        var open = dialogue.take(asker, now.toInstant());
        if (open.isPresent() && isHarmless(utterance)) {
            var reply = answer(open.get(), asker, utterance, now);
            if (reply.isPresent()) return reply.get();
        }
        var result = understander.understand(utterance, asker, now);
        var turn = new Turn(ids.get(), asker, utterance, Lexicon.of(utterance), 1, now);
        return reply(turn, result);
    }

    private static boolean isHarmless(String utterance) {
        return !Emergency.isStop(utterance)
                && utterance.length() <= Understander.MAX_LENGTH
                && Screen.isClean(utterance);
    }

    /// One utterance of a dialogue.
    private record Turn(
            String mission, Asker asker, String utterance, Lexicon lexicon, int number, ZonedDateTime now) {}

    /// The reply to an answer; empty if it is none, but something new.
    private Optional<Reply> answer(Dialogue.Open open, Asker asker, String utterance, ZonedDateTime now) {
        var turn = new Turn(open.mission(), asker, utterance, open.lexicon(), open.turns() + 1, now);
        var parsed = Optional.of(open.parsed());
        var filled = dialogue.answered(open, utterance);
        if (filled.isPresent())
            return Optional.of(reply(
                    turn,
                    understander.settle(
                            new Parser.Parsed(filled.get(), open.parsed().receipt()), asker, now, open.lexicon())));
        var agreed = dialogue.agreed(open.lexicon(), utterance);
        if (agreed.isEmpty()) return Optional.empty();
        if (!agreed.get())
            return Optional.of(
                    end(turn, parsed, new NotUnderstood(open.lexicon().say("cancelled")), Optional.empty()));
        return open.work().map(work -> {
            var verdict = rehearsal.play(make(turn, work));
            return verdict.fault()
                    .map(fault -> failed(turn, parsed, fault))
                    .orElseGet(() -> job(turn, parsed, work, speech(turn).readBack(work), verdict));
        });
    }

    private Reply reply(Turn turn, Understander.Result result) {
        return switch (result.understanding()) {
            case Question question -> ask(turn, result, question, Optional.empty());
            case Understood(Mission.Work work, var text) -> {
                var verdict = rehearsal.play(make(turn, work));
                if (verdict.fault().isPresent())
                    yield failed(turn, result.proposal(), verdict.fault().get());
                var late = speech(turn).late(work, verdict);
                boolean unsure = result.proposal()
                        .filter(parsed -> parsed.proposal().unread() >= MANY_UNREAD)
                        .isPresent();
                if (!unsure && late.isEmpty() && !confirmation.isNeeded(work, turn.asker()))
                    yield job(turn, result.proposal(), work, text, verdict);
                String asked =
                        late.map(word -> word + " ").orElse("") + turn.lexicon().say("sure", "mission", text);
                yield ask(turn, result, sure(turn.lexicon(), asked), Optional.of(work));
            }
            case Understood(var mission, var text) -> {
                var event = event(turn, result.proposal(), result.understanding(), Optional.empty());
                yield new Reply(text, List.of(), event, Optional.of(mission), Optional.empty());
            }
            case Understanding.Refused refused -> end(turn, result.proposal(), refused, Optional.empty());
            case Understanding.Infeasible infeasible -> end(turn, result.proposal(), infeasible, Optional.empty());
            case NotUnderstood not -> end(turn, result.proposal(), not, Optional.empty());
        };
    }

    private static Question sure(Lexicon lexicon, String text) {
        var choices = List.of(new Choice("yes", lexicon.say("yes")), new Choice("no", lexicon.say("no")));
        return new Question(About.CONFIRM, text, choices);
    }

    private Speech speech(Turn turn) {
        return new Speech(ground, turn.lexicon(), turn.now().getZone());
    }

    private Reply ask(Turn turn, Understander.Result result, Question question, Optional<Mission.Work> work) {
        if (turn.number() > Dialogue.MAX_TURNS)
            return end(
                    turn,
                    result.proposal(),
                    new NotUnderstood(turn.lexicon().say("too-many-questions")),
                    Optional.empty());
        result.proposal()
                .ifPresent(parsed -> dialogue.ask(
                        turn.asker(),
                        new Dialogue.Open(
                                turn.mission(),
                                parsed,
                                result.slot(),
                                question,
                                turn.lexicon(),
                                turn.now().toInstant(),
                                turn.number(),
                                work)));
        var rehearsed = work.map(same -> "clean");
        return new Reply(
                question.text(),
                question.choices(),
                event(turn, result.proposal(), question, rehearsed),
                Optional.empty(),
                Optional.empty());
    }

    private Job make(Turn turn, Mission.Work work) {
        return Jobs.job(turn.mission(), work, turn.asker(), feasibility.kilograms(work), ground.premises());
    }

    /// The job, with when it will be done.
    private Reply job(
            Turn turn, Optional<Parser.Parsed> parsed, Mission.Work work, String text, Rehearsal.Verdict verdict) {
        var understanding = new Understood(work, text);
        var event = event(turn, parsed, understanding, Optional.of("clean"));
        String said =
                text + speech(turn).expected(verdict).map(word -> ". " + word).orElse("");
        return new Reply(said, List.of(), event, Optional.of(work), Optional.of(make(turn, work)));
    }

    private Reply failed(Turn turn, Optional<Parser.Parsed> parsed, Cause fault) {
        String text = turn.lexicon().say("rehearsal", "what", speech(turn).cause(fault));
        var infeasible = new Understanding.Infeasible(Why.REHEARSAL, fault.text(), text);
        return end(turn, parsed, infeasible, Optional.of(fault.text()));
    }

    private Reply end(
            Turn turn, Optional<Parser.Parsed> parsed, Understanding understanding, Optional<String> rehearsed) {
        var event = event(turn, parsed, understanding, rehearsed);
        return new Reply(understanding.text(), List.of(), event, Optional.empty(), Optional.empty());
    }

    private MissionEvent event(
            Turn turn, Optional<Parser.Parsed> parsed, Understanding understanding, Optional<String> rehearsed) {
        var event = new MissionEvent(
                turn.mission(),
                turn.asker().name(),
                commitment.apply(turn.utterance()),
                parsed.isPresent() ? parser.name() : "none",
                parsed.flatMap(Parser.Parsed::receipt),
                understanding,
                rehearsed);
        listener.accept(event);
        return event;
    }
}
