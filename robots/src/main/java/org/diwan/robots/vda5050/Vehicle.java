package org.diwan.robots.vda5050;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.jspecify.annotations.Nullable;

/// A vehicle's side of the order protocol, without network, clock or motion: what it has been told, what
/// it may do next, what it reports. One thread owns it.
///
/// Its world calls [#arrive] when the next node counts as traversed, [#halt] when it stands still,
/// [#run] when an action is prepared and [#end] when it is over; after each call [#start] names the
/// actions to begin. Instant actions that the protocol leaves to the vehicle are [#report]ed by its world.
///
/// An order is a base, released and never changed again, and a horizon that each update replaces. An
/// update begins with the decision point, the last node of the base, sent again unchanged (§6.1.2):
///
/// ```
/// order  0:  f0 ═ d2 ═ g4 ─ b6 ─ h8        ═ released, the digits are sequenceIds
/// update 1:            g4 ═ b6 ═ h8 ─ i10   g is the decision point; now h is
/// ```
///
/// Table 9 has no error type of its own for an update that begins elsewhere; it is reported as
/// `VALIDATION_FAILURE`, as is a new order whose `orderUpdateId` is not 0 (figure 8, step 4).
public final class Vehicle {
    /// Instant actions that are remembered, and as many actions of zones; the oldest that have ended make room, and
    /// what comes where none has is passed over.
    public static final int MAX_INSTANT_ACTIONS = 100;

    /// Nodes still to be traversed that it can hold: 100 km of them a hundred metres apart.
    public static final int MAX_NODES = 1_000;

    private final Abilities abilities;
    private OperatingMode mode = OperatingMode.AUTOMATIC;
    private @Nullable Order last;
    private Order.@Nullable Node decision;
    private Order.@Nullable Node position;
    private Order.@Nullable Edge entered;
    private final Deque<Order.Node> nodes = new ArrayDeque<>();
    private final Deque<Order.Edge> edges = new ArrayDeque<>();
    private final ActionQueue actions = new ActionQueue();
    private final List<ActionState> instant = new ArrayList<>();
    private boolean paused;
    private boolean driving;
    private boolean cancelled;
    private @Nullable String cancelling;

    /// Standing, without an order, in automatic mode.
    public Vehicle(Abilities abilities) {
        this.abilities = abilities;
    }

    /// Takes an order or an update, or says why not and stays as it was. The very same update once more is
    /// ignored (§6.1.4.5). The steps are those of figure 8.
    public Optional<Rejection> receive(Order order) {
        var rejection = judge(order);
        if (rejection.isEmpty() && !isResent(order)) take(order);
        return rejection;
    }

    private Optional<Rejection> judge(Order order) {
        if (!mode.takesOrders()) return Optional.of(new Rejection.NotAvailable(mode));
        var fault = OrderForm.fault(order);
        if (fault.isPresent()) return Optional.of(new Rejection.Malformed(fault.get()));
        if (isResent(order)) return Optional.empty();
        var held = last;
        var misfit = held != null && held.orderId().equals(order.orderId()) ? update(held, order) : fresh(held, order);
        return misfit.or(() -> beyond(order));
    }

    /// Steps 3 to 5: a new order.
    private Optional<Rejection> fresh(@Nullable Order held, Order order) {
        if (held != null && !isIdle()) return Optional.of(new Rejection.OtherActive(held.orderId()));
        if (order.orderUpdateId() != 0)
            return Optional.of(
                    new Rejection.Malformed("a new order has orderUpdateId " + order.orderUpdateId() + ", must be 0"));
        var start = order.nodes().getFirst();
        if (start.sequenceId() != 0)
            return Optional.of(
                    new Rejection.Malformed("a new order has sequenceId " + start.sequenceId() + " first, must be 0"));
        var taken = OrderForm.actions(order)
                .filter(action -> actions.hasOfZone(action.actionId()))
                .findFirst();
        if (taken.isPresent())
            return Optional.of(
                    new Rejection.Malformed("actionId " + taken.get().actionId() + " is that of an action of a zone"));
        return abilities.isOn(start) ? Optional.empty() : Optional.of(new Rejection.StartOutOfRange(start.nodeId()));
    }

