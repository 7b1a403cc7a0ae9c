package org.diwan.robots.bus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Where a bus is tried: several who share one bus or one broker, and a timeline on which everything happens.
interface World extends AutoCloseable {
    /// A bus for one more member.
    Bus join(String name) throws Exception;

    /// Runs `work` on the timeline and waits for it.
    <T> T ask(Supplier<T> work) throws Exception;

    /// Lets time pass until `condition` holds, which is asked on the timeline; false if it never does.
    boolean until(BooleanSupplier condition) throws Exception;

    /// Waits until all that `bus` has subscribed is.
    void settle(Bus bus) throws Exception;

    @Override
    void close();

    default void run(Runnable work) throws Exception {
        ask(() -> {
            work.run();
            return true;
        });
    }

    /// One bus within the process, simulated time.
    final class Simulated implements World {
        final SimulatedTimeline timeline = new SimulatedTimeline(java.time.Instant.EPOCH);
        final LocalBus bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, 1);

        @Override
        public Bus join(String name) {
            return bus;
        }

        @Override
        public <T> T ask(Supplier<T> work) {
            return work.get();
        }

        @Override
        public boolean until(BooleanSupplier condition) {
            for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) timeline.run(Duration.ofMillis(1));
            return condition.getAsBoolean();
        }

        @Override
        public void settle(Bus bus) {}

        @Override
        public void close() {}
    }

    /// A broker at `address`, the machine's time.
    final class Live implements World {
        final LiveTimeline timeline = new LiveTimeline("test");
        private final Runnable end;
        private final String address;
        private final List<MqttBus> members = new ArrayList<>();

        /// @param end ends the broker
        Live(String address, Runnable end) {
            this.address = address;
            this.end = end;
        }

        @Override
        public MqttBus join(String name) throws Exception {
            return join(Broker.at(address, name));
        }

        MqttBus join(Broker broker) throws Exception {
            var bus = new MqttBus(timeline, broker);
            members.add(bus);
            if (!until(bus::isConnected)) throw new AssertionError("no connection of " + broker.client());
            return bus;
        }

        @Override
        public <T> T ask(Supplier<T> work) throws Exception {
            var answer = new CompletableFuture<T>();
            timeline.post(() -> {
                try {
                    answer.complete(work.get());
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
            try {
                return answer.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException own ? own : e;
            } catch (TimeoutException e) {
                throw new AssertionError("the timeline stands still", e);
            }
        }

        @Override
        public boolean until(BooleanSupplier condition) throws Exception {
            for (int i = 0; i < 6_000; i++) {
                if (ask(condition::getAsBoolean)) return true;
                Thread.sleep(5);
            }
            return false;
        }

        /// Nothing is sent before.
        @Override
        public void settle(Bus bus) throws Exception {
            var mine = (MqttBus) bus;
            long before = mine.counters().sent();
            mine.publish(new Bus.Message("settle", new byte[0], true, false));
            if (!until(() -> mine.counters().sent() > before)) throw new AssertionError("a subscription hangs");
        }

        @Override
        public void close() {
            for (var member : members) member.close();
            timeline.close();
            end.run();
        }
    }
}
