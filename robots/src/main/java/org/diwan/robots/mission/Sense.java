package org.diwan.robots.mission;

/// What a word of the lexicon does in a sentence.
///
/// @param value which one: of a verb `deliver`, of an item its name in the catalogue, of a number its digits
record Sense(Kind kind, String value) {
    /// Parts of speech, as far as missions need them.
    enum Kind {
        /// Says nothing: please, the, could you.
        FILLER,
        /// need, deliver, give, bring, fetch, collect, drop, go, come, patrol, guide, wait, return, charge,
        /// status, cancel.
        VERB,
        /// to, for, from, at: of the place beside it; mine: the speaker is there; being, is: something is there.
        ROLE,
        THEN,
        AND,
        OR,
        NOT,
        IF,
        /// What follows, up to a comma, is why.
        BECAUSE,
        /// The one who speaks, as a goal.
        ME,
        HERE,
        THERE,
        /// A thing named before.
        IT,
        /// A person named before.
        HIM,
        ITEM,
        /// Cup, piece, sheet: between a number and a thing.
        COUNTER,
        PERSON,
        /// urgent, low.
        PRIORITY,
        /// due, from, relative, within, noon, midnight, am, pm, clock, minute, hour, half, past, quarter-to.
        TIME,
        ROOM,
        FLOOR,
        TIMES,
        NUMBER,
        ORDINAL,
        YES,
        NO,
        /// Named in the building, see [Places].
        PLACE,
        UNKNOWN
    }
}