    /// Steps 6 to 10: an update.
    private Optional<Rejection> update(Order held, Order order) {
        if (order.orderUpdateId() < held.orderUpdateId())
            return Optional.of(new Rejection.OutdatedUpdate(held.orderUpdateId()));
        if (order.orderUpdateId() == held.orderUpdateId()) return Optional.of(new Rejection.SameUpdate());
        if (cancelled) return Optional.of(new Rejection.AfterCancel());
        if (!order.nodes().getFirst().equals(decision))
            return Optional.of(new Rejection.Malformed(
                    "an update begins with " + place(order.nodes().getFirst())
                            + ", must begin with the decision point unchanged, " + place(decision)));
        var gone = new HashSet<String>();
        for (var action : horizon()) gone.add(action.actionId());
        var again = OrderForm.actions(order)
                .skip(order.nodes().getFirst().actions().size())
                .filter(action -> actions.has(action.actionId()) && !gone.contains(action.actionId()))
                .findFirst();
        return again.map(action -> new Rejection.Malformed("actionId " + action.actionId() + " was given before"));
    }

    private static String place(Order.@Nullable Node node) {
        return node == null ? "none" : node.nodeId() + " at " + node.sequenceId();
    }

    private Optional<Rejection> beyond(Order order) {
        int count = nodes.size() + order.nodes().size();
        if (count > MAX_NODES) return Optional.of(new Rejection.TooLong(count, MAX_NODES));
        for (var node : order.nodes()) {
            var at = node.nodePosition();
            if (at != null && !abilities.knows(at.mapId())) return Optional.of(new Rejection.UnknownMap(at.mapId()));
        }
        var parameter = abilities.unsupported(order);
        if (parameter.isPresent()) return Optional.of(new Rejection.UnsupportedParameter(parameter.get()));
        var action = OrderForm.actions(order).filter(a -> !abilities.can(a)).findFirst();
        if (action.isPresent())
            return Optional.of(new Rejection.InvalidAction(action.get().actionId()));
        for (int i = 0; i < order.edges().size(); i++) {
            var node = order.nodes().get(i + 1);
            if (!abilities.reaches(order.nodes().get(i), order.edges().get(i), node))
                return Optional.of(new Rejection.NoRoute(node.nodeId()));
        }
        return Optional.empty();
    }

    private boolean isResent(Order order) {
        return last != null
                && last.orderId().equals(order.orderId())
                && last.orderUpdateId() == order.orderUpdateId()
                && last.nodes().equals(order.nodes())
                && last.edges().equals(order.edges());
    }

    /// Step 11. The first node is where the vehicle is, or will come to: it is not to be reached again.
    private void take(Order order) {
        boolean update = last != null && last.orderId().equals(order.orderId());
        if (update) {
            actions.remove(horizon());
            nodes.removeIf(node -> !node.released());
            edges.removeIf(edge -> !edge.released());
        } else {
            var start = order.nodes().getFirst();
            actions.removeOrder();
            cancelled = false;
            position = start;
            start.actions().forEach(actions::add);
            actions.trigger(start.actions());
        }
        nodes.addAll(order.nodes().subList(1, order.nodes().size()));
        edges.addAll(order.edges());
        for (int i = 0; i < order.edges().size(); i++) {
            order.edges().get(i).actions().forEach(actions::add);
            order.nodes().get(i + 1).actions().forEach(actions::add);
        }
        decision = OrderForm.decision(order.nodes());
        last = order;
    }

    private List<Action> horizon() {
        var gone = new ArrayList<Action>();
        for (var node : nodes) if (!node.released()) gone.addAll(node.actions());
        for (var edge : edges) if (!edge.released()) gone.addAll(edge.actions());
        return gone;
    }

    /// The instant actions that [#receive(Action)] does; all others are the vehicle's own to do and to [#report].
    public static final Set<String> OWN_ACTIONS = Set.of(
            "cancelOrder", "startPause", "stopPause", "retry", "skipRetry", "clearInstantActions", "clearZoneActions");

    /// Does one of [#OWN_ACTIONS]. The outcome is in [#instantActionStates]; one that was given before is ignored.
    ///
    /// @return the error type to report; empty if there is none
    public Optional<String> receive(Action action) {
        if (knowsInstant(action.actionId())) return Optional.empty();
        return switch (action.actionType()) {
            case "cancelOrder" -> cancel(action);
            case "startPause" -> pause(action, true);
            case "stopPause" -> pause(action, false);
            case "retry" ->
                done(action, argument(action, "actionId").filter(actions::retry).isPresent());
            case "skipRetry" ->
                done(action, argument(action, "actionId").filter(this::skip).isPresent());
            case "clearInstantActions" -> {
                clearInstantActions();
                yield done(action, true);
            }
            case "clearZoneActions" -> {
                clearZoneActions();
                yield done(action, true);
            }
            default -> done(action, false);
        };
    }

