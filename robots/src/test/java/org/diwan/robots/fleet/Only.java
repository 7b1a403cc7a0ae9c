package org.diwan.robots.fleet;

import java.util.Optional;

/// Jobs for one vehicle.
public final class Only {
    private Only() {}

    /// `job`, for `vehicle` and no other.
    public static Job only(Job job, String vehicle) {
        return new Job(
                job.id(),
                job.stops(),
                job.priority(),
                job.notBefore(),
                job.due(),
                job.load(),
                job.permissions(),
                Optional.of(vehicle));
    }
}
