package org.diwan.robots.fleet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Order.NodePosition;
import org.diwan.robots.vda5050.State;
import org.jspecify.annotations.Nullable;

/// Fleet control's side of the order protocol for one vehicle: what was released, what was answered, and how
/// the next update is stitched on (§6.1.2). No network, no clock, no map.
///
/// An update begins with the decision point, the last released node, exactly as it was sent before. Messages
/// are sent at most once, and an update whose predecessor was lost is refused; so there is one update under way
/// at a time: until a state shows it, it is sent [#again], and no other follows. Resending is harmless, a
/// vehicle ignores what it has (§6.1.4.5).
///
/// Edges carry neither trajectory nor corridor. Lanes of the map are straight, which is what a vehicle drives without
/// one (§7.3), and a corridor would let it out of the lane that is kept free for it. Both are optional, and one that
/// cannot drive without them says so in its factsheet (`REQUIRED`) and refuses the order.
final class OrderBook {
    /// A node to go to, with the edge before it.
    ///
    /// @param vertex in the road map
    /// @param again it is the place of the node before, once more, to act there (figure 7)
    /// @param speed the limit on the edge, metres per second
    record Leg(
            int vertex,
            boolean again,
            String nodeId,
            NodePosition position,
            @Nullable Double speed,
            List<Action> actions) {
        Leg {
            actions = List.copyOf(actions);
        }

        Leg with(List<Action> added) {
            return new Leg(vertex, again, nodeId, position, speed, added);
        }
    }

    /// A released node that was not reported past.
    record Step(long sequenceId, int vertex, boolean again, String nodeId) {}

    private final Deque<Step> base = new ArrayDeque<>();
    private @Nullable String orderId;
    private long updateId;
    private Order.@Nullable Node decision;
    private @Nullable Step passed;
    private boolean horizon;
    private @Nullable Order last;
    private boolean answered = true;
    private long firstHeader;
    private long lastHeader;
    private int sends;

    /// A new order, which begins where the vehicle is.
    Order start(Header header, String id, Leg first, List<Leg> released, List<Leg> planned) {
        base.clear();
        orderId = id;
        updateId = 0;
        passed = new Step(0, first.vertex(), false, first.nodeId());
        return write(header, node(first, 0, true), released, planned);
    }

    /// The next update: more of a base, another horizon.
    ///
    /// @throws IllegalStateException without an order, or while the last update is unanswered
    Order extend(Header header, List<Leg> released, List<Leg> planned) {
        if (decision == null || !answered) throw new IllegalStateException("order " + orderId + " waits for an answer");
        updateId++;
        return write(header, decision, released, planned);
    }

    private Order write(Header header, Order.Node first, List<Leg> released, List<Leg> planned) {
        var nodes = new ArrayList<Order.Node>();
        var edges = new ArrayList<Order.Edge>();
        nodes.add(first);
        decision = first;
        for (var leg : released) {
            add(nodes, edges, leg, true);
            decision = nodes.getLast();
            base.add(new Step(decision.sequenceId(), leg.vertex(), leg.again(), leg.nodeId()));
        }
        for (var leg : planned) add(nodes, edges, leg, false);
        horizon = !planned.isEmpty();
        answered = false;
        var order = new Order(header, id(), updateId, null, null, nodes, edges);
        last = order;
        firstHeader = header.headerId();
        lastHeader = firstHeader;
        sends = 1;
        return order;
    }

    private static void add(List<Order.Node> nodes, List<Order.Edge> edges, Leg leg, boolean released) {
        var from = nodes.getLast();
        edges.add(new Order.Edge(
                from.nodeId() + ":" + leg.nodeId(),
                from.sequenceId() + 1,
                null,
                released,
                leg.speed(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of()));
        nodes.add(node(leg, from.sequenceId() + 2, released));
    }

    private static Order.Node node(Leg leg, long sequenceId, boolean released) {
        return new Order.Node(leg.nodeId(), sequenceId, null, released, leg.position(), leg.actions());
    }

    /// The unanswered update under a new header.
    Order again(Header header) {
        var order = last;
        if (order == null) throw new IllegalStateException("nothing was sent");
        lastHeader = header.headerId();
        sends++;
        return new Order(header, order.orderId(), order.orderUpdateId(), null, null, order.nodes(), order.edges());
    }

    /// Whether a message of that number carried the last update.
    boolean hasHeader(long headerId) {
        return headerId >= firstHeader && headerId <= lastHeader;
    }

    /// How often the last update was sent.
    int sends() {
        return sends;
    }

    /// Whether a state is about the order in hand.
    boolean isMine(State state) {
        return state.orderId().equals(orderId);
    }

    /// Why a state of the order in hand cannot be: no update or node that was sent, or one passed before.
    Optional<Refusals.Reason> contradiction(State state) {
        var at = passed;
        if (state.orderUpdateId() > updateId) return Optional.of(Refusals.Reason.UNKNOWN_UPDATE);
        if (at == null || state.lastNodeSequenceId() < at.sequenceId()) return Optional.of(Refusals.Reason.BACKWARDS);
        if (decision == null || state.lastNodeSequenceId() > decision.sequenceId())
            return Optional.of(Refusals.Reason.BEYOND_BASE);
        // Who was on no node when it got the order names none before it comes to one.
        boolean first = at.sequenceId() == 0 && state.lastNodeId().isEmpty();
        boolean same = state.lastNodeSequenceId() == at.sequenceId()
                ? first || state.lastNodeId().equals(at.nodeId())
                : base.stream()
                        .anyMatch(step -> step.sequenceId() == state.lastNodeSequenceId()
                                && step.nodeId().equals(state.lastNodeId()));
        return same ? Optional.empty() : Optional.of(Refusals.Reason.UNKNOWN_UPDATE);
    }

    /// Takes a state of the order in hand that is no [#contradiction]; the nodes that it newly reports past.
    List<Step> report(State state) {
        if (state.orderUpdateId() == updateId) answered = true;
        var news = new ArrayList<Step>();
        while (!base.isEmpty() && base.element().sequenceId() <= state.lastNodeSequenceId()) {
            var step = base.remove();
            passed = step;
            news.add(step);
        }
        return news;
    }

    /// The vehicle will not take the last update: there is no use in sending it again.
    void refused() {
        answered = true;
    }

    /// The vehicle has no order any more, or is about to lose it.
    void drop() {
        base.clear();
        orderId = null;
        last = null;
        decision = null;
        horizon = false;
        answered = true;
    }

    String id() {
        return orderId == null ? "" : orderId;
    }

    boolean hasOrder() {
        return orderId != null;
    }

    long updateId() {
        return updateId;
    }

    /// Whether a state showed the last update.
    boolean isAnswered() {
        return answered;
    }

    /// Whether an update would begin with a node that has actions.
    boolean actsAtDecision() {
        return decision != null && !decision.actions().isEmpty();
    }

    boolean hasHorizon() {
        return horizon;
    }

    /// Released nodes that were not reported past, in order.
    List<Step> base() {
        return List.copyOf(base);
    }

    /// How many vertices of the way are released: nodes that repeat a place do not count.
    int released() {
        int count = 0;
        for (var step : base) if (!step.again()) count++;
        return count;
    }
}
