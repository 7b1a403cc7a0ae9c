package org.diwan.robots.mission;

import java.time.LocalTime;
import java.util.Optional;

/// Makes proposals of utterances. Nothing hangs on its good will: what it proposes is held against the same rules.
interface Parser {
    /// What came of it.
    ///
    /// @param receipt of the answer, where a model was asked
    record Parsed(Proposal proposal, Optional<String> receipt) {}

    /// What `utterance` proposes.
    ///
    /// @param person whom it is about, for what a model's server keeps of it; empty for nobody
    /// @param now for `in ten minutes`
    Parsed parse(String utterance, String person, LocalTime now);

    /// What records call it.
    String name();
}
