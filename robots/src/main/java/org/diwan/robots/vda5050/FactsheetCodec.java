package org.diwan.robots.vda5050;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.robots.vda5050.Factsheet.ActionType;
import org.diwan.robots.vda5050.Factsheet.BatteryCharging;
import org.diwan.robots.vda5050.Factsheet.ComponentVersion;
import org.diwan.robots.vda5050.Factsheet.Envelope2d;
import org.diwan.robots.vda5050.Factsheet.Envelope3d;
import org.diwan.robots.vda5050.Factsheet.LoadSet;
import org.diwan.robots.vda5050.Factsheet.LoadSpecification;
import org.diwan.robots.vda5050.Factsheet.MobileRobotConfiguration;
import org.diwan.robots.vda5050.Factsheet.MobileRobotGeometry;
import org.diwan.robots.vda5050.Factsheet.Network;
import org.diwan.robots.vda5050.Factsheet.OptionalParameter;
import org.diwan.robots.vda5050.Factsheet.ParameterType;
import org.diwan.robots.vda5050.Factsheet.PhysicalParameters;
import org.diwan.robots.vda5050.Factsheet.ProtocolFeatures;
import org.diwan.robots.vda5050.Factsheet.ProtocolLimits;
import org.diwan.robots.vda5050.Factsheet.StringLengths;
import org.diwan.robots.vda5050.Factsheet.Timing;
import org.diwan.robots.vda5050.Factsheet.TypeSpecification;
import org.diwan.robots.vda5050.Factsheet.Wheel;
import org.diwan.robots.vda5050.Factsheet.WheelPosition;

/// Factsheets (§7.10). Words of the sets that 2.1.0 closes are checked before they are written there; on
/// reading any word is taken.
final class FactsheetCodec {
    private static final Map<String, Set<String>> CLOSED_BEFORE_3 = Map.of(
            "mobileRobotKinematics", Set.of("DIFF", "OMNI", "THREEWHEEL"),
            "mobileRobotClass", Set.of("FORKLIFT", "CONVEYOR", "TUGGER", "CARRIER"),
            "localizationTypes", Set.of("NATURAL", "REFLECTOR", "RFID", "DMC", "SPOT", "GRID"),
            "navigationTypes", Set.of("PHYSICAL_LINE_GUIDED", "VIRTUAL_LINE_GUIDED", "AUTONOMOUS"),
            "type", Set.of("DRIVE", "CASTER", "FIXED", "MECANUM"));

    private FactsheetCodec() {}

    static void write(Out out, Factsheet factsheet) {
        out.put("typeSpecification", factsheet.typeSpecification(), FactsheetCodec::type);
        out.put("physicalParameters", factsheet.physicalParameters(), FactsheetCodec::physical);
        out.put("protocolLimits", factsheet.protocolLimits(), (o, limits) -> {
            o.put("maximumStringLengths", limits.maximumStringLengths(), FactsheetCodec::strings);
            o.put("maximumArrayLengths", limits.maximumArrayLengths(), (a, lengths) -> lengths.forEach(a::put));
            o.put("timing", limits.timing(), FactsheetCodec::timing);
        });
        out.put("protocolFeatures", factsheet.protocolFeatures(), (o, features) -> {
            o.list("optionalParameters", features.optionalParameters(), FactsheetCodec::optional);
            o.list("mobileRobotActions", features.mobileRobotActions(), FactsheetCodec::action);
        });
        out.put("mobileRobotGeometry", factsheet.mobileRobotGeometry(), (o, geometry) -> {
            o.optionalList("wheelDefinitions", geometry.wheelDefinitions(), FactsheetCodec::wheel);
            o.optionalList("envelopes2d", geometry.envelopes2d(), FactsheetCodec::envelope2d);
            o.optionalList("envelopes3d", geometry.envelopes3d(), FactsheetCodec::envelope3d);
        });
        out.put("loadSpecification", factsheet.loadSpecification(), (o, load) -> {
            o.optionalTexts("loadPositions", load.loadPositions());
            o.optionalList("loadSets", load.loadSets(), FactsheetCodec::loadSet);
        });
        out.put("mobileRobotConfiguration", factsheet.mobileRobotConfiguration(), FactsheetCodec::configuration);
    }

