package org.diwan.robots.peer;

import java.util.SplittableRandom;
import org.diwan.robots.bus.Bus;

/// A bus on which one in five messages sent at most once is lost, and one in ten comes twice.
///
/// Called by one thread.
final class LossyBus implements Bus {
    private final Bus bus;
    private final SplittableRandom random;

    LossyBus(Bus bus, long seed) {
        this.bus = bus;
        random = new SplittableRandom(seed);
    }

    @Override
    public void publish(Message message) {
        if (!message.atLeastOnce() && random.nextInt(5) == 0) return;
        bus.publish(message);
        if (random.nextInt(10) == 0) bus.publish(message);
    }

    @Override
    public Subscription subscribe(String filter, Handler handler) {
        return bus.subscribe(filter, handler);
    }
}
