package org.diwan.robots.twin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Responses;
import org.diwan.robots.vda5050.State.ZoneRequest;
import org.diwan.robots.vda5050.State.ZoneRequestType;
import org.diwan.robots.vda5050.Vehicle;
import org.diwan.robots.vda5050.ZoneRequests;
import org.diwan.robots.vda5050.ZoneSet;
import org.diwan.robots.vda5050.ZoneSet.Rule;
import org.diwan.robots.vda5050.ZoneSets;
import org.jspecify.annotations.Nullable;

/// The zones around a vehicle: which it is in, which are ahead, what they ask of it (§6.4).
///
/// Contour-based zones begin and end where the circle does that the vehicle fits into, the others where its centre
/// does (§6.4.1). The vehicle keeps to the lines of its order, so `LINE_GUIDED` holds by itself, and
/// `PRIORITY` and `PENALTY`, which weigh routes, have nothing to weigh.
final class Surroundings implements Terrain {
    /// Metres of the base ahead in which it asks for zones.
    static final double FORESIGHT = 20;

    /// A direction within so many radians of a zone's is that direction.
    private static final double ALONG = 0.1;

    /// A limit of nothing lets a vehicle that is inside creep out, metres per second.
    private static final double CREEP = 0.05;

    /// A zone, or a private area where `rule` is null. The key tells apart one of each of the same name.
    private record Ground(
            String id, Area area, double radius, @Nullable Rule rule) {
        String key() {
            return rule == null ? "privacy/" + id : id;
        }
    }

    private final double radius;
    private final Site site;
    private final ZoneSets sets = new ZoneSets();
    private ZoneRequests requests = new ZoneRequests();
    private List<Ground> grounds = List.of();
    private String map = "";
    private final Map<String, Ground> inside = new LinkedHashMap<>();
    private final Set<String> granted = new HashSet<>();
    private int version;

    Surroundings(VehicleType type, Site site) {
        radius = type.radius();
        this.site = site;
    }

    /// The zone sets; after a change of them [#reset].
    ZoneSets sets() {
        return sets;
    }

    /// Changes whenever anything does that a route depends on.
    int version() {
        return version;
    }

    List<ZoneRequest> requests() {
        return requests.entries();
    }

    /// Other zones hold, and all that was asked is forgotten.
    void reset() {
        requests = new ZoneRequests();
        map = "";
        version++;
    }

    /// Nothing is asked any more (§6.6.7), but what it is in stays.
    void drop() {
        requests.keep(inside.keySet());
        version++;
    }

    private void load(String mapId) {
        map = mapId;
        var list = new ArrayList<Ground>();
        for (var it : site.privacy())
            if (it.mapId().equals(mapId)) list.add(new Ground(it.id(), new Area(it.outline()), radius, null));
        for (var zone : sets.zones(mapId))
            list.add(new Ground(
                    zone.zoneId(), new Area(zone.vertices()), isByContour(zone.rule()) ? radius : 0, zone.rule()));
        grounds = list;
        version++;
    }

    private static boolean isByContour(Rule rule) {
        return switch (rule) {
            case ZoneSet.Blocked _,
                    ZoneSet.LineGuided _,
                    ZoneSet.Release _,
                    ZoneSet.CoordinatedReplanning _,
                    ZoneSet.SpeedLimit _,
                    ZoneSet.Actions _ -> true;
            case ZoneSet.Priority _, ZoneSet.Penalty _, ZoneSet.Directed _, ZoneSet.Bidirected _ -> false;
        };
    }

    /// A zone of type `ACTION` whose border is crossed.
    record Crossing(String zoneId, ZoneSet.Actions rule) {}

    /// What a step led into and out of.
    record Step(List<Crossing> entered, List<Crossing> left) {
        static final Step NONE = new Step(List.of(), List.of());
    }

