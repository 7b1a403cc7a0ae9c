package org.diwan.robots.vda5050;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a vehicle is, has and does; sent on every event, at least every 30 seconds (§6.6, §7.8).
///
/// @param maps from 2.1.0 on; `zoneSets`, the paths, the requests, `instantActionStates` and
///     `zoneActionStates` from 3.0.0 on; before, `actionStates` holds all
/// @param zoneSetId up to 2.1.0
/// @param loads null: the vehicle cannot tell; empty: none
public record State(
        Header header,
        List<MapEntry> maps,
        List<ZoneSetEntry> zoneSets,
        String orderId,
        long orderUpdateId,
        @Nullable String zoneSetId,
        String lastNodeId,
        long lastNodeSequenceId,
        List<NodeState> nodeStates,
        List<EdgeState> edgeStates,
        @Nullable PlannedPath plannedPath,
        @Nullable IntermediatePath intermediatePath,
        @Nullable Position mobileRobotPosition,
        @Nullable Velocity velocity,
        @Nullable List<Load> loads,
        boolean driving,
        @Nullable Boolean paused,
        @Nullable Boolean newBaseRequest,
        List<ZoneRequest> zoneRequests,
        List<EdgeRequest> edgeRequests,
        @Nullable Double distanceSinceLastNode,
        List<ActionState> actionStates,
        List<ActionState> instantActionStates,
        List<ActionState> zoneActionStates,
        PowerSupply powerSupply,
        OperatingMode operatingMode,
        List<Fault> errors,
        List<Info> information,
        SafetyState safetyState)
        implements Message {
    /// Whether a map or a zone set is in use.
    public enum Use {
        ENABLED,
        DISABLED
    }

    /// A map on the vehicle (§6.3.2).
    public record MapEntry(
            String mapId, String mapVersion, @Nullable String mapDescriptor, Use mapStatus) {}

    /// A zone set on the vehicle (§6.4.2).
    public record ZoneSetEntry(String zoneSetId, String mapId, Use zoneSetStatus) {}

    /// A node still to be traversed.
    public record NodeState(
            String nodeId,
            long sequenceId,
            @Nullable String nodeDescriptor,
            boolean released,
            @Nullable Pose nodePosition) {
        public NodeState {
            Check.uint32("sequenceId", sequenceId);
        }
    }

    /// Metres and radians on a map.
    public record Pose(double x, double y, @Nullable Double theta, String mapId) {
        public Pose {
            Check.finite("x", x);
            Check.finite("y", y);
            Check.angle("theta", theta);
        }
    }

    /// An edge still to be traversed.
    public record EdgeState(
            String edgeId,
            long sequenceId,
            @Nullable String edgeDescriptor,
            boolean released,
            Order.@Nullable Trajectory trajectory) {
        public EdgeState {
            Check.uint32("sequenceId", sequenceId);
        }
    }

    /// The way a freely navigating vehicle plans to take (§6.8).
    public record PlannedPath(Order.Trajectory trajectory, List<String> traversedNodes) {
        public PlannedPath {
            traversedNodes = List.copyOf(traversedNodes);
        }
    }

    /// The near part of it, with times (§6.8).
    public record IntermediatePath(List<Waypoint> polyline) {
        public IntermediatePath {
            polyline = List.copyOf(polyline);
        }
    }

    /// A point of the planned way.
    ///
    /// @param eta when the vehicle means to be there, to the millisecond
    public record Waypoint(double x, double y, @Nullable Double theta, Instant eta) {
        public Waypoint {
            Check.finite("x", x);
            Check.finite("y", y);
            Check.angle("theta", theta);
            eta = Check.time("eta", eta).truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /// Where the vehicle is, in metres and radians on a map.
    ///
    /// @param localizationScore in [0, 1]
    /// @param deviationRange metres
    public record Position(
            double x,
            double y,
            double theta,
            String mapId,
            boolean localized,
            @Nullable Double localizationScore,
            @Nullable Double deviationRange) {
        public Position {
            Check.finite("x", x);
            Check.finite("y", y);
            Check.angle("theta", theta);
            Check.between("localizationScore", localizationScore, 0, 1);
            Check.notNegative("deviationRange", deviationRange);
        }
    }

    /// Metres and radians per second, in the vehicle's own frame.
    public record Velocity(
            @Nullable Double vx,
            @Nullable Double vy,
            @Nullable Double omega) {
        public Velocity {
            Check.finite("vx", vx);
            Check.finite("vy", vy);
            Check.finite("omega", omega);
        }
    }

    /// Something carried.
    ///
    /// @param weight kilograms
    public record Load(
            @Nullable String loadId,
            @Nullable String loadType,
            @Nullable String loadPosition,
            @Nullable BoundingBoxReference boundingBoxReference,
            @Nullable LoadDimensions loadDimensions,
            @Nullable Double weight) {
        public Load {
            Check.notNegative("weight", weight);
        }
    }

    /// Centre of a load's footprint, in metres from the vehicle's.
    public record BoundingBoxReference(
            double x, double y, double z, @Nullable Double theta) {
        public BoundingBoxReference {
            Check.finite("x", x);
            Check.finite("y", y);
            Check.finite("z", z);
            Check.finite("theta", theta);
        }
    }

    /// Metres.
    public record LoadDimensions(
            double length, double width, @Nullable Double height) {
        public LoadDimensions {
            Check.notNegative("length", length);
            Check.notNegative("width", width);
            Check.notNegative("height", height);
        }
    }

    /// What has become of a request, as the vehicle sees it (§6.9).
    public enum RequestStatus {
        REQUESTED,
        GRANTED,
        REVOKED,
        EXPIRED
    }

    /// What is asked for.
    public enum ZoneRequestType {
        ACCESS,
        REPLANNING
    }

    /// To enter a `RELEASE` zone, or to replan in a `COORDINATED_REPLANNING` one (§6.4.3).
    public record ZoneRequest(
            String requestId,
            ZoneRequestType requestType,
            String zoneId,
            String zoneSetId,
            RequestStatus requestStatus,
            Order.@Nullable Trajectory trajectory) {}

    /// What is asked for.
    public enum EdgeRequestType {
        CORRIDOR
    }

    /// To use a corridor (§6.6.10).
    public record EdgeRequest(
            String requestId,
            EdgeRequestType requestType,
            String edgeId,
            long sequenceId,
            RequestStatus requestStatus) {
        public EdgeRequest {
            Check.uint32("sequenceId", sequenceId);
        }
    }

    /// Where an action stands (§6.6.9, table 12).
    public enum ActionStatus {
        WAITING,
        INITIALIZING,
        RUNNING,
        /// In the schemas from 3.0.0 on, as `RETRIABLE`.
        PAUSED,
        RETRIABLE,
        FINISHED,
        FAILED;

        /// Nothing follows.
        boolean ended() {
            return this == FINISHED || this == FAILED;
        }
    }

    /// An action that was ordered.
    public record ActionState(
            String actionId,
            @Nullable String actionType,
            @Nullable String actionDescriptor,
            ActionStatus actionStatus,
            @Nullable String actionResult) {}

    /// What is left in the battery.
    ///
    /// @param stateOfCharge percent
    /// @param batteryVoltage volts
    /// @param batteryCurrent amperes; from 3.0.0 on
    /// @param batteryHealth percent; whole in 2.0.0, as `range`
    /// @param range metres
    public record PowerSupply(
            double stateOfCharge,
            @Nullable Double batteryVoltage,
            @Nullable Double batteryCurrent,
            @Nullable Double batteryHealth,
            boolean charging,
            @Nullable Double range) {
        public PowerSupply {
            Check.between("stateOfCharge", stateOfCharge, 0, 100);
            Check.finite("batteryVoltage", batteryVoltage);
            Check.finite("batteryCurrent", batteryCurrent);
            Check.between("batteryHealth", batteryHealth, 0, 100);
            Check.notNegative("range", range);
        }
    }

    /// Who is in control (§6.6.6).
    public enum OperatingMode {
        /// From 3.0.0 on, as `INTERVENED`.
        STARTUP,
        AUTOMATIC,
        SEMIAUTOMATIC,
        INTERVENED,
        MANUAL,
        SERVICE,
        TEACH_IN;

        /// Table 11, last column.
        boolean takesOrders() {
            return this == AUTOMATIC || this == SEMIAUTOMATIC || this == INTERVENED;
        }
    }

    /// How bad an error is (§6.6.5.1); before 3.0.0 a warning or fatal.
    public enum ErrorLevel {
        WARNING,
        URGENT,
        CRITICAL,
        FATAL
    }

    /// An entry of `errors`.
    ///
    /// @param errorHint from 2.1.0 on; the translations from 3.0.0 on
    public record Fault(
            String errorType,
            List<Reference> errorReferences,
            @Nullable String errorDescription,
            List<Translation> errorDescriptionTranslations,
            @Nullable String errorHint,
            List<Translation> errorHintTranslations,
            ErrorLevel errorLevel) {
        public Fault {
            errorReferences = List.copyOf(errorReferences);
            errorDescriptionTranslations = List.copyOf(errorDescriptionTranslations);
            errorHintTranslations = List.copyOf(errorHintTranslations);
        }

        /// Without hint and translations.
        public static Fault of(String errorType, ErrorLevel level, String description, List<Reference> about) {
            return new Fault(errorType, about, description, List.of(), null, List.of(), level);
        }

        /// As [#of(String, ErrorLevel, String, List)].
        public static Fault of(String errorType, ErrorLevel level, String description, Reference... about) {
            return of(errorType, level, description, List.of(about));
        }
    }

    /// What an error or an information is about.
    public record Reference(String referenceKey, String referenceValue) {}

    /// A text in another language.
    ///
    /// @param translationKey language, ISO 639-1
    public record Translation(String translationKey, String translationValue) {}

    /// For people who look for faults; no logic may hang on it (§6.6.4).
    public record Info(
            String infoType,
            List<Reference> infoReferences,
            @Nullable String infoDescriptor,
            InfoLevel infoLevel) {
        public Info {
            infoReferences = List.copyOf(infoReferences);
        }
    }

    /// Whom an information is for.
    public enum InfoLevel {
        INFO,
        DEBUG
    }

    /// Why the vehicle may not move (§7.8).
    ///
    /// @param fieldViolation something is in a protective field
    public record SafetyState(EmergencyStop activeEmergencyStop, boolean fieldViolation) {}

    /// How an emergency stop has to be acknowledged.
    public enum EmergencyStop {
        /// Up to 2.1.0.
        AUTOACK,
        MANUAL,
        REMOTE,
        NONE
    }

    public State {
        Check.uint32("orderUpdateId", orderUpdateId);
        Check.uint32("lastNodeSequenceId", lastNodeSequenceId);
        Check.finite("distanceSinceLastNode", distanceSinceLastNode);
        maps = List.copyOf(maps);
        zoneSets = List.copyOf(zoneSets);
        nodeStates = List.copyOf(nodeStates);
        edgeStates = List.copyOf(edgeStates);
        loads = loads == null ? null : List.copyOf(loads);
        zoneRequests = List.copyOf(zoneRequests);
        edgeRequests = List.copyOf(edgeRequests);
        actionStates = List.copyOf(actionStates);
        instantActionStates = List.copyOf(instantActionStates);
        zoneActionStates = List.copyOf(zoneActionStates);
        errors = List.copyOf(errors);
        information = List.copyOf(information);
    }
}
