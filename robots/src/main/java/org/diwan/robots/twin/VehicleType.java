package org.diwan.robots.twin;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Factsheet.ActionType;
import org.diwan.robots.vda5050.Factsheet.Scope;
import org.diwan.robots.vda5050.Factsheet.Support;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;

/// A kind of vehicle with two driven wheels.
///
/// @param speed metres per second at most
/// @param acceleration metres per second, each second; as `deceleration`
/// @param stopping deceleration when the emergency stop is pressed
/// @param turning radians per second at most
/// @param turningAcceleration radians per second, each second
/// @param radius of the circle that it fits into, metres
/// @param capacity kilograms
/// @param capacityWh watt-hours of a full battery
/// @param idleWatts that it draws, always
/// @param skills by action type
public record VehicleType(
        String name,
        double speed,
        double acceleration,
        double deceleration,
        double stopping,
        double turning,
        double turningAcceleration,
        double radius,
        double height,
        double capacity,
        double capacityWh,
        double whPerMetre,
        double idleWatts,
        double chargingWatts,
        Map<String, Skill> skills) {
    /// A small delivery robot with a compartment: 1.2 m/s, 30 kg, a battery of 500 Wh, enough to drive for 8 h.
    public static final VehicleType PORTER = new VehicleType(
            "porter",
            1.2,
            0.6,
            0.8,
            2.0,
            1.5,
            2.0,
            0.35,
            1.1,
            30,
            500,
            0.012,
            20,
            400,
            skills(
                    new Skill("pick", 8, 15, 1, true, true, 0.5, 0),
                    new Skill("drop", 8, 15, 1, true, true, 0.5, 0),
                    Skill.of("finePositioning", 2, 4),
                    Skill.of("detectObject", 1, 3),
                    Skill.of("waitForTrigger", 0, 0),
                    Skill.of(Skill.WAIT, 0, 0),
                    Skill.of(Skill.OPEN_COMPARTMENT, 15, 60),
                    new Skill("startCharging", 2, 4, 0, false, true, 0, 0),
                    new Skill("stopCharging", 1, 2, 0, false, false, 0, 0)));

    public VehicleType {
        skills = Map.copyOf(skills);
    }

    /// By action type.
    public static Map<String, Skill> skills(Skill... skills) {
        var map = new TreeMap<String, Skill>();
        for (var skill : skills) map.put(skill.actionType(), skill);
        return map;
    }

    /// The same with other skills.
    public VehicleType with(Skill... others) {
        var map = new TreeMap<>(skills);
        map.putAll(skills(others));
        return new VehicleType(
                name,
                speed,
                acceleration,
                deceleration,
                stopping,
                turning,
                turningAcceleration,
                radius,
                height,
                capacity,
                capacityWh,
                whPerMetre,
                idleWatts,
                chargingWatts,
                map);
    }

    /// What it says of itself in `version` (§7.10).
    Factsheet factsheet(Version version, Header header) {
        boolean three = version == Version.V3_0;
        return new Factsheet(
                header,
                new Factsheet.TypeSpecification(
                        name,
                        "simulated",
                        three ? "DIFFERENTIAL" : "DIFF",
                        "CARRIER",
                        capacity,
                        List.of("NATURAL"),
                        List.of("VIRTUAL_LINE_GUIDED"),
                        three ? List.of(ZoneSet.Type.values()) : List.of()),
                new Factsheet.PhysicalParameters(
                        0,
                        speed,
                        three ? 0.0 : null,
                        three ? turning : null,
                        acceleration,
                        deceleration,
                        height,
                        height,
                        2 * radius,
                        2 * radius),
                new Factsheet.ProtocolLimits(
                        new Factsheet.StringLengths(null, null, null, null, null, null, null),
                        Map.of(),
                        new Factsheet.Timing(0, 0, 30.0, null)),
                new Factsheet.ProtocolFeatures(optional(), actions(version)),
                new Factsheet.MobileRobotGeometry(List.of(), List.of(), List.of()),
                new Factsheet.LoadSpecification(List.of(), List.of()),
                null);
    }

    private static List<Factsheet.OptionalParameter> optional() {
        return List.of(
                new Factsheet.OptionalParameter("order.nodes.nodePosition", Support.REQUIRED, null),
                new Factsheet.OptionalParameter("order.nodes.nodePosition.theta", Support.SUPPORTED, null),
                new Factsheet.OptionalParameter("order.nodes.nodePosition.allowedDeviationXY", Support.SUPPORTED, null),
                new Factsheet.OptionalParameter(
                        "order.nodes.nodePosition.allowedDeviationTheta", Support.SUPPORTED, null),
                new Factsheet.OptionalParameter("order.edges.maximumSpeed", Support.SUPPORTED, null),
                new Factsheet.OptionalParameter("order.edges.length", Support.SUPPORTED, null));
    }

    /// All predefined ones that it can do, and its own.
    private List<ActionType> actions(Version version) {
        var scopes = new TreeMap<String, Set<Scope>>();
        for (String name : skills.keySet()) scopes.put(name, Set.of(Scope.NODE, Scope.EDGE));
        for (var action : PredefinedAction.values()) {
            String name = action.type(version);
            boolean instant = action.scopes().contains(Scope.INSTANT);
            if (action.since().compareTo(version) > 0 || action == PredefinedAction.UPDATE_CERTIFICATE) continue;
            if (instant || skills.containsKey(name)) scopes.put(name, action.scopes());
        }
        return scopes.entrySet().stream()
                .map(entry -> action(version, entry.getKey(), entry.getValue()))
                .toList();
    }

    private ActionType action(Version version, String name, Set<Scope> scopes) {
        boolean three = version == Version.V3_0;
        var skill = skills.get(name);
        return new ActionType(
                name,
                null,
                scopes.stream()
                        .filter(scope -> three || scope != Scope.ZONE)
                        .sorted()
                        .toList(),
                List.of(),
                null,
                three ? List.of(BlockingType.values()) : List.of(),
                three ? (Boolean) (skill != null && skill.pauses()) : null,
                three ? (Boolean) (skill != null && skill.cancels()) : null);
    }
}