    /// The vehicle is at `pose`; `still`, and will be.
    Step at(Pose pose, boolean still) {
        if (!pose.mapId().equals(map)) load(pose.mapId());
        if (grounds.isEmpty() && inside.isEmpty()) return Step.NONE;
        var entered = new ArrayList<Crossing>();
        var left = new ArrayList<Crossing>();
        var now = new LinkedHashMap<String, Ground>();
        for (var ground : grounds)
            if (ground.area().touches(pose.x(), pose.y(), ground.radius())) now.put(ground.key(), ground);
        for (var ground : now.values()) {
            if (asks(ground)) requests.enter(ground.id());
            if (ground.equals(inside.get(ground.key()))) continue;
            if (ground.rule() instanceof ZoneSet.Actions rule) entered.add(new Crossing(ground.id(), rule));
        }
        for (var ground : inside.values()) {
            if (ground.equals(now.get(ground.key()))) continue;
            if (!now.containsKey(ground.key())) requests.leave(ground.id());
            if (ground.rule() instanceof ZoneSet.Actions rule) left.add(new Crossing(ground.id(), rule));
        }
        if (!now.keySet().equals(inside.keySet())) version++;
        inside.clear();
        inside.putAll(now);
        if (still) requests.standOutside(inside.keySet());
        return new Step(entered, left);
    }

    private static boolean asks(Ground ground) {
        return ground.rule() instanceof ZoneSet.Release || ground.rule() instanceof ZoneSet.CoordinatedReplanning;
    }

    @Override
    public List<Part> parts(Leg leg, String mapId) {
        if (grounds.isEmpty()) return List.of();
        var parts = new ArrayList<Part>();
        for (var ground : grounds) {
            boolean is = inside.containsKey(ground.key());
            boolean shut = isShut(ground, leg.heading());
            double speed = ground.rule() instanceof ZoneSet.SpeedLimit limit
                    ? Math.max(CREEP, limit.maximumSpeed())
                    : Double.POSITIVE_INFINITY;
            for (var interval : ground.area().along(leg, ground.radius()))
                parts.add(new Part(ground.key(), interval.from(), interval.to(), speed, shut, is));
        }
        return parts;
    }

    private boolean isShut(Ground ground, double heading) {
        return isForbidden(ground.rule(), heading) || (asks(ground) && !granted.contains(ground.id()));
    }

    /// Whether no grant would help.
    private static boolean isForbidden(@Nullable Rule rule, double heading) {
        return switch (rule) {
            case ZoneSet.Blocked _ -> true;
            case ZoneSet.SpeedLimit limit -> limit.maximumSpeed() <= 0;
            case ZoneSet.Directed it -> {
                double off = Math.abs(Pose.wrap(heading - it.direction()));
                yield switch (it.directedLimitation()) {
                    case SOFT -> false;
                    case RESTRICTED -> off > Math.PI / 2 + ALONG;
                    case STRICT -> off > ALONG;
                };
            }
            case ZoneSet.Bidirected it -> {
                double off = Math.abs(Pose.wrap(heading - it.direction()));
                yield it.bidirectedLimitation() == ZoneSet.BidirectedLimitation.RESTRICTED
                        && Math.min(off, Math.PI - off) > ALONG;
            }
            case ZoneSet.Release _,
                    ZoneSet.CoordinatedReplanning _,
                    ZoneSet.LineGuided _,
                    ZoneSet.Actions _,
                    ZoneSet.Priority _,
                    ZoneSet.Penalty _ -> false;
            case null -> false;
        };
    }

    /// Whether waiting at the border of `zoneId` is in vain.
    boolean isInVain(String zoneId) {
        for (var ground : grounds) if (ground.id().equals(zoneId)) return !asks(ground);
        return false;
    }

    /// Asks for what lies ahead on the base, lets go what does not, and sees what is granted.
    void foresee(Pose pose, Vehicle vehicle, Instant now) {
        if (grounds.stream().noneMatch(Surroundings::asks)) return;
        var needed = new HashSet<String>();
        var legs = legs(pose, vehicle, FORESIGHT);
        for (var leg : legs)
            for (var ground : grounds)
                if (asks(ground) && !ground.area().along(leg, ground.radius()).isEmpty()) needed.add(ground.id());
        requests.keep(needed);
        requests.expire(now);
        var holds = new HashSet<String>();
        for (var ground : grounds) {
            if (!asks(ground)) continue;
            if (requests.isGranted(ground.id(), now)) holds.add(ground.id());
            else if (needed.contains(ground.id()) || (inside.containsKey(ground.key()) && stops(ground)))
                ask(ground, pose, legs, now);
        }
        if (holds.equals(granted)) return;
        granted.clear();
        granted.addAll(holds);
        version++;
    }

