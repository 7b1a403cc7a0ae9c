package org.diwan.robots.bus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A bus within one process, as bad as it is told to be: messages are lost, doubled and late, by a seed.
/// Those sent at least once are not lost, but may come twice.
public final class LocalBus implements Bus {
    /// How bad.
    ///
    /// @param loss of how many in one that are sent at most once, 0 to 1
    /// @param twice how many in one come again, 0 to 1
    /// @param least the shortest way
    /// @param most the longest way; messages may overtake each other
    public record Quality(double loss, double twice, Duration least, Duration most) {
        /// Nothing is lost, all takes a millisecond.
        public static final Quality PERFECT = new Quality(0, 0, Duration.ofMillis(1), Duration.ofMillis(1));
    }

    private record Subscriber(String filter, Handler handler) {}

    private final Timeline timeline;
    private final SplittableRandom random;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final Map<String, Message> retained = new LinkedHashMap<>();
    private Quality quality;
    private boolean down;

    /// A bus of `quality` on `timeline`.
    public LocalBus(Timeline timeline, Quality quality, long seed) {
        this.timeline = timeline;
        this.quality = quality;
        this.random = new SplittableRandom(seed);
    }

    /// From now on so bad.
    public void quality(Quality next) {
        quality = next;
    }

    /// While it is down nothing that is published arrives anywhere; what is retained stays.
    public void down(boolean is) {
        down = is;
    }

    @Override
    public void publish(Message message) {
        if (down) return;
        if (message.retained()) retained.put(message.topic(), message);
        for (var subscriber : List.copyOf(subscribers)) {
            if (Topics.matches(subscriber.filter(), message.topic())) send(message, subscriber);
        }
    }

    private void send(Message message, Subscriber subscriber) {
        if (!message.atLeastOnce() && random.nextDouble() < quality.loss()) return;
        deliver(message, subscriber);
        if (random.nextDouble() < quality.twice()) deliver(message, subscriber);
    }

    private void deliver(Message message, Subscriber subscriber) {
        long least = quality.least().toNanos();
        var way = Duration.ofNanos(least + random.nextLong(quality.most().toNanos() - least + 1));
        timeline.after(way, () -> {
            if (subscribers.contains(subscriber)) subscriber.handler().on(message.topic(), message.payload());
        });
    }

    @Override
    public Subscription subscribe(String filter, Handler handler) {
        var subscriber = new Subscriber(filter, handler);
        subscribers.add(subscriber);
        for (var message : retained.values()) {
            if (Topics.matches(filter, message.topic())) deliver(message, subscriber);
        }
        return () -> subscribers.remove(subscriber);
    }
}
