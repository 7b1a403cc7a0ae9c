package org.diwan.robots.vda5050;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.Factsheet.Scope;
import org.diwan.robots.vda5050.Factsheet.ValueDataType;
import org.diwan.robots.vda5050.Order.Corridor.ReferencePoint;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.State.EmergencyStop;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.OperatingMode;

/// The versions that are spoken, and every word in which an older one differs from 3.0.0.
///
/// Tables are keyed by a member's name in 3.0.0, or by its object's and its own (`edges.maximumSpeed`)
/// where the name alone is ambiguous. From the schemas at github.com/VDA5050/VDA5050, tags 2.0.0 and
/// 2.1.0, and branch main for 3.0.0, whose tagged schemas are broken.
public enum Version {
    V2_0("2.0.0"),
    V2_1("2.1.0"),
    V3_0("3.0.0");

    private static final Map<String, String> NAMES_BEFORE_3 = Map.ofEntries(
            entry("edges.maximumSpeed", "maxSpeed"),
            entry("maximumMobileRobotHeight", "maxHeight"),
            entry("minimumLoadHandlingDeviceHeight", "minHeight"),
            entry("corridorReferencePoint", "corridorRefPoint"),
            entry("nodeDescriptor", "nodeDescription"),
            entry("edgeDescriptor", "edgeDescription"),
            entry("actionDescriptor", "actionDescription"),
            entry("mapDescriptor", "mapDescription"),
            entry("infoDescriptor", "infoDescription"),
            entry("actionResult", "resultDescription"),
            entry("mobileRobotPosition", "agvPosition"),
            entry("localized", "positionInitialized"),
            entry("powerSupply", "batteryState"),
            entry("stateOfCharge", "batteryCharge"),
            entry("range", "reach"),
            entry("activeEmergencyStop", "eStop"),
            // the factsheet
            entry("mobileRobotKinematics", "agvKinematic"),
            entry("mobileRobotClass", "agvClass"),
            entry("maximumLoadMass", "maxLoadMass"),
            entry("minimumSpeed", "speedMin"),
            entry("physicalParameters.maximumSpeed", "speedMax"),
            entry("physicalParameters.maximumAcceleration", "accelerationMax"),
            entry("physicalParameters.maximumDeceleration", "decelerationMax"),
            entry("minimumHeight", "heightMin"),
            entry("maximumHeight", "heightMax"),
            entry("maximumStringLengths", "maxStringLens"),
            entry("maximumMessageLength", "msgLen"),
            entry("maximumTopicSerialLength", "topicSerialLen"),
            entry("maximumTopicElementLength", "topicElemLen"),
            entry("maximumIdLength", "idLen"),
            entry("maximumLoadIdLength", "loadIdLen"),
            entry("maximumArrayLengths", "maxArrayLens"),
            entry("minimumOrderInterval", "minOrderInterval"),
            entry("minimumStateInterval", "minStateInterval"),
            entry("mobileRobotActions", "agvActions"),
            entry("mobileRobotGeometry", "agvGeometry"),
            entry("envelope2dId", "set"),
            entry("envelopes2d.vertices", "polygonPoints"),
            entry("envelope3dId", "set"),
            entry("maximumWeight", "maxWeight"),
            entry("minimumLoadhandlingHeight", "minLoadhandlingHeight"),
            entry("maximumLoadhandlingHeight", "maxLoadhandlingHeight"),
            entry("minimumLoadhandlingDepth", "minLoadhandlingDepth"),
            entry("maximumLoadhandlingDepth", "maxLoadhandlingDepth"),
            entry("minimumLoadhandlingTilt", "minLoadhandlingTilt"),
            entry("maximumLoadhandlingTilt", "maxLoadhandlingTilt"),
            entry("loadSets.maximumSpeed", "agvSpeedLimit"),
            entry("loadSets.maximumAcceleration", "agvAccelerationLimit"),
            entry("loadSets.maximumDeceleration", "agvDecelerationLimit"),
            entry("mobileRobotConfiguration", "vehicleConfig"));