    private void ask(Ground ground, Pose pose, List<Leg> legs, Instant now) {
        boolean path = ground.rule() instanceof ZoneSet.CoordinatedReplanning;
        requests.ask(
                ground.id(),
                sets.active(map).map(ZoneSet::zoneSetId).orElse(""),
                path ? ZoneRequestType.REPLANNING : ZoneRequestType.ACCESS,
                path ? path(pose, legs) : null,
                now);
    }

    /// The line that it means to take, as a curve of degree 1 (§6.8).
    private static Order.Trajectory path(Pose pose, List<Leg> legs) {
        var points = new ArrayList<Order.ControlPoint>();
        points.add(new Order.ControlPoint(pose.x(), pose.y(), 1));
        for (var leg : legs) {
            var end = leg.end(pose.mapId());
            points.add(new Order.ControlPoint(end.x(), end.y(), 1));
        }
        if (points.size() == 1) points.add(points.getFirst());
        var knots = new ArrayList<Double>();
        int last = points.size() - 1;
        knots.add(0.0);
        for (int i = 0; i <= last; i++) knots.add((double) i / last);
        knots.add(1.0);
        return new Order.Trajectory(1, knots, points);
    }

    private static List<Leg> legs(Pose pose, Vehicle vehicle, double length) {
        var legs = new ArrayList<Leg>();
        var nodes = vehicle.nodes();
        var edges = vehicle.edges();
        boolean on = vehicle.isOnEdge();
        var end = pose;
        double way = 0;
        for (int i = 0; i < nodes.size(); i++) {
            var at = nodes.get(i).nodePosition();
            if (!nodes.get(i).released() || at == null || !at.mapId().equals(pose.mapId()) || way > length) break;
            for (var leg : Course.along(end, on && i == 0, edges.get(i), at)) {
                legs.add(leg);
                way += leg.length();
                end = leg.end(pose.mapId());
            }
        }
        return legs;
    }

    /// Before grants are lost: what is so near that it cannot stand before it counts as entered already.
    ///
    /// @param rolls metres to a stand
    void commit(Pose pose, Vehicle vehicle, double rolls) {
        if (rolls == 0) return;
        double way = 0;
        for (var leg : legs(pose, vehicle, rolls)) {
            for (var ground : grounds) {
                if (!asks(ground)) continue;
                for (var interval : ground.area().along(leg, ground.radius()))
                    if (way + interval.from() <= rolls) requests.enter(ground.id());
            }
            way += leg.length();
        }
    }

    /// Fleet control answers.
    ///
    /// @return whether anything was asked by that name
    boolean answer(Responses.Response response, Instant now) {
        version++;
        return requests.answer(response, now);
    }

    /// Leases that have run out are over.
    void expire(Instant now) {
        version++;
        requests.expire(now);
    }

    /// When a lease runs out, or something may be asked for again.
    Optional<Instant> next(Instant now) {
        return requests.next(now);
    }

    /// Blocked zones that it is in.
    List<String> violated() {
        return inside.values().stream()
                .filter(ground -> ground.rule() instanceof ZoneSet.Blocked)
                .map(Ground::id)
                .toList();
    }

    /// `RELEASE` zones that it is in without a grant and has to stop in.
    List<String> lost() {
        return lost(ZoneSet.Release.class);
    }

    /// `COORDINATED_REPLANNING` zones that it is in without a grant.
    List<String> pathless() {
        return lost(ZoneSet.CoordinatedReplanning.class);
    }

    private List<String> lost(Class<? extends Rule> kind) {
        return inside.values().stream()
                .filter(ground -> kind.isInstance(ground.rule()) && stops(ground) && !granted.contains(ground.id()))
                .map(Ground::id)
                .toList();
    }

    private static boolean stops(Ground ground) {
        return !(ground.rule() instanceof ZoneSet.Release release)
                || release.releaseLossBehavior() == ZoneSet.Release.LossBehavior.STOP;
    }

    /// Private areas that it is in.
    List<String> privacy() {
        return inside.values().stream()
                .filter(ground -> ground.rule() == null)
                .map(Ground::id)
                .toList();
    }
}
