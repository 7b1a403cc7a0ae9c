package org.diwan.robots.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.Cause;

/// The fleet at one instant, for whoever looks at it.
///
/// @param jobs those that are not over, oldest first, then the last that are
/// @param strangers messages on topics of vehicles that are not enrolled
public record FleetView(Instant at, List<RobotView> robots, List<JobView> jobs, long strangers) {
    /// One vehicle.
    ///
    /// @param map the floor that it says it is on, as its position
    /// @param place it was last reported at
    /// @param ahead the places that it was told to go to, in order
    /// @param goal where its errand takes it next
    /// @param errand the id of its job, or of one of the fleet's own
    /// @param charge percent
    /// @param stops why it is to stand still
    /// @param needs what a person has to do before it can be ordered about
    /// @param refused how many of its messages were not taken, by reason
    public record RobotView(
            String serial,
            Condition condition,
            Optional<String> map,
            double x,
            double y,
            double theta,
            Optional<String> place,
            List<String> ahead,
            Optional<String> goal,
            Optional<String> errand,
            double charge,
            boolean charging,
            boolean driving,
            List<String> stops,
            Optional<String> needs,
            Map<String, Long> refused) {}

    /// A job as it stands.
    ///
    /// @param reason why it failed
    /// @param since when it came to stand so
    public record JobView(
            String id,
            Status status,
            Optional<String> vehicle,
            Optional<Cause> reason,
            Instant submitted,
            Instant since) {}

    /// What has become of a job.
    public enum Status {
        WAITING,
        /// A vehicle is on its way for it, or at it.
        UNDERWAY,
        DONE,
        FAILED,
        CANCELLED;

        /// Nothing follows.
        public boolean isOver() {
            return this == DONE || this == FAILED || this == CANCELLED;
        }
    }

    public FleetView {
        robots = List.copyOf(robots);
        jobs = List.copyOf(jobs);
    }
}