    static Factsheet factsheet(In in, Header header) {
        return new Factsheet(
                header,
                in.object("typeSpecification", FactsheetCodec::type),
                in.object("physicalParameters", FactsheetCodec::physical),
                in.object(
                        "protocolLimits",
                        i -> new ProtocolLimits(
                                i.object("maximumStringLengths", FactsheetCodec::strings),
                                i.object("maximumArrayLengths", FactsheetCodec::arrays),
                                i.object("timing", FactsheetCodec::timing))),
                in.object(
                        "protocolFeatures",
                        i -> new ProtocolFeatures(
                                i.list("optionalParameters", FactsheetCodec::optional),
                                i.list("mobileRobotActions", FactsheetCodec::action))),
                in.object(
                        "mobileRobotGeometry",
                        i -> new MobileRobotGeometry(
                                i.optionalList("wheelDefinitions", FactsheetCodec::wheel),
                                i.optionalList("envelopes2d", FactsheetCodec::envelope2d),
                                i.optionalList("envelopes3d", FactsheetCodec::envelope3d))),
                in.object(
                        "loadSpecification",
                        i -> new LoadSpecification(
                                i.optionalTexts("loadPositions"), i.optionalList("loadSets", FactsheetCodec::loadSet))),
                in.optionalObject("mobileRobotConfiguration", FactsheetCodec::configuration));
    }

    private static void type(Out out, TypeSpecification type) {
        out.put("seriesName", type.seriesName());
        out.put("seriesDescription", type.seriesDescription());
        closed(out, "mobileRobotKinematics", List.of(type.mobileRobotKinematics()));
        out.put("mobileRobotKinematics", type.mobileRobotKinematics());
        closed(out, "mobileRobotClass", List.of(type.mobileRobotClass()));
        out.put("mobileRobotClass", type.mobileRobotClass());
        out.put("maximumLoadMass", type.maximumLoadMass());
        closed(out, "localizationTypes", type.localizationTypes());
        out.texts("localizationTypes", type.localizationTypes());
        closed(out, "navigationTypes", type.navigationTypes());
        out.texts("navigationTypes", type.navigationTypes());
        if (!type.supportedZones().isEmpty()) out.choices("supportedZones", type.supportedZones());
    }

    private static void closed(Out out, String name, List<String> words) {
        var known = CLOSED_BEFORE_3.getOrDefault(name, Set.of());
        if (out.version() != Version.V3_0 && !known.containsAll(words))
            throw out.refused(name, words + " is not of " + known);
    }

    private static TypeSpecification type(In in) {
        return new TypeSpecification(
                in.text("seriesName"),
                in.optionalText("seriesDescription"),
                in.text("mobileRobotKinematics"),
                in.text("mobileRobotClass"),
                in.number("maximumLoadMass"),
                in.texts("localizationTypes"),
                in.texts("navigationTypes"),
                in.choices("supportedZones", ZoneSet.Type.class));
    }

    private static void physical(Out out, PhysicalParameters physical) {
        out.put("minimumSpeed", physical.minimumSpeed());
        out.put("maximumSpeed", physical.maximumSpeed());
        out.put("minimumAngularSpeed", physical.minimumAngularSpeed());
        out.put("maximumAngularSpeed", physical.maximumAngularSpeed());
        out.put("maximumAcceleration", physical.maximumAcceleration());
        out.put("maximumDeceleration", physical.maximumDeceleration());
        out.put("minimumHeight", physical.minimumHeight());
        out.put("maximumHeight", physical.maximumHeight());
        out.put("width", physical.width());
        out.put("length", physical.length());
    }

    private static PhysicalParameters physical(In in) {
        return new PhysicalParameters(
                in.number("minimumSpeed"),
                in.number("maximumSpeed"),
                in.optionalNumber("minimumAngularSpeed"),
                in.optionalNumber("maximumAngularSpeed"),
                in.number("maximumAcceleration"),
                in.number("maximumDeceleration"),
                in.optionalNumber("minimumHeight"),
                in.number("maximumHeight"),
                in.number("width"),
                in.number("length"));
    }

    private static void strings(Out out, StringLengths lengths) {
        out.put("maximumMessageLength", lengths.maximumMessageLength());
        out.put("maximumTopicSerialLength", lengths.maximumTopicSerialLength());
        out.put("maximumTopicElementLength", lengths.maximumTopicElementLength());
        out.put("maximumIdLength", lengths.maximumIdLength());
        out.put("idNumericalOnly", lengths.idNumericalOnly());
        out.put("enumLen", lengths.enumLen());
        out.put("maximumLoadIdLength", lengths.maximumLoadIdLength());
    }

