package org.diwan.robots.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.jspecify.annotations.Nullable;

/// One vehicle as the fleet knows it: its link, its order, its place in the traffic, what it is about.
final class Robot {
    /// Metres.
    private static final double ON_PLACE = 0.3;

    private final VehicleLink link;
    private final OrderBook book = new OrderBook();
    private int number = -1;
    private int at = -1;
    private int suspected = -1;
    private int reserved;
    private Condition condition = Condition.UNKNOWN;
    private boolean held;
    private @Nullable Errand errand;
    private @Nullable Errand ordered;
    private Instant sent = Instant.MIN;
    private Instant refusal = Instant.MIN;
    private Instant paused = Instant.MIN;
    private Instant asked = Instant.MIN;
    private Instant tidied = Instant.MIN;
    private Instant readyAt = Instant.MIN;
    private Instant rested;
    private Instant idleSince;
    private final Instant enrolled;
    private final Set<String> stops = new ConcurrentSkipListSet<>();
    private volatile List<Integer> ahead = List.of();
    private boolean pausedByUs;
    private boolean cancelling;
    private boolean astray;
    private boolean placing;

    Robot(VehicleLink link, Instant enrolled) {
        this.link = link;
        this.enrolled = enrolled;
        rested = enrolled;
        idleSince = enrolled;
    }

    VehicleLink link() {
        return link;
    }

    OrderBook book() {
        return book;
    }

    String serial() {
        return link.serial();
    }

    /// Its number in the traffic; only if it [#isPlaced].
    int number() {
        return number;
    }

    /// The vertex it was last reported at; only if it [#isPlaced].
    int at() {
        return at;
    }

    /// Whether the traffic has it.
    boolean isPlaced() {
        return number >= 0;
    }

    void place(int traffic, int vertex) {
        number = traffic;
        at = vertex;
    }

    void moved(int vertex) {
        at = vertex;
    }

    /// Where it may stand without knowing it, or -1; while it is not [#isPlaced].
    int suspected() {
        return suspected;
    }

    void suspected(int vertex) {
        suspected = vertex;
    }

    /// How many of the vertices that were released to it stay its own after its order is gone, until it is on a place.
    int reserved() {
        return reserved;
    }

    void reserved(int vertices) {
        reserved = vertices;
    }

    /// What a person has to do before it can be ordered about, if anybody was heard there at all.
    Optional<String> needs() {
        var state = link.state().orElse(null);
        if (state == null) return Optional.empty();
        var position = state.mobileRobotPosition();
        if (position == null ? !isPlaced() : !position.localized())
            return Optional.of("it does not know where it is; tell it (initializePosition)");
        if (isPlaced()) return Optional.empty();
        return Optional.of("it is on no place of the map, or on another's; bring it to a free one");
    }

    Condition condition() {
        return condition;
    }

    void condition(Condition next) {
        condition = next;
    }

    boolean isReady() {
        return isPlaced() && condition == Condition.READY && stops.isEmpty() && !placing;
    }

    boolean isHeld() {
        return held;
    }

    void hold(boolean is) {
        held = is;
    }

    Optional<Errand> errand() {
        return Optional.ofNullable(errand);
    }

    void errand(@Nullable Errand next, Instant now) {
        errand = next;
        if (next == null) idleSince = now;
    }

    /// The errand that its order is for.
    ///
    /// @throws IllegalStateException if it never had one
    Errand ordered() {
        if (ordered == null) throw new IllegalStateException(serial() + " was never ordered about");
        return ordered;
    }

    /// Its next order is for that.
    void ordered(Errand by) {
        ordered = by;
    }

    /// When it was last told something that it should answer.
    Instant sent() {
        return sent;
    }

    void sent(Instant at) {
        sent = at;
    }

    /// Whether its order is being cancelled.
    boolean isCancelling() {
        return cancelling;
    }

    void cancelling(boolean is) {
        cancelling = is;
    }

    /// Whether it may have halted between two nodes, after an order that was not driven to its end.
    boolean isAstray() {
        return astray;
    }

    void astray(boolean is) {
        astray = is;
    }

    /// Whether it is being told where it is.
    boolean isPlacing() {
        return placing;
    }

    void placing(boolean is) {
        placing = is;
    }

