package org.diwan.robots.mission;

import java.time.Instant;
import java.util.Optional;
import org.diwan.robots.Cause;
import org.diwan.robots.fleet.Job;

/// A trial of a job in a model of the building, before anything moves.
@FunctionalInterface
public interface Rehearsal {
    /// What came of it.
    ///
    /// @param fault what goes wrong; empty if it would go well
    /// @param until when it would be done, or up to when it was tried; empty if that is not known
    /// @param done whether it would be done by then
    /// @param alone when it would be without other jobs, where it is late among them
    record Verdict(Optional<Cause> fault, Optional<Instant> until, boolean done, Optional<Instant> alone) {
        /// That goes wrong.
        public static Verdict failed(Cause fault) {
            return new Verdict(Optional.of(fault), Optional.empty(), false, Optional.empty());
        }
    }

    /// What would come of `job`.
    Verdict play(Job job);
}
