package org.diwan.robots.mission;

import java.util.Optional;
import org.diwan.robots.fleet.Job;

/// A trial of a job in a model of the building, before anything moves.
@FunctionalInterface
public interface Rehearsal {
    /// Empty if it would go well, or what goes wrong.
    Optional<String> fault(Job job);
}
