package org.diwan.robots.bus;

import java.time.Duration;
import java.util.LinkedHashMap;
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

    private final class Subscriber implements Subscription {
        final String filter;
        final Handler handler;
        boolean closed;

        Subscriber(String filter, Handler handler) {
            this.filter = filter;
            this.handler = handler;
        }

        @Override
        public void close() {
            if (closed) return;
            closed = true;
            subscribers.remove(filter, this);
        }
    }

    private final Timeline timeline;
    private final SplittableRandom random;
    private final TopicTree<Subscriber> subscribers = new TopicTree<>();
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
        Topics.checkTopic(message.topic());
        if (down) return;
        if (message.retained()) {
            if (message.payload().length > 0) retained.put(message.topic(), message);
            else retained.remove(message.topic());
        }
        for (var subscriber : subscribers.matching(message.topic())) send(message, subscriber);
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
            if (!subscriber.closed) subscriber.handler.on(message.topic(), message.payload());
        });
    }

    @Override
    public Subscription subscribe(String filter, Handler handler) {
        var subscriber = new Subscriber(Topics.checkFilter(filter), handler);
        subscribers.add(filter, subscriber);
        for (var message : retained.values()) {
            if (Topics.matches(filter, message.topic())) deliver(message, subscriber);
        }
        return subscriber;
    }
}
