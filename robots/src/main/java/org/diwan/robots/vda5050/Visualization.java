package org.diwan.robots.vda5050;

import org.jspecify.annotations.Nullable;

/// Where the vehicle is, more often than its state says so (§6.7, §7.9).
///
/// @param referenceStateHeaderId of the last state; 3.0.0 requires it, the older versions lack it
public record Visualization(
        Header header,
        @Nullable Long referenceStateHeaderId,
        State.@Nullable PlannedPath plannedPath,
        State.@Nullable IntermediatePath intermediatePath,
        State.@Nullable Position mobileRobotPosition,
        State.@Nullable Velocity velocity)
        implements Message {
    public Visualization {
        Check.uint32("referenceStateHeaderId", referenceStateHeaderId);
    }
}
