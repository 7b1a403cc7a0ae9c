package org.diwan.robots.twin;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
/// @param edgeMembers the optional members of an order's edges that it can use
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
        Set<String> edgeMembers,
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
            Set.of("maximumSpeed", "length", "trajectory", "corridor"),
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
        edgeMembers = Set.copyOf(edgeMembers);
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
        return with(edgeMembers, map);
    }

    /// The same with these optional members of edges and no others.
    public VehicleType withEdgeMembers(Set<String> others) {
        return with(others, skills);
    }

    private VehicleType with(Set<String> otherMembers, Map<String, Skill> otherSkills) {
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
                otherMembers,
                otherSkills);
    }

    /// Whether it can use that optional member of an edge.
    boolean follows(String member) {
        return edgeMembers.contains(member);
    }
}