    private static final Set<String> SINCE_2_1 =
            Set.of("maps", "corridor", "orientationType", "errorHint", "mobileRobotConfiguration");

    private static final Set<String> SINCE_3 = Set.of(
            "reachOrientationBeforeEntering",
            "releaseRequired",
            "releaseLossBehavior",
            "retriable",
            "zoneSets",
            "plannedPath",
            "intermediatePath",
            "zoneRequests",
            "edgeRequests",
            "instantActionStates",
            "zoneActionStates",
            "errorDescriptionTranslations",
            "errorHintTranslations",
            "referenceStateHeaderId",
            "batteryCurrent",
            "supportedZones",
            "minimumAngularSpeed",
            "maximumAngularSpeed",
            "zoneSet.zones",
            "state.instantActionStates",
            "state.zoneActionStates",
            "pauseAllowed",
            "cancelAllowed",
            "batteryCharging",
            // No array satisfies its `enum` of strings in 2.1.0, and no text the type integer.
            "blockingTypes",
            "envelopes3d.description");

    private static final Set<String> UNTIL_2_1 =
            Set.of("order.zoneSetId", "state.zoneSetId", "rotationAllowed", "enumLen");

    /// Optional in the records because the older versions lack them, or do without.
    private static final Set<String> REQUIRED_SINCE_3 =
            Set.of("referenceStateHeaderId", "minimumHeight", "pauseAllowed", "cancelAllowed");

    private static final Map<Enum<?>, String> WORDS_BEFORE_3 = Map.of(
            ConnectionState.CONNECTION_BROKEN, "CONNECTIONBROKEN",
            OperatingMode.TEACH_IN, "TEACHIN",
            ReferencePoint.KINEMATIC_CENTER, "KINEMATICCENTER");

    private static final Set<Enum<?>> WORDS_SINCE_3 = Set.of(
            BlockingType.SINGLE,
            ConnectionState.HIBERNATING,
            OperatingMode.STARTUP,
            OperatingMode.INTERVENED,
            ActionStatus.PAUSED,
            ActionStatus.RETRIABLE,
            ErrorLevel.URGENT,
            ErrorLevel.CRITICAL,
            Scope.ZONE);

    private static final Set<Enum<?>> WORDS_UNTIL_2_1 = Set.of(EmergencyStop.AUTOACK, ValueDataType.FLOAT);

    private final String text;

    Version(String text) {
        this.text = text;
    }

    /// As in the header: `2.1.0`.
    public String text() {
        return text;
    }

    /// How this version spells a member of an object; empty if it has none such. Both names are those of
    /// 3.0.0; for the members of an array's objects, `object` is the array's.
    Optional<String> member(String object, String name) {
        String full = object + "." + name;
        if (this != V3_0 && (SINCE_3.contains(name) || SINCE_3.contains(full))) return Optional.empty();
        if (this == V2_0 && SINCE_2_1.contains(name)) return Optional.empty();
        if (this == V3_0 && (UNTIL_2_1.contains(name) || UNTIL_2_1.contains(full))) return Optional.empty();
        if (this == V3_0) return Optional.of(name);
        if (this == V2_0 && name.equals("allowedDeviationXY")) return Optional.of("allowedDeviationXy");
        String old = NAMES_BEFORE_3.get(full);
        return Optional.of(old != null ? old : NAMES_BEFORE_3.getOrDefault(name, name));
    }

    /// Whether a member that others do without must be there.
    boolean requires(String name) {
        return this == V3_0 && REQUIRED_SINCE_3.contains(name);
    }

    /// How this version spells a constant; empty if it has none such.
    Optional<String> word(Enum<?> value) {
        if (this == V3_0) return WORDS_UNTIL_2_1.contains(value) ? Optional.empty() : Optional.of(value.name());
        if (WORDS_SINCE_3.contains(value)) return Optional.empty();
        return Optional.of(WORDS_BEFORE_3.getOrDefault(value, value.name()));
    }
}
