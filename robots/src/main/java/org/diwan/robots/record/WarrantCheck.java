package org.diwan.robots.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.Clearances;
import org.diwan.robots.fleet.Placement;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.sovereignty.ledger.VerificationException;

/// A vehicle's adapter asks it about every message: only what a warrant covers may pass.
///
/// It trusts the log's public keys and its own map, nothing else: not the fleet manager, not the broker.
/// An order that another one followed does not come again: whoever recorded it cannot have a job done twice.
/// What stops a vehicle always passes. One thread owns it.
public final class WarrantCheck {
    /// Warrants that are remembered; the oldest make room.
    public static final int MAX_WARRANTS = 64;

    /// Orders that are over and remembered: more than a vehicle can do in the day that a warrant lasts.
    public static final int MAX_PAST = 100_000;

    /// Instant actions that make nothing move that was not cleared, and ask or stop.
    private static final Set<String> ALWAYS = Set.of(
            "cancelOrder",
            "startPause",
            "stopPause",
            "stateRequest",
            "factsheetRequest",
            "logReport",
            "clearInstantActions",
            "clearZoneActions",
            "retry",
            "skipRetry",
            "stopCharging");

    /// @param actions those of the plan, by place
    private record Permit(JsonNode decided, Map<String, Set<JsonNode>> actions) {}

    private final Trust trust;
    private final Address self;
    private final RoadMap map;
    private final InstantSource clock;