    /// Why it is to stand still: stops of everything, of zones, of it alone. Any thread.
    Set<String> stops() {
        return stops;
    }

    /// Whether the fleet paused it and has not yet seen it go on.
    boolean isPausedByUs() {
        return pausedByUs;
    }

    /// When it was last told to pause, or to go on.
    Instant paused() {
        return paused;
    }

    void paused(Instant at) {
        paused = at;
    }

    /// Where it is and where it was told to go. Any thread.
    List<Integer> ahead() {
        return ahead;
    }

    /// Brings [#ahead] and what is known of pauses up to date.
    void remember() {
        var all = new ArrayList<Integer>();
        if (at >= 0) all.add(at);
        for (var step : book.base()) all.add(step.vertex());
        ahead = List.copyOf(all);
        boolean is = link.state().map(State::paused).orElse(false);
        pausedByUs = !stops.isEmpty() || (pausedByUs && is);
    }

    /// Since when it is in the fleet.
    Instant enrolled() {
        return enrolled;
    }

    /// When it was last asked for its state.
    Instant asked() {
        return asked;
    }

    void asked(Instant when) {
        asked = when;
    }

    /// When it was last told to forget instant actions that are over.
    Instant tidied() {
        return tidied;
    }

    void tidied(Instant when) {
        tidied = when;
    }

    /// When it was last ready.
    Instant readyAt() {
        return readyAt;
    }

    void readyAt(Instant when) {
        readyAt = when;
    }

    /// Since when it has had nothing to do.
    Instant idleSince() {
        return idleSince;
    }

    /// Whether somebody waits for what it says: it was told to do something.
    boolean isUnderWay() {
        return book.hasOrder() || cancelling || errand != null;
    }

    /// When it was last seen not to be [#isUnderWay].
    Instant rested() {
        return rested;
    }

    void rested(Instant when) {
        rested = when;
    }

    /// When it last refused an order.
    void refusal(Instant at) {
        refusal = at;
    }

    Instant refusal() {
        return refusal;
    }

    /// Whether it stands on that place, and not between two, by its last state.
    boolean isOn(Place place) {
        return distance(place) < ON_PLACE;
    }

    /// Metres to a place, by its last state; infinite if that says nothing of where it is.
    double distance(Place place) {
        return link.state()
                .map(State::mobileRobotPosition)
                .map(at -> Math.hypot(at.x() - place.x(), at.y() - place.y()))
                .orElse(Double.POSITIVE_INFINITY);
    }

    /// Where it looks to, radians.
    double theta() {
        return link.state()
                .map(State::mobileRobotPosition)
                .map(State.Position::theta)
                .orElse(0.0);
    }

    /// Nothing to traverse and no action that is not over, by its last state (§6.6.8).
    boolean isIdle() {
        return link.state().map(Robot::isIdle).orElse(false);
    }

    /// Whether a cancellation is known to it and not yet over.
    boolean isCancelled() {
        return link.state().filter(Robot::isCancelled).isPresent();
    }

    private static boolean isCancelled(State state) {
        return Stream.concat(state.instantActionStates().stream(), state.actionStates().stream())
                .anyMatch(action -> "cancelOrder".equals(action.actionType()) && !isOver(action.actionStatus()));
    }

    private static boolean isIdle(State state) {
        return !state.driving()
                && !isCancelled(state)
                && state.nodeStates().isEmpty()
                && state.edgeStates().isEmpty()
                && state.actionStates().stream().allMatch(action -> isOver(action.actionStatus()));
    }

    /// Whether an action of its order waits to be tried again or given up.
    boolean isRetriable() {
        return link.state().stream()
                .flatMap(state -> state.actionStates().stream())
                .anyMatch(action -> action.actionStatus() == ActionStatus.RETRIABLE);
    }

    static boolean isOver(ActionStatus status) {
        return status == ActionStatus.FINISHED || status == ActionStatus.FAILED;
    }

    /// Percent in its battery, 0 if it never said.
    double charge() {
        return link.state().map(state -> state.powerSupply().stateOfCharge()).orElse(0.0);
    }

    boolean isCharging() {
        return link.state().map(state -> state.powerSupply().charging()).orElse(false);
    }

    /// Whether it carries something, as far as it can tell.
    boolean isLaden() {
        return link.state().map(State::loads).map(List::size).orElse(0) > 0;
    }
}
