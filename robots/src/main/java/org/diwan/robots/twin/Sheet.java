package org.diwan.robots.twin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Factsheet.ActionType;
import org.diwan.robots.vda5050.Factsheet.LoadSet;
import org.diwan.robots.vda5050.Factsheet.Scope;
import org.diwan.robots.vda5050.Factsheet.Support;
import org.diwan.robots.vda5050.Outbox;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;
import org.jspecify.annotations.Nullable;

/// A kind of vehicle as its factsheet says it (§7.10), and back.
///
/// A factsheet says how fast, how large and how strong a vehicle is, and what it can do; not how long that takes, how
/// its battery is, nor how fast it begins to turn. In all of that it is a porter ([VehicleType#PORTER]), as where the
/// factsheet says nothing or zero, and what no porter can do takes [#UNKNOWN_SECONDS].
public final class Sheet {
    /// Of an action that nobody knows, which is what the fleet reckons for a stop.
    static final double UNKNOWN_SECONDS = 20;

    /// What is said beyond is held to be this: metres, seconds, radians and what is made of them.
    static final double LEAST = 0.05;

    static final double MOST = 20;

    /// Longest time in which something is taken up or set down, seconds.
    static final double LONGEST = 3_600;

    private static final String OF_EDGES = "order.edges.";

    private Sheet() {}

    /// What a vehicle of `type` says of itself, before it says it for the first time: whoever sends it puts its own
    /// header on it ([Factsheet#with]).
    public static Factsheet of(VehicleType type, Address address) {
        var version = address.version();
        var header = new Outbox(address).header(Topic.FACTSHEET, Instant.EPOCH);
        boolean three = version == Version.V3_0;
        return new Factsheet(
                header,
                new Factsheet.TypeSpecification(
                        type.name(),
                        "simulated",
                        three ? "DIFFERENTIAL" : "DIFF",
                        "CARRIER",
                        type.capacity(),
                        List.of("NATURAL"),
                        List.of("VIRTUAL_LINE_GUIDED"),
                        three ? List.of(ZoneSet.Type.values()) : List.of()),
                new Factsheet.PhysicalParameters(
                        0,
                        type.speed(),
                        three ? 0.0 : null,
                        three ? type.turning() : null,
                        type.acceleration(),
                        type.deceleration(),
                        type.height(),
                        type.height(),
                        2 * type.radius(),
                        2 * type.radius()),
                new Factsheet.ProtocolLimits(
                        new Factsheet.StringLengths(null, null, null, null, null, null, null),
                        type.follows("trajectory")
                                ? Map.of("trajectory.controlPoints", (long) Curve.MAX_POINTS)
                                : Map.of(),
                        new Factsheet.Timing(0, 0, 30.0, null)),
                new Factsheet.ProtocolFeatures(optional(type), actions(type, version)),
                new Factsheet.MobileRobotGeometry(List.of(), List.of(), List.of()),
                new Factsheet.LoadSpecification(List.of(), List.of()),
                null);
    }

    private static List<Factsheet.OptionalParameter> optional(VehicleType type) {
        var optional = new ArrayList<>(List.of(
                new Factsheet.OptionalParameter("order.nodes.nodePosition", Support.REQUIRED, null),
                new Factsheet.OptionalParameter("order.nodes.nodePosition.theta", Support.SUPPORTED, null),
                new Factsheet.OptionalParameter("order.nodes.nodePosition.allowedDeviationXY", Support.SUPPORTED, null),
                new Factsheet.OptionalParameter(
                        "order.nodes.nodePosition.allowedDeviationTheta", Support.SUPPORTED, null)));
        for (String member : new TreeSet<>(type.edgeMembers()))
            optional.add(new Factsheet.OptionalParameter(OF_EDGES + member, Support.SUPPORTED, null));
        return optional;
    }

    /// All predefined ones that it can do, and its own.
    private static List<ActionType> actions(VehicleType type, Version version) {
        var skills = type.skills();
        var scopes = new TreeMap<String, Set<Scope>>();
        for (String name : skills.keySet()) scopes.put(name, Set.of(Scope.NODE, Scope.EDGE));
        for (var action : PredefinedAction.values()) {
            String name = action.type(version);
            boolean instant = action.scopes().contains(Scope.INSTANT);
            if (action.since().compareTo(version) > 0 || action == PredefinedAction.UPDATE_CERTIFICATE) continue;
            if (instant || skills.containsKey(name)) scopes.put(name, action.scopes());
        }
        return scopes.entrySet().stream()
                .map(entry -> action(version, entry.getKey(), skills.get(entry.getKey()), entry.getValue()))
                .toList();
    }

