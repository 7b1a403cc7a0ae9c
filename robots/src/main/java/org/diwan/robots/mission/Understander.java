package org.diwan.robots.mission;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/// The steps from an utterance to an understanding, whichever parser proposes.
final class Understander {
    /// Longest utterance, UTF-16 code units: a long sentence said aloud takes half a minute.
    static final int MAX_LENGTH = 500;

    private final Ground ground;
    private final Resolver resolver;
    private final Parser parser;
    private final RuleParser rules;

    Understander(Ground ground, Parser parser) {
        this.ground = ground;
        this.parser = parser;
        resolver = new Resolver(ground);
        rules = new RuleParser(ground);
    }

    /// What was understood, and what it was made of.
    ///
    /// @param proposal none where nobody was asked
    record Result(Understanding understanding, Optional<Parser.Parsed> proposal, Optional<Resolver.Slot> slot) {}

    /// Hears an emergency first, then refuses, then asks the parser, then settles.
    Result understand(String utterance, Asker asker, ZonedDateTime now) {
        var lexicon = Lexicon.of(utterance);
        var speech = new Speech(ground, lexicon, now.getZone());
        if (Emergency.isStop(utterance)) {
            var stop = new Mission.Stop();
            return alone(new Understanding.Understood(stop, speech.readBack(stop)));
        }
        if (utterance.length() > MAX_LENGTH)
            return alone(new Understanding.NotUnderstood(lexicon.say("too-wordy", "limit", MAX_LENGTH)));
        var broken = Screen.broken(utterance);
        if (broken.isPresent()) {
            String text = speech.refusal(broken.get(), "…");
            return alone(new Understanding.Refused(broken.get(), text));
        }
        var pieces = pieces(utterance);
        var forbidden = resolver.forbidden(pieces, asker, now, lexicon);
        if (forbidden.isPresent()) return alone(forbidden.get());
        // A forbidden sentence hides behind a longer one in another language, and from a model, but not from all
        // readings.
        for (String tag : Lexicon.TAGS) {
            var reading = rules.proposal(utterance, Lexicon.in(tag), now.toLocalTime());
            var refusal = resolver.refusal(reading, asker, now, lexicon);
            if (refusal.isPresent()) return alone(refusal.get());
            if (reading.act() != Proposal.Act.STATUS) continue;
            var others = resolver.ofOthers(pieces, asker, now, lexicon);
            if (others.isPresent()) return alone(others.get());
        }
        var parsed = parser.parse(utterance, asker.person(), now.toLocalTime());
        if (parsed.proposal().act() == Proposal.Act.NONE) { // nothing moves, but words may tell
            var others = resolver.ofOthers(pieces, asker, now, lexicon);
            if (others.isPresent()) return alone(others.get());
        }
        return settle(parsed, asker, now, lexicon);
    }

    /// As every language reads them: what is forbidden in one stays so beside many words of another.
    private List<Piece> pieces(String utterance) {
        return Lexicon.TAGS.stream()
                .map(tag -> ground.tagger(Lexicon.in(tag)))
                .flatMap(tagger -> tagger.pieces(tagger.tokens(utterance)).stream())
                .toList();
    }

    /// Settles a proposal, as it came or with answers filled in.
    Result settle(Parser.Parsed parsed, Asker asker, ZonedDateTime now, Lexicon lexicon) {
        var outcome = resolver.resolve(parsed.proposal(), asker, now, lexicon);
        return new Result(outcome.understanding(), Optional.of(parsed), outcome.slot());
    }

    private static Result alone(Understanding understanding) {
        return new Result(understanding, Optional.empty(), Optional.empty());
    }
}
