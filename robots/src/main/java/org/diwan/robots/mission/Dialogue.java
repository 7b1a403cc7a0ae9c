package org.diwan.robots.mission;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.mission.Places.Target;
import org.diwan.robots.mission.Proposal.Item;
import org.diwan.robots.mission.Proposal.Said;
import org.diwan.robots.mission.Resolver.Slot;
import org.diwan.robots.mission.Sense.Kind;
import org.diwan.robots.mission.Understanding.About;
import org.diwan.robots.mission.Understanding.Choice;
import org.diwan.robots.mission.Understanding.Question;

/// Questions that wait for an answer, one for each speaker at most.
final class Dialogue {
    /// Speakers who are waited for; the one asked longest ago is forgotten.
    static final int MAX_OPEN = 1_000;

    /// Questions about one mission.
    static final int MAX_TURNS = 4;

    /// An answer that comes later is a new utterance.
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /// A question that waits.
    ///
    /// @param mission the id
    /// @param turns questions asked so far
    /// @param work to be confirmed, where that is the question
    record Open(
            String mission,
            Parser.Parsed parsed,
            Optional<Slot> slot,
            Question question,
            Lexicon lexicon,
            Instant asked,
            int turns,
            Optional<Mission.Work> work) {}

    private final Ground ground;
    private final Map<String, Open> open = new LinkedHashMap<>();

    Dialogue(Ground ground) {
        this.ground = ground;
    }

    void ask(Asker asker, Open question) {
        open.remove(asker.name());
        open.put(asker.name(), question);
        if (open.size() > MAX_OPEN) open.remove(open.keySet().iterator().next());
    }

    /// The question that `asker` was asked, which is open no more.
    Optional<Open> take(Asker asker, Instant now) {
        return Optional.ofNullable(open.remove(asker.name()))
                .filter(question -> question.asked().plus(PATIENCE).isAfter(now));
    }

    /// What `answer` makes of the proposal in question; empty if it is no answer.
    Optional<Proposal> answered(Open question, String answer) {
        if (question.slot().isEmpty()) return Optional.empty();
        var slot = question.slot().get();
        var lexicon = question.lexicon();
        var tagger = ground.tagger(lexicon);
        var pieces = tagger.pieces(tagger.tokens(answer));
        if (slot.about() == About.ITEM)
            return pieces.stream()
                    .filter(piece -> piece.is(Kind.ITEM))
                    .findFirst()
                    .map(piece -> filled(question.parsed().proposal(), slot, piece.value(Kind.ITEM)));
        return choice(question.question().choices(), pieces, Token.of(answer))
                .map(place -> filled(question.parsed().proposal(), slot, place));
    }

    /// The place that an answer names: by the choice's number, as a place, or by what sets its label apart.
    private Optional<String> choice(List<Choice> choices, List<Piece> pieces, List<Token> tokens) {
        boolean whole = pieces.stream().anyMatch(piece -> piece.is(Kind.ITEM));
        if (whole) return Optional.empty();
        var places = pieces.stream()
                .filter(piece -> piece.is(Kind.PLACE))
                .flatMap(piece -> piece.targets().stream())
                .map(Target::place)
                .distinct()
                .filter(place -> choices.isEmpty()
                        || choices.stream().anyMatch(choice -> choice.id().equals(place)))
                .toList();
        if (places.size() == 1) return Optional.of(places.getFirst());
        var apart = apart(choices, tokens);
        if (apart.isPresent()) return apart;
        return pieces.stream()
                .filter(Piece::isNumber)
                .map(Piece::number)
                .filter(number -> number >= 1 && number <= choices.size())
                .map(number -> choices.get(number - 1).id())
                .findFirst();
    }

    /// The only choice with a word of the answer that the others lack: B.
    private static Optional<String> apart(List<Choice> choices, List<Token> answer) {
        var found = new ArrayList<String>();
        for (var choice : choices) {
            var label = Token.of(choice.label()).stream().map(Token::text).toList();
            boolean named = answer.stream()
                    .filter(token -> !token.isNumber())
                    .map(Token::text)
                    .anyMatch(word -> label.contains(word)
                            && choices.stream()
                                            .filter(other -> Token.of(other.label()).stream()
                                                    .anyMatch(token ->
                                                            token.text().equals(word)))
                                            .count()
                                    == 1);
            if (named) found.add(choice.id());
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /// `proposal` with one place or thing said exactly.
    private static Proposal filled(Proposal proposal, Slot slot, String id) {
        var steps = new ArrayList<>(proposal.steps());
        var said = steps.get(slot.step());
        String exact = Proposal.EXACT + id;
        steps.set(
                slot.step(),
                switch (slot.about()) {
                    case ITEM ->
                        new Said(
                                said.verb(),
                                replaced(said.items(), slot.index(), exact),
                                said.from(),
                                said.to(),
                                said.either(),
                                said.count());
                    case SOURCE ->
                        new Said(said.verb(), said.items(), Optional.of(exact), said.to(), said.either(), said.count());
                    case PLACE, TASK, CONFIRM -> {
                        var to = said.either() ? new ArrayList<String>() : new ArrayList<>(said.to());
                        if (slot.index() < to.size()) to.set(slot.index(), exact);
                        else to.add(exact);
                        yield new Said(said.verb(), said.items(), said.from(), to, false, said.count());
                    }
                });
        return new Proposal(
                proposal.act(), steps, proposal.priority(), proposal.notBefore(), proposal.due(), proposal.unread());
    }

    private static List<Item> replaced(List<Item> items, int index, String exact) {
        var all = new ArrayList<>(items);
        if (index < all.size()) all.set(index, new Item(exact, all.get(index).count()));
        else all.add(new Item(exact, 1));
        return all;
    }

    /// Whether `answer` is a bare yes (true) or no (false).
    Optional<Boolean> agreed(Lexicon lexicon, String answer) {
        var tagger = ground.tagger(lexicon);
        var pieces = tagger.pieces(tagger.tokens(answer));
        if (pieces.stream().anyMatch(piece -> piece.is(Kind.NO) || piece.is(Kind.NOT) || piece.is(Kind.VERB, "cancel")))
            return Optional.of(false);
        return pieces.stream().anyMatch(piece -> piece.is(Kind.YES)) ? Optional.of(true) : Optional.empty();
    }
}
