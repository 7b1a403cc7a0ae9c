package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.diwan.robots.fleet.OrderBook.Leg;
import org.diwan.robots.vda5050.Abilities;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Order.NodePosition;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.EmergencyStop;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.State.PowerSupply;
import org.diwan.robots.vda5050.State.SafetyState;
import org.diwan.robots.vda5050.Vehicle;
import org.junit.jupiter.api.Test;

/// The judge is a vehicle that refuses what breaks the rules of §6.1.2 ([Vehicle], held to the standard's own
/// figures elsewhere). Orders and states are lost at random; what is left must all be taken.
class OrderBookTest {
    private static final int ITERATIONS = Integer.getInteger("iterations", 500);

    @Test
    void everyUpdateThatArrivesIsTakenWhateverWasLost() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < ITERATIONS; i++) new Run(random.split()).play();
    }

    private static final class Run {
        private final SplittableRandom random;
        private final OrderBook book = new OrderBook();
        private final Vehicle vehicle = new Vehicle(new Anything());
        private final HashSet<String> begun = new HashSet<>();
        private final List<Integer> reported = new ArrayList<>();
        private final List<Integer> told = new ArrayList<>();
        private int place;
        private int actions;
        private int orders;

        Run(SplittableRandom random) {
            this.random = random;
        }

        void play() {
            for (int step = 0; step < 200; step++) {
                if (!book.isAnswered()) {
                    if (random.nextInt(3) == 0) deliver(book.again(header()));
                } else if (book.hasOrder()
                        && !book.hasHorizon()
                        && book.base().isEmpty()
                        && vehicle.isIdle()
                        && random.nextInt(4) == 0) {
                    book.drop();
                } else if (!book.hasOrder()) {
                    orders++;
                    deliver(book.start(header(), "o-" + orders, leg(false, 0), legs(), planned()));
                } else if (random.nextBoolean()) {
                    deliver(book.extend(header(), legs(), planned()));
                }
                drive();
                if (random.nextInt(3) > 0) report();
            }
            assertEquals(told.subList(0, reported.size()), reported, "places are reported in the order they were told");
        }

        private List<Leg> legs() {
            var legs = new ArrayList<Leg>();
            for (int i = random.nextInt(3); i > 0; i--) {
                boolean again = random.nextInt(4) == 0;
                if (!again) place++;
                legs.add(leg(again, random.nextInt(2)));
                if (!again) told.add(place);
            }
            return legs;
        }

        /// What is planned is not told: it may come otherwise.
        private List<Leg> planned() {
            var planned = new ArrayList<Leg>();
            for (int i = random.nextInt(3); i > 0; i--)
                planned.add(new Leg(-1, false, "h" + i, at(), null, List.of(action())));
            return planned;
        }

        private Leg leg(boolean again, int count) {
            var all = new ArrayList<Action>();
            for (int i = 0; i < count; i++) all.add(action());
            return new Leg(place, again, "n" + place, at(), null, all);
        }

        private Action action() {
            actions++;
            return new Action("pick", "a" + actions, null, BlockingType.HARD, List.of(), null);
        }

        private static NodePosition at() {
            return new NodePosition(0, 0, null, null, null, "f0");
        }

        /// Lost one time in four.
        private void deliver(Order order) {
            if (random.nextInt(4) == 0) return;
            var rejection = vehicle.receive(order);
            assertEquals(Optional.empty(), rejection, () -> "refused: " + order);
            // Once more, as at-least-once delivery may bring it.
            assertEquals(Optional.empty(), vehicle.receive(order));
        }

        private void drive() {
            for (var action : vehicle.start()) {
                assertTrue(begun.add(action.actionId()), () -> action.actionId() + " was begun twice");
                vehicle.end(action.actionId(), true);
            }
            if (vehicle.mayDrive() && random.nextBoolean()) {
                vehicle.drive();
                vehicle.arrive();
            }
            if (!vehicle.mayDrive()) vehicle.halt();
        }

        private void report() {
            var order = vehicle.order().orElse(null);
            var last = vehicle.lastNode().orElse(null);
            if (order == null || last == null) return;
            var state = state(order, last);
            if (!book.isMine(state)) return;
            assertEquals(Optional.empty(), book.contradiction(state));
            for (var step : book.report(state)) if (!step.again()) reported.add(step.vertex());
        }
    }

    private static Header header() {
        return new Header(0, Instant.EPOCH, "3.0.0", "diwan", "r-1");
    }

    private static State state(Order order, Order.Node last) {
        return new State(
                header(),
                List.of(),
                List.of(),
                order.orderId(),
                order.orderUpdateId(),
                null,
                last.nodeId(),
                last.sequenceId(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                null,
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                new PowerSupply(50, null, null, null, false, null),
                OperatingMode.AUTOMATIC,
                List.of(),
                List.of(),
                new SafetyState(EmergencyStop.NONE, false));
    }

    /// A vehicle that can do and reach everything.
    private static final class Anything implements Abilities {
        @Override
        public boolean isOn(Order.Node node) {
            return true;
        }

        @Override
        public boolean reaches(Order.Node from, Order.Edge edge, Order.Node node) {
            return true;
        }

        @Override
        public boolean knows(String mapId) {
            return true;
        }

        @Override
        public Optional<String> unsupported(Order order) {
            return Optional.empty();
        }

        @Override
        public boolean can(Action action) {
            return true;
        }

        @Override
        public boolean pauses(String actionType) {
            return true;
        }

        @Override
        public boolean cancels(String actionType) {
            return true;
        }
    }
}
