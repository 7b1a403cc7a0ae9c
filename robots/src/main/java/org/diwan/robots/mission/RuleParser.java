package org.diwan.robots.mission;

import java.time.LocalTime;
import java.util.Optional;

/// Reads utterances by rules: one grammar for all languages, words from the [Lexicon].
///
/// Pieces are gathered into clauses, one for each verb; within a clause things and places belong together in groups
/// (`coffee to 305 and tea to 306` are two). What a place does is said by the word before it (`to`, `إلى`), the letter
/// on it (`للغرفة`) or the particle behind it (`305호로`); where nothing says it, the verb does.
final class RuleParser implements Parser {
    private final Ground ground;

    RuleParser(Ground ground) {
        this.ground = ground;
    }

    @Override
    public String name() {
        return "rules";
    }

    /// Total: whatever the text, in time bounded by its length.
    @Override
    public Parsed parse(String utterance, String person, LocalTime now) {
        return new Parsed(proposal(utterance, now), Optional.empty());
    }

    private Proposal proposal(String utterance, LocalTime now) {
        return proposal(utterance, Lexicon.of(utterance), now);
    }

    /// What it proposes to who reads it in that language, whichever it is in.
    Proposal proposal(String utterance, Lexicon lexicon, LocalTime now) {
        var tagger = ground.tagger(lexicon);
        var tokens = tagger.tokens(utterance);
        var times = Times.of(tagger.pieces(tokens), now);
        var reading = new Reading(ground, lexicon, tokens);
        var pieces = times.rest();
        for (int i = 0; i < pieces.size(); i++)
            reading.take(pieces.get(i), pieces.stream().skip(i + 1).findFirst());
        return reading.proposal(times);
    }
}