    private Optional<String> done(Action action, boolean success) {
        report(action, success ? ActionStatus.FINISHED : ActionStatus.FAILED, null);
        return success ? Optional.empty() : Optional.of("INVALID_INSTANT_ACTION");
    }

    private boolean skip(String actionId) {
        boolean can =
                actions.status(actionId).filter(ActionStatus.RETRIABLE::equals).isPresent();
        if (can) actions.end(actionId, ActionStatus.FAILED, null);
        return can;
    }

    /// The text of an action's argument of that name.
    public static Optional<String> argument(Action action, String key) {
        return action.actionParameters().stream()
                .filter(parameter -> parameter.key().equals(key))
                .map(parameter -> parameter.value().asText())
                .findFirst();
    }

    /// Forgets the instant actions that have ended; before 3.0.0, where nobody can ask for it.
    public void clearInstantActions() {
        instant.removeIf(state -> state.actionStatus().ended());
    }

    /// Forgets the actions of zones that have ended.
    public void clearZoneActions() {
        actions.clearZones();
    }

    /// Whether [#MAX_INSTANT_ACTIONS] are remembered.
    public boolean isFull() {
        return instant.size() >= MAX_INSTANT_ACTIONS;
    }

    /// Whether an instant action of that name was reported.
    public boolean knowsInstant(String actionId) {
        return instant.stream().anyMatch(state -> state.actionId().equals(actionId));
    }

    /// §6.1.3: waiting actions fail, running ones that may be cancelled too; FINISHED once all is still.
    private Optional<String> cancel(Action action) {
        var wanted = argument(action, "orderId");
        boolean other = wanted.isPresent() && (last == null || !wanted.get().equals(last.orderId()));
        if (last == null || isIdle() || cancelled || other) {
            report(action, ActionStatus.FAILED, null);
            return Optional.of("NO_ORDER_TO_CANCEL");
        }
        report(action, ActionStatus.RUNNING, null);
        cancelling = action.actionId();
        clear();
        return Optional.empty();
    }

    private Optional<String> pause(Action action, boolean on) {
        if (mode == OperatingMode.INTERVENED || !mode.takesOrders()) return done(action, false);
        paused = on;
        if (on) actions.pause(abilities::pauses);
        else actions.resume();
        return done(action, true);
    }

    /// Stops executing, as at `startHibernation` (§6.6.7); the identity of the order and the last node stay.
    public void clear() {
        if (last == null || isIdle()) return;
        cancelled = true;
        nodes.clear();
        edges.clear();
        entered = null;
        actions.cancel(abilities::cancels);
        settle();
    }

    /// The modes in which fleet control is out clear the order (table 11).
    public void mode(OperatingMode next) {
        mode = next;
        if (!next.takesOrders()) clear();
    }

    /// Who is in control.
    public OperatingMode mode() {
        return mode;
    }

    /// The actions to begin now, in this order; each will [#end].
    public List<Action> start() {
        return paused ? List.of() : actions.start(abilities::prepares);
    }

    /// Actions of a zone whose border was crossed queue up behind those of the order (§6.4.1.1).
    public void enterZone(List<Action> zoneActions) {
        for (var action : zoneActions) actions.addOfZone(action, MAX_INSTANT_ACTIONS);
    }

    /// A zone is left: its actions that have not ended are over, run ones finished, others failed.
    public void leaveZone(List<Action> zoneActions) {
        actions.leave(zoneActions.stream()
                .filter(action -> actions.has(action.actionId()))
                .toList());
    }

    /// An action that [Abilities#prepares] has done so and runs, or is paused at once.
    public void run(String actionId) {
        actions.run(
                actionId,
                paused
                        && actions.action(actionId)
                                .map(Action::actionType)
                                .filter(abilities::pauses)
                                .isPresent());
    }

    /// An action that [#start] named is over. If it failed and is `retriable` it waits for `retry` or `skipRetry`.
    ///
    /// @throws IllegalArgumentException if it was not running
    public void end(String actionId, boolean success) {
        end(actionId, success, null);
    }

    /// As [#end(String, boolean)], with what came out.
    public void end(String actionId, boolean success, @Nullable String result) {
        boolean retriable = !cancelled && actions.isRetriable(actionId);
        actions.end(
                actionId,
                success ? ActionStatus.FINISHED : retriable ? ActionStatus.RETRIABLE : ActionStatus.FAILED,
                result);
        settle();
    }

