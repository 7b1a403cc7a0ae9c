package org.diwan.robots.twin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Inbox;
import org.diwan.robots.vda5050.MalformedException;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.Outbox;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.Topic;

/// A vehicle's end of the bus: takes what is sound, new and for it, and tells by name what is not.
/// The very same bytes once more are passed over: at-least-once delivery repeats them.
final class Wire implements AutoCloseable {
    /// Clocks may differ by that.
    static final Duration SKEW = Duration.ofSeconds(5);

    /// What listens.
    interface Listener {
        /// A sound and new message; so many before it on its topic were lost.
        void heard(Topic topic, byte[] payload, Message message, long lost);

        /// Something that was no such message.
        void refused(Topic topic, Fault fault);
    }

    private final Address address;
    private final Bus bus;
    private final InstantSource clock;
    private final SplittableRandom random;
    private final Listener listener;
    private final Codec codec;
    private final List<Bus.Subscription> subscriptions = new ArrayList<>();
    private final Map<Topic, Inbox> inboxes = new EnumMap<>(Topic.class);
    private final Map<Topic, byte[]> before = new EnumMap<>(Topic.class);
    private Outbox outbox;
    private double loss;
    private int cuts;

    Wire(Address address, Bus bus, InstantSource clock, SplittableRandom random, Listener listener) {
        this.address = address;
        this.bus = bus;
        this.clock = clock;
        this.random = random;
        this.listener = listener;
        codec = new Codec(address.version());
        outbox = new Outbox(address);
    }

    /// Begins to listen.
    void open() {
        for (var topic : Topic.values())
            if (topic.isForVehicle() && topic.since().compareTo(address.version()) <= 0)
                subscriptions.add(bus.subscribe(address.topic(topic), (_, payload) -> receive(topic, payload)));
    }

    /// Numbers begin at 0 again, and nothing that was heard is remembered.
    void restart() {
        outbox = new Outbox(address);
        inboxes.clear();
        before.clear();
    }

    /// From now on so many in one are lost, either way.
    void loss(double of) {
        loss = of;
    }

    /// Cut once more, or joined once: while it is cut nothing passes.
    void cut(boolean more) {
        cuts += more ? 1 : -1;
    }

    boolean isCut() {
        return cuts > 0;
    }

    /// Number of the last message on `topic`.
    long last(Topic topic) {
        return outbox.last(topic);
    }

    void send(Topic topic, boolean retained, Function<Header, Message> message) {
        var bytes = codec.write(message.apply(outbox.header(topic, clock.instant())));
        if (isCut() || (!retained && drops())) return;
        String name = address.topic(topic);
        bus.publish(retained ? Bus.Message.retained(name, bytes) : Bus.Message.once(name, bytes));
    }

    private boolean drops() {
        return loss > 0 && random.nextDouble() < loss;
    }

    private void receive(Topic topic, byte[] payload) {
        if (isCut() || drops() || Arrays.equals(before.get(topic), payload)) return;
        Message message;
        try {
            message = codec.read(topic, payload);
        } catch (MalformedException e) {
            listener.refused(topic, fault("VALIDATION_FAILURE", topic, -1, String.valueOf(e.getMessage())));
            return;
        }
        var header = message.header();
        var inbox = inboxes.computeIfAbsent(
                topic, _ -> new Inbox(address.version(), address.manufacturer(), address.serialNumber(), SKEW));
        switch (inbox.judge(header, clock.instant())) {
            case Inbox.Fresh fresh -> {
                before.put(topic, payload);
                listener.heard(topic, payload, message, fresh.lost());
            }
            case Inbox.WrongVersion it ->
                refuse(
                        "WRONG_VERSION",
                        topic,
                        header,
                        "version " + it.version() + ", must be "
                                + address.version().text());
            case Inbox.WrongVehicle it ->
                refuse("WRONG_VEHICLE", topic, header, "for " + it.manufacturer() + " " + it.serialNumber());
            case Inbox.Stale it ->
                refuse("STALE_MESSAGE", topic, header, "number " + it.headerId() + ", a later one was here");
            case Inbox.FromFuture it ->
                refuse("MESSAGE_FROM_FUTURE", topic, header, it.ahead() + " ahead, the limit is " + SKEW);
        }
    }

    private void refuse(String type, Topic topic, Header header, String why) {
        listener.refused(topic, fault(type, topic, header.headerId(), why));
    }

    private static Fault fault(String type, Topic topic, long headerId, String why) {
        var references = new ArrayList<>(List.of(new Reference("topic", topic.text())));
        if (headerId >= 0) references.add(new Reference("headerId", Long.toString(headerId)));
        return Fault.of(type, ErrorLevel.WARNING, why, references);
    }

    @Override
    public void close() {
        subscriptions.forEach(Bus.Subscription::close);
        subscriptions.clear();
    }
}