    private static StringLengths strings(In in) {
        return new StringLengths(
                in.optionalCount("maximumMessageLength"),
                in.optionalCount("maximumTopicSerialLength"),
                in.optionalCount("maximumTopicElementLength"),
                in.optionalCount("maximumIdLength"),
                in.optionalFlag("idNumericalOnly"),
                in.optionalCount("enumLen"),
                in.optionalCount("maximumLoadIdLength"));
    }

    private static Map<String, Long> arrays(In in) {
        var lengths = new LinkedHashMap<String, Long>();
        for (String array : ProtocolLimits.ARRAYS) if (in.has(array)) lengths.put(array, in.count(array));
        return lengths;
    }

    private static void timing(Out out, Timing timing) {
        out.put("minimumOrderInterval", timing.minimumOrderInterval());
        out.put("minimumStateInterval", timing.minimumStateInterval());
        out.put("defaultStateInterval", timing.defaultStateInterval());
        out.put("visualizationInterval", timing.visualizationInterval());
    }

    private static Timing timing(In in) {
        return new Timing(
                in.number("minimumOrderInterval"),
                in.number("minimumStateInterval"),
                in.optionalNumber("defaultStateInterval"),
                in.optionalNumber("visualizationInterval"));
    }

    private static void optional(Out out, OptionalParameter parameter) {
        out.put("parameter", parameter.parameter());
        out.put("support", parameter.support());
        out.put("description", parameter.description());
    }

    private static OptionalParameter optional(In in) {
        return new OptionalParameter(
                in.text("parameter"), in.choice("support", Factsheet.Support.class), in.optionalText("description"));
    }

    private static void action(Out out, ActionType action) {
        out.put("actionType", action.actionType());
        out.put("actionDescription", action.actionDescription());
        out.choices("actionScopes", action.actionScopes());
        out.optionalList("actionParameters", action.actionParameters(), (o, parameter) -> {
            o.put("key", parameter.key());
            o.put("valueDataType", parameter.valueDataType());
            o.put("description", parameter.description());
            o.put("isOptional", parameter.isOptional());
        });
        out.put("actionResult", action.actionResult());
        if (!action.blockingTypes().isEmpty()) out.choices("blockingTypes", action.blockingTypes());
        out.put("pauseAllowed", action.pauseAllowed());
        out.put("cancelAllowed", action.cancelAllowed());
    }

    private static ActionType action(In in) {
        in.value("actionScopes");
        return new ActionType(
                in.text("actionType"),
                in.optionalText("actionDescription"),
                in.choices("actionScopes", Factsheet.Scope.class),
                in.optionalList(
                        "actionParameters",
                        i -> new ParameterType(
                                i.text("key"),
                                i.choice("valueDataType", Factsheet.ValueDataType.class),
                                i.optionalText("description"),
                                i.optionalFlag("isOptional"))),
                in.optionalText("actionResult"),
                in.choices("blockingTypes", Action.BlockingType.class),
                in.optionalFlag("pauseAllowed"),
                in.optionalFlag("cancelAllowed"));
    }

    private static void wheel(Out out, Wheel wheel) {
        closed(out, "type", List.of(wheel.type()));
        out.put("type", wheel.type());
        out.put("isActiveDriven", wheel.isActiveDriven());
        out.put("isActiveSteered", wheel.isActiveSteered());
        out.put("position", wheel.position(), (o, position) -> {
            o.put("x", position.x());
            o.put("y", position.y());
            o.put("theta", position.theta());
        });
        out.put("diameter", wheel.diameter());
        out.put("width", wheel.width());
        out.put("centerDisplacement", wheel.centerDisplacement());
        out.put("constraints", wheel.constraints());
    }

    private static Wheel wheel(In in) {
        return new Wheel(
                in.text("type"),
                in.flag("isActiveDriven"),
                in.flag("isActiveSteered"),
                in.object("position", i -> new WheelPosition(i.number("x"), i.number("y"), i.optionalNumber("theta"))),
                in.number("diameter"),
                in.number("width"),
                in.optionalNumber("centerDisplacement"),
                in.optionalText("constraints"));
    }

    private static void envelope2d(Out out, Envelope2d envelope) {
        out.put("envelope2dId", envelope.envelope2dId());
        out.list("vertices", envelope.vertices(), ZoneCodec::vertex);
        out.put("description", envelope.description());
    }

    private static Envelope2d envelope2d(In in) {
        return new Envelope2d(
                in.text("envelope2dId"), in.list("vertices", ZoneCodec::vertex), in.optionalText("description"));
    }

    private static void envelope3d(Out out, Envelope3d envelope) {
        out.put("envelope3dId", envelope.envelope3dId());
        out.put("format", envelope.format());
        out.put("data", envelope.data());
        out.put("url", envelope.url());
        out.put("description", envelope.description());
    }