    /// Where an action of the order or of a zone stands.
    public Optional<ActionStatus> status(String actionId) {
        return actions.status(actionId);
    }

    /// Whether it may drive on: the next edge is released, nothing queued forbids it, no pause (table 3).
    public boolean mayDrive() {
        var next = edges.peek();
        return next != null
                && next.released()
                && !paused
                && actions.letsDrive()
                && (mode == OperatingMode.AUTOMATIC || mode == OperatingMode.SEMIAUTOMATIC);
    }

    /// Drives off, or on; at a node that enters the next edge and triggers its actions (§6.6.2).
    ///
    /// @throws IllegalStateException unless [#mayDrive]
    public void drive() {
        if (!mayDrive()) throw new IllegalStateException("it may not drive");
        driving = true;
        if (entered == null) {
            entered = edges.element();
            actions.trigger(entered.actions());
        }
    }

    /// Rolls over a node onto the next released edge although it [#mayDrive] no longer: it could not stop before.
    ///
    /// @throws IllegalStateException if there is none
    public void roll() {
        if (entered != null) return;
        var next = edges.peek();
        if (next == null || !next.released()) throw new IllegalStateException("no released edge follows");
        entered = next;
        actions.trigger(next.actions());
    }

    /// Whether it has entered the edge to the next node.
    public boolean isOnEdge() {
        return entered != null;
    }

    /// Stands still, on an edge or a node.
    public void halt() {
        driving = false;
        settle();
    }

    /// The next node counts as traversed: the edge before it is left, its actions end, the node's queue up.
    ///
    /// @throws IllegalStateException if it is on no edge
    public void arrive() {
        if (entered == null) throw new IllegalStateException("it is on no edge of the order");
        actions.leave(entered.actions());
        edges.remove();
        entered = null;
        var node = nodes.remove();
        position = node;
        actions.trigger(node.actions());
    }

    private void settle() {
        if (cancelling != null && !driving && actions.allEnded()) {
            String id = cancelling;
            cancelling = null;
            instant.replaceAll(state -> state.actionId().equals(id)
                    ? new ActionState(id, state.actionType(), null, ActionStatus.FINISHED, null)
                    : state);
        }
    }

    /// Where an instant action stands; the last word about it counts. Nothing is remembered of one too many.
    public void report(Action action, ActionStatus status, @Nullable String result) {
        var state = new ActionState(action.actionId(), action.actionType(), action.actionDescriptor(), status, result);
        for (int i = 0; i < instant.size(); i++) {
            if (!instant.get(i).actionId().equals(action.actionId())) continue;
            instant.set(i, state);
            return;
        }
        if (instant.size() >= MAX_INSTANT_ACTIONS)
            instant.stream()
                    .filter(old -> old.actionStatus().ended())
                    .findFirst()
                    .ifPresent(instant::remove);
        if (!isFull()) instant.add(state);
    }

    /// Nothing to traverse and nothing under way (§6.6.8).
    public boolean isIdle() {
        return nodes.isEmpty() && edges.isEmpty() && cancelling == null && actions.allEnded();
    }

    /// The last order or update that was taken.
    public Optional<Order> order() {
        return Optional.ofNullable(last);
    }

    /// The last node that was traversed.
    public Optional<Order.Node> lastNode() {
        return Optional.ofNullable(position);
    }

    /// The first of [#nodes].
    public Optional<Order.Node> nextNode() {
        return Optional.ofNullable(nodes.peek());
    }

    /// The nodes still to be traversed, base before horizon.
    public List<Order.Node> nodes() {
        return List.copyOf(nodes);
    }

    /// The edges still to be traversed, base before horizon.
    public List<Order.Edge> edges() {
        return List.copyOf(edges);
    }

    /// The actions of the order, base and horizon (§6.6.9.1).
    public List<ActionState> actionStates() {
        return actions.states(false);
    }

    /// The actions of zones that were entered (§7.8).
    public List<ActionState> zoneActionStates() {
        return actions.states(true);
    }

    /// What became of instant actions, oldest first.
    public List<ActionState> instantActionStates() {
        return List.copyOf(instant);
    }

    /// Between `startPause` and `stopPause`.
    public boolean isPaused() {
        return paused;
    }

    /// Between [#drive] and the next stop.
    public boolean isDriving() {
        return driving;
    }
}
