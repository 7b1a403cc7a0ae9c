package org.diwan.robots.mission;

import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/// What a parser takes an utterance to ask for, in the speaker's own words: no name in it was looked up yet,
/// and nothing in it is permitted yet. Only the [Resolver] makes a [Mission] of it.
///
/// @param unread words that no rule could use; many of them make a readback necessary
record Proposal(
        Act act,
        List<Said> steps,
        Optional<String> priority,
        Optional<LocalTime> notBefore,
        Optional<LocalTime> due,
        int unread) {
    /// What kind of utterance it is.
    enum Act {
        WORK,
        STATUS,
        CANCEL,
        /// Says not to do something: no robot acts on that.
        NEGATED,
        /// Hangs on a condition that nobody here can watch.
        CONDITIONAL,
        NONE
    }

    /// What one step does.
    enum Verb {
        DELIVER,
        /// Deliver to the speaker unless told where.
        FETCH,
        COLLECT,
        DROP,
        GO,
        PATROL,
        GUIDE,
        WAIT,
        RETURN,
        CHARGE
    }

    /// One step.
    ///
    /// @param items none: what was named before
    /// @param to places, all of them; [#HERE] where the speaker is
    /// @param either whether only one of `to` is meant, and not said which
    /// @param count rounds or minutes, 0 where none were told
    record Said(Verb verb, List<Item> items, Optional<String> from, List<String> to, boolean either, int count) {
        Said {
            items = List.copyOf(items);
            to = List.copyOf(to);
        }
    }

    /// A thing by the words for it.
    record Item(String words, int count) {}

    /// Where the speaker is.
    static final String HERE = "@here";

    /// Begins the exact id of a place, as an answer to a question gives it; no utterance can hold it.
    static final String EXACT = "@";

    Proposal {
        steps = List.copyOf(steps);
    }
}
