package org.diwan.robots.mission;

import java.time.ZonedDateTime;
import java.util.Optional;

/// The steps from an utterance to an understanding, whichever parser proposes.
final class Understander {
    /// Longest utterance, UTF-16 code units: a long sentence said aloud takes half a minute.
    static final int MAX_LENGTH = 500;

    private final Ground ground;
    private final Resolver resolver;
    private final Parser parser;

    Understander(Ground ground, Parser parser) {
        this.ground = ground;
        this.parser = parser;
        resolver = new Resolver(ground);
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
        var parsed = parser.parse(utterance, now.toLocalTime());
        return settle(parsed, asker, now, lexicon);
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