    private static Envelope3d envelope3d(In in) {
        return new Envelope3d(
                in.text("envelope3dId"),
                in.text("format"),
                in.optionalValue("data"),
                in.optionalText("url"),
                in.optionalText("description"));
    }

    private static void loadSet(Out out, LoadSet set) {
        out.put("setName", set.setName());
        out.put("loadType", set.loadType());
        out.optionalTexts("loadPositions", set.loadPositions());
        out.put("boundingBoxReference", set.boundingBoxReference(), StateCodec::box);
        out.put("loadDimensions", set.loadDimensions(), StateCodec::dimensions);
        out.put("maximumWeight", set.maximumWeight());
        out.put("minimumLoadhandlingHeight", set.minimumLoadhandlingHeight());
        out.put("maximumLoadhandlingHeight", set.maximumLoadhandlingHeight());
        out.put("minimumLoadhandlingDepth", set.minimumLoadhandlingDepth());
        out.put("maximumLoadhandlingDepth", set.maximumLoadhandlingDepth());
        out.put("minimumLoadhandlingTilt", set.minimumLoadhandlingTilt());
        out.put("maximumLoadhandlingTilt", set.maximumLoadhandlingTilt());
        out.put("maximumSpeed", set.maximumSpeed());
        out.put("maximumAcceleration", set.maximumAcceleration());
        out.put("maximumDeceleration", set.maximumDeceleration());
        out.put("pickTime", set.pickTime());
        out.put("dropTime", set.dropTime());
        out.put("description", set.description());
    }

    private static LoadSet loadSet(In in) {
        return new LoadSet(
                in.text("setName"),
                in.text("loadType"),
                in.optionalTexts("loadPositions"),
                in.optionalObject("boundingBoxReference", StateCodec::box),
                in.optionalObject("loadDimensions", StateCodec::dimensions),
                in.optionalNumber("maximumWeight"),
                in.optionalNumber("minimumLoadhandlingHeight"),
                in.optionalNumber("maximumLoadhandlingHeight"),
                in.optionalNumber("minimumLoadhandlingDepth"),
                in.optionalNumber("maximumLoadhandlingDepth"),
                in.optionalNumber("minimumLoadhandlingTilt"),
                in.optionalNumber("maximumLoadhandlingTilt"),
                in.optionalNumber("maximumSpeed"),
                in.optionalNumber("maximumAcceleration"),
                in.optionalNumber("maximumDeceleration"),
                in.optionalNumber("pickTime"),
                in.optionalNumber("dropTime"),
                in.optionalText("description"));
    }

    private static void configuration(Out out, MobileRobotConfiguration configuration) {
        out.optionalList("versions", configuration.versions(), (o, version) -> {
            o.put("key", version.key());
            o.put("value", version.value());
        });
        out.put("network", configuration.network(), (o, network) -> {
            o.optionalTexts("dnsServers", network.dnsServers());
            o.optionalTexts("ntpServers", network.ntpServers());
            o.put("localIpAddress", network.localIpAddress());
            o.put("netmask", network.netmask());
            o.put("defaultGateway", network.defaultGateway());
        });
        out.put("batteryCharging", configuration.batteryCharging(), (o, charging) -> {
            o.put("criticalLowChargingLevel", charging.criticalLowChargingLevel());
            o.put("minimumDesiredChargingLevel", charging.minimumDesiredChargingLevel());
            o.put("maximumDesiredChargingLevel", charging.maximumDesiredChargingLevel());
            o.put("minimumChargingTime", charging.minimumChargingTime());
        });
    }

    private static MobileRobotConfiguration configuration(In in) {
        return new MobileRobotConfiguration(
                in.optionalList("versions", i -> new ComponentVersion(i.text("key"), i.text("value"))),
                in.optionalObject(
                        "network",
                        i -> new Network(
                                i.optionalTexts("dnsServers"),
                                i.optionalTexts("ntpServers"),
                                i.optionalText("localIpAddress"),
                                i.optionalText("netmask"),
                                i.optionalText("defaultGateway"))),
                in.optionalObject(
                        "batteryCharging",
                        i -> new BatteryCharging(
                                i.optionalNumber("criticalLowChargingLevel"),
                                i.optionalNumber("minimumDesiredChargingLevel"),
                                i.optionalNumber("maximumDesiredChargingLevel"),
                                i.optionalNumber("minimumChargingTime"))));
    }
}
