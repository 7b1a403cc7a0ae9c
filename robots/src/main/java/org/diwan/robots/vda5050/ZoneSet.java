package org.diwan.robots.vda5050;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Areas of one map in which special rules hold (§6.4, §7.6); from 3.0.0 on.
public record ZoneSet(
        Header header,
        String mapId,
        String zoneSetId,
        @Nullable String zoneSetDescriptor,
        List<Zone> zones) implements Message {
    /// An area and its rule.
    ///
    /// @param vertices a polygon of at least three corners
    public record Zone(String zoneId, @Nullable String zoneDescriptor, List<Vertex> vertices, Rule rule) {
        public Zone {
            if (vertices.size() < 3)
                throw new IllegalArgumentException("vertices has " + vertices.size() + ", must have 3 or more");
            vertices = List.copyOf(vertices);
        }
    }

    /// Metres on the map.
    public record Vertex(double x, double y) {
        public Vertex {
            Check.finite("x", x);
            Check.finite("y", y);
        }
    }

    /// The ten types (§6.4.1), each with its [Rule].
    public enum Type {
        BLOCKED,
        LINE_GUIDED,
        RELEASE,
        COORDINATED_REPLANNING,
        SPEED_LIMIT,
        ACTION,
        PRIORITY,
        PENALTY,
        DIRECTED,
        BIDIRECTED
    }

    /// What holds within a zone (§6.4.1).
    public sealed interface Rule {}

    /// No entry.
    public record Blocked() implements Rule {}

    /// Only along the order's trajectories.
    public record LineGuided() implements Rule {}

    /// Only with a grant; what to do inside when it is lost.
    public record Release(LossBehavior releaseLossBehavior) implements Rule {
        /// What to do when the grant is revoked or has expired.
        public enum LossBehavior {
            STOP,
            CONTINUE,
            EVACUATE
        }
    }

    /// No replanning without a grant.
    public record CoordinatedReplanning() implements Rule {}

    /// Metres per second.
    public record SpeedLimit(double maximumSpeed) implements Rule {
        public SpeedLimit {
            Check.finite("maximumSpeed", maximumSpeed);
        }
    }

    /// Actions on the way in, through and out.
    public record Actions(List<ZoneAction> entryActions, List<ZoneAction> duringActions, List<ZoneAction> exitActions)
            implements Rule {
        public Actions {
            entryActions = List.copyOf(entryActions);
            duringActions = List.copyOf(duringActions);
            exitActions = List.copyOf(exitActions);
        }
    }

    /// Preferred, from 0 (as no zone) to 1.
    public record Priority(double priorityFactor) implements Rule {
        public Priority {
            Check.between("priorityFactor", priorityFactor, 0, 1);
        }
    }

    /// Avoided, from 0 (as no zone) to 1 (only if there is no other way).
    public record Penalty(double penaltyFactor) implements Rule {
        public Penalty {
            Check.between("penaltyFactor", penaltyFactor, 0, 1);
        }
    }

    /// How much of a deviation is allowed.
    public enum DirectedLimitation {
        SOFT,
        RESTRICTED,
        STRICT
    }

    /// One way, in radians.
    public record Directed(double direction, DirectedLimitation directedLimitation) implements Rule {
        public Directed {
            Check.finite("direction", direction);
        }
    }

    /// How much of a deviation is allowed.
    public enum BidirectedLimitation {
        SOFT,
        RESTRICTED
    }

    /// That way or its opposite, in radians.
    public record Bidirected(double direction, BidirectedLimitation bidirectedLimitation) implements Rule {
        public Bidirected {
            Check.finite("direction", direction);
        }
    }

    /// An action without identity: the vehicle names each run of it.
    public record ZoneAction(
            String actionType,
            @Nullable String actionDescriptor,
            Action.BlockingType blockingType,
            List<Action.Parameter> actionParameters,
            @Nullable Boolean retriable) {
        public ZoneAction {
            actionParameters = List.copyOf(actionParameters);
        }
    }

    public ZoneSet {
        zones = List.copyOf(zones);
    }
}
