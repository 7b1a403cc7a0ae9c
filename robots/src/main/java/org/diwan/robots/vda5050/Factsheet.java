package org.diwan.robots.vda5050;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a type of vehicle is and can do (§6.10, §7.10). Metres, seconds, kilograms, radians.
///
/// @param mobileRobotConfiguration from 2.1.0 on
public record Factsheet(
        Header header,
        TypeSpecification typeSpecification,
        PhysicalParameters physicalParameters,
        ProtocolLimits protocolLimits,
        ProtocolFeatures protocolFeatures,
        MobileRobotGeometry mobileRobotGeometry,
        LoadSpecification loadSpecification,
        @Nullable MobileRobotConfiguration mobileRobotConfiguration)
        implements Message {
    /// The same under another header.
    public Factsheet with(Header next) {
        return new Factsheet(
                next,
                typeSpecification,
                physicalParameters,
                protocolLimits,
                protocolFeatures,
                mobileRobotGeometry,
                loadSpecification,
                mobileRobotConfiguration);
    }

    /// Kinematics, class and the two lists are open sets of words in 3.0.0, closed ones before.
    ///
    /// @param supportedZones from 3.0.0 on
    public record TypeSpecification(
            String seriesName,
            @Nullable String seriesDescription,
            String mobileRobotKinematics,
            String mobileRobotClass,
            double maximumLoadMass,
            List<String> localizationTypes,
            List<String> navigationTypes,
            List<ZoneSet.Type> supportedZones) {
        public TypeSpecification {
            Check.notNegative("maximumLoadMass", maximumLoadMass);
            localizationTypes = List.copyOf(localizationTypes);
            navigationTypes = List.copyOf(navigationTypes);
            supportedZones = List.copyOf(supportedZones);
        }
    }

    /// Bounds of motion and of size.
    ///
    /// @param minimumAngularSpeed from 3.0.0 on, as the maximum
    /// @param minimumHeight required in 3.0.0
    public record PhysicalParameters(
            double minimumSpeed,
            double maximumSpeed,
            @Nullable Double minimumAngularSpeed,
            @Nullable Double maximumAngularSpeed,
            double maximumAcceleration,
            double maximumDeceleration,
            @Nullable Double minimumHeight,
            double maximumHeight,
            double width,
            double length) {
        public PhysicalParameters {
            Check.notNegative("minimumSpeed", minimumSpeed);
            Check.notNegative("maximumSpeed", maximumSpeed);
            Check.notNegative("minimumAngularSpeed", minimumAngularSpeed);
            Check.notNegative("maximumAngularSpeed", maximumAngularSpeed);
            Check.notNegative("maximumAcceleration", maximumAcceleration);
            Check.finite("maximumDeceleration", maximumDeceleration);
            Check.finite("minimumHeight", minimumHeight);
            Check.finite("maximumHeight", maximumHeight);
            Check.finite("width", width);
            Check.finite("length", length);
        }
    }

    /// How long things may be, and how often they may come.
    ///
    /// @param maximumArrayLengths by the array's path, one of [#ARRAYS]; absent or 0: no limit
    public record ProtocolLimits(
            StringLengths maximumStringLengths, Map<String, Long> maximumArrayLengths, Timing timing) {
        /// The arrays that have a limit; the zones, the instant and the zone actions from 3.0.0 on.
        public static final List<String> ARRAYS = List.of(
                "order.nodes",
                "order.edges",
                "node.actions",
                "edge.actions",
                "actions.actionsParameters",
                "instantActions",
                "trajectory.knotVector",
                "trajectory.controlPoints",
                "zoneSet.zones",
                "state.nodeStates",
                "state.edgeStates",
                "state.loads",
                "state.actionStates",
                "state.instantActionStates",
                "state.zoneActionStates",
                "state.errors",
                "state.information",
                "error.errorReferences",
                "information.infoReferences");

        public ProtocolLimits {
            maximumArrayLengths.forEach((array, length) -> {
                if (!ARRAYS.contains(array))
                    throw new IllegalArgumentException("no array with a limit: " + array + ", known: " + ARRAYS);
                Check.uint32(array, length);
            });
            maximumArrayLengths = Map.copyOf(new TreeMap<>(maximumArrayLengths));
        }
    }

    /// Absent or 0: no limit.
    ///
    /// @param enumLen up to 2.1.0
    public record StringLengths(
            @Nullable Long maximumMessageLength,
            @Nullable Long maximumTopicSerialLength,
            @Nullable Long maximumTopicElementLength,
            @Nullable Long maximumIdLength,
            @Nullable Boolean idNumericalOnly,
            @Nullable Long enumLen,
            @Nullable Long maximumLoadIdLength) {
        public StringLengths {
            Check.uint32("maximumMessageLength", maximumMessageLength);
            Check.uint32("maximumTopicSerialLength", maximumTopicSerialLength);
            Check.uint32("maximumTopicElementLength", maximumTopicElementLength);
            Check.uint32("maximumIdLength", maximumIdLength);
            Check.uint32("enumLen", enumLen);
            Check.uint32("maximumLoadIdLength", maximumLoadIdLength);
        }
    }

    /// Seconds between two messages.
    public record Timing(
            double minimumOrderInterval,
            double minimumStateInterval,
            @Nullable Double defaultStateInterval,
            @Nullable Double visualizationInterval) {
        public Timing {
            Check.notNegative("minimumOrderInterval", minimumOrderInterval);
            Check.notNegative("minimumStateInterval", minimumStateInterval);
            Check.notNegative("defaultStateInterval", defaultStateInterval);
            Check.notNegative("visualizationInterval", visualizationInterval);
        }
    }

    /// Optional members that are understood, and actions that can be done.
    public record ProtocolFeatures(List<OptionalParameter> optionalParameters, List<ActionType> mobileRobotActions) {
        public ProtocolFeatures {
            optionalParameters = List.copyOf(optionalParameters);
            mobileRobotActions = List.copyOf(mobileRobotActions);
        }
    }

    /// A member that the vehicle understands or needs.
    ///
    /// @param parameter full path, as `order.nodes.nodePosition.allowedDeviationTheta`
    public record OptionalParameter(
            String parameter, Support support, @Nullable String description) {}

    /// How an optional member is treated; one that is not listed is not supported.
    public enum Support {
        SUPPORTED,
        REQUIRED
    }

    /// Where an action may stand; zones from 3.0.0 on.
    public enum Scope {
        INSTANT,
        NODE,
        EDGE,
        ZONE
    }

    /// What an action's argument is.
    public enum ValueDataType {
        BOOL,
        NUMBER,
        INTEGER,
        /// Up to 2.1.0.
        FLOAT,
        STRING,
        OBJECT,
        ARRAY
    }

    /// An action that the vehicle can do.
    ///
    /// @param blockingTypes from 3.0.0 on; 2.1.0 names them, but no value fits its schema
    /// @param pauseAllowed required in 3.0.0, as `cancelAllowed`; not before
    public record ActionType(
            String actionType,
            @Nullable String actionDescription,
            List<Scope> actionScopes,
            List<ParameterType> actionParameters,
            @Nullable String actionResult,
            List<Action.BlockingType> blockingTypes,
            @Nullable Boolean pauseAllowed,
            @Nullable Boolean cancelAllowed) {
        public ActionType {
            actionScopes = List.copyOf(actionScopes);
            actionParameters = List.copyOf(actionParameters);
            blockingTypes = List.copyOf(blockingTypes);
        }
    }

    /// An argument that an action takes.
    public record ParameterType(
            String key,
            ValueDataType valueDataType,
            @Nullable String description,
            @Nullable Boolean isOptional) {}

    /// Wheels and outlines, in the vehicle's frame.
    public record MobileRobotGeometry(
            List<Wheel> wheelDefinitions, List<Envelope2d> envelopes2d, List<Envelope3d> envelopes3d) {
        public MobileRobotGeometry {
            wheelDefinitions = List.copyOf(wheelDefinitions);
            envelopes2d = List.copyOf(envelopes2d);
            envelopes3d = List.copyOf(envelopes3d);
        }
    }

    /// One wheel.
    ///
    /// @param type an open set of words in 3.0.0, a closed one before
    public record Wheel(
            String type,
            boolean isActiveDriven,
            boolean isActiveSteered,
            WheelPosition position,
            double diameter,
            double width,
            @Nullable Double centerDisplacement,
            @Nullable String constraints) {
        public Wheel {
            Check.finite("diameter", diameter);
            Check.finite("width", width);
            Check.finite("centerDisplacement", centerDisplacement);
        }
    }

    /// Where a wheel sits, and which way a fixed one points.
    public record WheelPosition(
            double x, double y, @Nullable Double theta) {
        public WheelPosition {
            Check.finite("x", x);
            Check.finite("y", y);
            Check.finite("theta", theta);
        }
    }

    /// A closed polygon.
    public record Envelope2d(
            String envelope2dId,
            List<ZoneSet.Vertex> vertices,
            @Nullable String description) {
        public Envelope2d {
            vertices = List.copyOf(vertices);
        }
    }

    /// An outline in space.
    ///
    /// @param data an object of the form that `format` names; the caller leaves it alone afterwards
    /// @param description from 3.0.0 on: 2.1.0's schema wants an integer here
    public record Envelope3d(
            String envelope3dId,
            String format,
            @Nullable JsonNode data,
            @Nullable String url,
            @Nullable String description) {
        public Envelope3d {
            if (data != null && !Check.value("data", data).isObject())
                throw new IllegalArgumentException("data is not an object");
        }
    }

    /// What can be carried, and where.
    public record LoadSpecification(List<String> loadPositions, List<LoadSet> loadSets) {
        public LoadSpecification {
            loadPositions = List.copyOf(loadPositions);
            loadSets = List.copyOf(loadSets);
        }
    }

    /// A type of load, and how to handle it.
    public record LoadSet(
            String setName,
            String loadType,
            List<String> loadPositions,
            State.@Nullable BoundingBoxReference boundingBoxReference,
            State.@Nullable LoadDimensions loadDimensions,
            @Nullable Double maximumWeight,
            @Nullable Double minimumLoadhandlingHeight,
            @Nullable Double maximumLoadhandlingHeight,
            @Nullable Double minimumLoadhandlingDepth,
            @Nullable Double maximumLoadhandlingDepth,
            @Nullable Double minimumLoadhandlingTilt,
            @Nullable Double maximumLoadhandlingTilt,
            @Nullable Double maximumSpeed,
            @Nullable Double maximumAcceleration,
            @Nullable Double maximumDeceleration,
            @Nullable Double pickTime,
            @Nullable Double dropTime,
            @Nullable String description) {
        public LoadSet {
            loadPositions = List.copyOf(loadPositions);
            Check.notNegative("maximumWeight", maximumWeight);
            Check.notNegative("minimumLoadhandlingHeight", minimumLoadhandlingHeight);
            Check.notNegative("maximumLoadhandlingHeight", maximumLoadhandlingHeight);
            Check.finite("minimumLoadhandlingDepth", minimumLoadhandlingDepth);
            Check.finite("maximumLoadhandlingDepth", maximumLoadhandlingDepth);
            Check.finite("minimumLoadhandlingTilt", minimumLoadhandlingTilt);
            Check.finite("maximumLoadhandlingTilt", maximumLoadhandlingTilt);
            Check.notNegative("maximumSpeed", maximumSpeed);
            Check.notNegative("maximumAcceleration", maximumAcceleration);
            Check.finite("maximumDeceleration", maximumDeceleration);
            Check.notNegative("pickTime", pickTime);
            Check.notNegative("dropTime", dropTime);
        }
    }

    /// What is installed and how it is set.
    ///
    /// @param batteryCharging from 3.0.0 on
    public record MobileRobotConfiguration(
            List<ComponentVersion> versions,
            @Nullable Network network,
            @Nullable BatteryCharging batteryCharging) {
        public MobileRobotConfiguration {
            versions = List.copyOf(versions);
        }
    }

    /// A part's version, as `softwareVersion` `v1.12.4`.
    public record ComponentVersion(String key, String value) {}

    /// Addresses, for people.
    public record Network(
            List<String> dnsServers,
            List<String> ntpServers,
            @Nullable String localIpAddress,
            @Nullable String netmask,
            @Nullable String defaultGateway) {
        public Network {
            dnsServers = List.copyOf(dnsServers);
            ntpServers = List.copyOf(ntpServers);
        }
    }

    /// Levels in percent.
    ///
    /// @param minimumChargingTime seconds
    public record BatteryCharging(
            @Nullable Double criticalLowChargingLevel,
            @Nullable Double minimumDesiredChargingLevel,
            @Nullable Double maximumDesiredChargingLevel,
            @Nullable Double minimumChargingTime) {
        public BatteryCharging {
            Check.between("criticalLowChargingLevel", criticalLowChargingLevel, 0, 100);
            Check.between("minimumDesiredChargingLevel", minimumDesiredChargingLevel, 0, 100);
            Check.between("maximumDesiredChargingLevel", maximumDesiredChargingLevel, 0, 100);
            Check.notNegative("minimumChargingTime", minimumChargingTime);
        }
    }
}