    private static ActionType action(Version version, String name, @Nullable Skill skill, Set<Scope> scopes) {
        boolean three = version == Version.V3_0;
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

    /// The kind of vehicle that says so of itself. Its circle is as wide as it is long, or broad: corners count as
    /// round.
    public static VehicleType type(Factsheet sheet) {
        var porter = VehicleType.PORTER;
        var kind = sheet.typeSpecification();
        var body = sheet.physicalParameters();
        double deceleration = known(Math.abs(body.maximumDeceleration()), porter.deceleration());
        Double turning = body.maximumAngularSpeed();
        return new VehicleType(
                kind.seriesName(),
                known(body.maximumSpeed(), porter.speed()),
                known(body.maximumAcceleration(), porter.acceleration()),
                deceleration,
                Math.max(deceleration, porter.stopping()),
                turning == null ? porter.turning() : known(turning, porter.turning()),
                porter.turningAcceleration(),
                known(Math.max(body.width(), body.length()) / 2, porter.radius()),
                known(body.maximumHeight(), porter.height()),
                kind.maximumLoadMass(),
                porter.capacityWh(),
                porter.whPerMetre(),
                porter.idleWatts(),
                porter.chargingWatts(),
                edgeMembers(sheet),
                skills(sheet));
    }

    /// No more than a porter can use.
    private static Set<String> edgeMembers(Factsheet sheet) {
        var members = new TreeSet<String>();
        for (var said : sheet.protocolFeatures().optionalParameters())
            if (said.parameter().startsWith(OF_EDGES))
                members.add(said.parameter().substring(OF_EDGES.length()));
        members.retainAll(VehicleType.PORTER.edgeMembers());
        return members;
    }

    private static double known(double said, double otherwise) {
        return said > 0 ? Math.clamp(said, LEAST, MOST) : otherwise;
    }

    private static Map<String, Skill> skills(Factsheet sheet) {
        var sets = sheet.loadSpecification().loadSets();
        var skills = new ArrayList<Skill>();
        for (var action : sheet.protocolFeatures().mobileRobotActions()) {
            var scopes = action.actionScopes();
            if (!scopes.contains(Scope.NODE) && !scopes.contains(Scope.EDGE)) continue;
            var skill = usual(action.actionType());
            if (skill != null) skills.add(timed(adapted(skill, action), sets));
        }
        return VehicleType.skills(skills.toArray(Skill[]::new));
    }

    /// How a porter does it, or anybody; null of what is done by saying so alone, as enabling a map.
    private static @Nullable Skill usual(String name) {
        var porters = VehicleType.PORTER.skills().get(name);
        if (porters != null) return porters;
        boolean predefined = Stream.of(Version.values())
                .anyMatch(version -> PredefinedAction.of(version, name).isPresent());
        return predefined ? null : unknown(name);
    }

    /// An action of which no more than its name is known.
    public static Skill unknown(String name) {
        return Skill.of(name, UNKNOWN_SECONDS, UNKNOWN_SECONDS);
    }

    private static Skill adapted(Skill skill, ActionType action) {
        Boolean pauses = action.pauseAllowed();
        Boolean cancels = action.cancelAllowed();
        return new Skill(
                skill.actionType(),
                skill.least(),
                skill.most(),
                skill.preparation(),
                pauses == null ? skill.pauses() : pauses,
                cancels == null ? skill.cancels() : cancels,
                skill.wattHours(),
                skill.failure());
    }

    /// Takes as long as the sets of loads say, if any does.
    private static Skill timed(Skill skill, List<LoadSet> sets) {
        var said = sets.stream()
                .map(set -> switch (skill.actionType()) {
                    case "pick" -> set.pickTime();
                    case "drop" -> set.dropTime();
                    default -> null;
                })
                .filter(seconds -> seconds != null && seconds > 0)
                .mapToDouble(seconds -> Math.min(seconds, LONGEST))
                .summaryStatistics();
        if (said.getCount() == 0) return skill;
        return new Skill(
                skill.actionType(),
                said.getMin(),
                said.getMax(),
                /* preparation= */ 0,
                skill.pauses(),
                skill.cancels(),
                skill.wattHours(),
                skill.failure());
    }
}