    private final Map<String, Permit> permits = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Permit> eldest) {
            return size() > MAX_WARRANTS;
        }
    };

    private final Set<String> past = new LinkedHashSet<>();
    private String current = "";

    /// For the vehicle `self`.
    public WarrantCheck(Trust trust, Address self, RoadMap map, InstantSource clock) {
        this.trust = trust;
        this.self = self;
        this.map = map;
        this.clock = clock;
    }

    /// Where its warrants come.
    public String topic() {
        return Warrant.topic(self);
    }

    /// Takes a warrant, or says why not.
    public Optional<String> take(byte[] warrant) {
        try {
            var read = Warrant.parse(warrant);
            var decided = read.verified(trust);
            String type = decided.path("type").asText();
            boolean standing = type.equals("robot-standing");
            if (!standing && !type.equals("robot-decided")) return Optional.of("an entry of type " + type);
            if (!standing && !decided.path("verdict").asText().equals("permit"))
                return Optional.of("the decision was " + decided.path("verdict"));
            String vehicle = decided.path("vehicle").asText();
            if (!vehicle.equals(self.serialNumber()) && (standing || !vehicle.equals(OrderDesk.ANY)))
                return Optional.of("it is for vehicle " + vehicle);
            permits.put(standing ? Clearances.HOUSE : decided.path("job").asText(), new Permit(decided, actions(read)));
            return Optional.empty();
        } catch (VerificationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Set<JsonNode>> actions(Warrant warrant) throws VerificationException {
        var actions = new HashMap<String, Set<JsonNode>>();
        if (warrant.plan().isEmpty()) return actions;
        for (var stop : Warrant.tree(warrant.plan(), "the plan").path("stops")) {
            var at = actions.computeIfAbsent(stop.path("place").asText(), _ -> new HashSet<>());
            stop.path("actions").forEach(at::add);
        }
        return actions;
    }

    /// Why this message must not reach the vehicle; empty if it may.
    public Optional<String> refuse(Message message) {
        return switch (message) {
            case Order order -> refuse(order);
            case InstantActions instant ->
                instant.actions().stream()
                        .map(this::refuse)
                        .flatMap(Optional::stream)
                        .findFirst();
            default -> Optional.empty();
        };
    }

    private Optional<String> refuse(Action action) {
        String type = action.actionType();
        if (PredefinedAction.of(self.version(), type).equals(Optional.of(PredefinedAction.INITIALIZE_POSITION)))
            return placed(action);
        return ALWAYS.contains(type) || stands(type)
                ? Optional.empty()
                : Optional.of("no standing permission for the instant action " + type);
    }

    /// Where it is it is told as a warrant says, and not once more when it was told or ordered something else since.
    private Optional<String> placed(Action action) {
        String job = Placement.job(action.actionId()).orElse("");
        var permit = permits.get(job);
        if (permit == null || job.equals(Clearances.HOUSE))
            return Optional.of("no warrant for " + action.actionType() + " " + action.actionId());
        if (past.contains(job)) return Optional.of("job " + job + " is over");
        var late = expired(permit);
        if (late.isPresent()) return late;
        var named = new Action(
                Placement.TYPE, action.actionId(), null, action.blockingType(), action.actionParameters(), null);
        if (permit.actions().values().stream().noneMatch(planned -> planned.contains(JobText.node(named))))
            return Optional.of("the warrant of " + job + " says another position");
        follow(job);
        return Optional.empty();
    }

    private boolean stands(String action) {
        var permit = permits.get(Clearances.HOUSE);
        return permit != null
                && expired(permit).isEmpty()
                && names(permit.decided().path("actions"), action);
    }

    private Optional<String> refuse(Order order) {
        if (past.contains(order.orderId())) return Optional.of("order " + order.orderId() + " is over");
        var refusal = uncovered(order);
        if (refusal.isEmpty()) follow(order.orderId());
        return refusal;
    }

    /// What was followed before is over.
    private void follow(String next) {
        if (current.equals(next)) return;
        if (past.size() >= MAX_PAST) past.remove(past.iterator().next());
        past.add(current);
        current = next;
    }

    private Optional<String> uncovered(Order order) {
        int part = order.orderId().indexOf(Clearances.PART);
        String job = part < 0 ? order.orderId() : order.orderId().substring(0, part);
        boolean house = job.startsWith(Clearances.HOUSE);
        var permit = permits.get(house ? Clearances.HOUSE : job);
        if (permit == null) return Optional.of("no warrant for " + job);
        var late = expired(permit);
        if (late.isPresent()) return late;
        var inside = closed(order.nodes().getFirst(), permit);
        for (var node : order.nodes()) {
            for (var action : node.actions()) {
                boolean planned = house
                        ? names(permit.decided().path("actions"), action.actionType())
                        : permit.actions().getOrDefault(node.nodeId(), Set.of()).contains(JobText.node(action));
                if (!planned)
                    return Optional.of("the warrant of " + job + " has no " + action.actionType() + " "
                            + action.actionId() + " at " + node.nodeId());
            }
            var closed = closed(node, permit);
            for (String zone : closed)
                if (!inside.contains(zone))
                    return Optional.of(
                            "the warrant of " + job + " does not open zone " + zone + " at " + node.nodeId());
            inside = closed;
        }
        if (order.edges().stream().anyMatch(edge -> !edge.actions().isEmpty()))
            return Optional.of("the order has actions on edges, and no warrant has");
        return Optional.empty();
    }

    private Optional<String> expired(Permit permit) {
        try {
            var until = Instant.parse(permit.decided().path("until").asText());
            return clock.instant().isBefore(until) ? Optional.empty() : Optional.of("the warrant ended at " + until);
        } catch (DateTimeException e) {
            return Optional.of("the warrant does not say until when");
        }
    }

    /// The restricted zones around a node that the decision does not open. Who is in one may leave it, not enter it.
    private Set<String> closed(Order.Node node, Permit permit) {
        var closed = new HashSet<String>();
        map.find(node.nodeId()).stream()
                .flatMap(vertex -> map.zones(vertex).stream())
                .filter(zone -> zone.kind() == Zone.Kind.RESTRICTED)
                .map(Zone::id)
                .filter(zone -> !names(permit.decided().path("permissions"), zone))
                .forEach(closed::add);
        return closed;
    }

    private static boolean names(JsonNode list, String name) {
        for (var one : list) if (one.asText().equals(name)) return true;
        return false;
    }
}
