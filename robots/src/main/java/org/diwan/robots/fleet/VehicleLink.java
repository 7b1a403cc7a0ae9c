package org.diwan.robots.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.fleet.Refusals.Reason;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Inbox;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.MalformedException;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Visualization;
import org.jspecify.annotations.Nullable;

/// One vehicle's topics: what it says, judged, and the counters of what it is told.
///
/// [#instantly] may be called by any thread; all else belongs to the timeline's.
final class VehicleLink {
    /// How far its clock may run ahead of ours.
    static final Duration SKEW = Duration.ofSeconds(2);

    /// So many stale messages of a topic in a row, each newer than the one before and sent after the last fresh
    /// one had come, are its true sequence: what had made them stale was a number out of order. (What was
    /// merely overtaken was sent before.)
    static final int RESYNC = 5;

    private final Address address;
    private final Bus bus;
    private final Timeline timeline;
    private final Codec codec;
    private final Refusals refusals = new Refusals();
    private final Map<Topic, Box> boxes = new EnumMap<>(Topic.class);
    private final AtomicLong orders = new AtomicLong();
    private final AtomicLong instants = new AtomicLong();
    private volatile @Nullable State state;
    private @Nullable Factsheet factsheet;
    private ConnectionState connection = ConnectionState.OFFLINE;
    private Instant connectionSince = Instant.MIN;
    private @Nullable Instant heard;
    private @Nullable Instant told;

    /// What is remembered of one topic's headers.
    private static final class Box {
        private Inbox inbox;
        private @Nullable Header stale;
        private int staleInRow;
        private Instant fresh = Instant.MIN;

        Box(Inbox inbox) {
            this.inbox = inbox;
        }
    }

    VehicleLink(Address address, Bus bus, Timeline timeline) {
        this.address = address;
        this.bus = bus;
        this.timeline = timeline;
        codec = new Codec(address.version());
        for (var topic : List.of(Topic.STATE, Topic.CONNECTION, Topic.FACTSHEET, Topic.VISUALIZATION))
            boxes.put(topic, new Box(inbox()));
    }

    private Inbox inbox() {
        return new Inbox(address.version(), address.manufacturer(), address.serialNumber(), SKEW);
    }

    Address address() {
        return address;
    }

    String serial() {
        return address.serialNumber();
    }

    Refusals refusals() {
        return refusals;
    }

    /// Reads and judges; the message, if it is to be taken.
    Optional<Message> receive(Topic topic, byte[] payload) {
        Message message;
        try {
            message = codec.read(topic, payload);
        } catch (MalformedException _) {
            refusals.count(Reason.MALFORMED, 1);
            return Optional.empty();
        }
        if (!isNew(topic, message)) return Optional.empty();
        switch (message) {
            case Connection said -> {
                connection = said.connectionState();
                connectionSince = timeline.instant();
            }
            case Factsheet said -> factsheet = said;
            case State said -> {
                hear(said.header());
                told = heard;
            }
            case Visualization said -> hear(said.header());
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(message);
    }

    /// What was sent after the broker lost it says that it is there again.
    private void hear(Header header) {
        heard = timeline.instant();
        if (header.timestamp().isAfter(connectionSince)) connection = ConnectionState.ONLINE;
    }

    /// The broker says `CONNECTION_BROKEN` in the vehicle's place, with a header that is old (§6.5).
    private boolean isNew(Topic topic, Message message) {
        var box = boxes.get(topic);
        if (box == null) return false;
        var now = timeline.instant();
        boolean will =
                message instanceof Connection said && said.connectionState() == ConnectionState.CONNECTION_BROKEN;
        var header = message.header();
        switch (box.inbox.judge(header, now)) {
            case Inbox.Fresh fresh -> {
                if (fresh.lost() > 0) refusals.count(Reason.GAP, 1);
                box.staleInRow = 0;
                box.fresh = now;
                return true;
            }
            case Inbox.WrongVersion _ -> refusals.count(Reason.WRONG_VERSION, 1);
            case Inbox.WrongVehicle _ -> refusals.count(Reason.WRONG_VEHICLE, 1);
            case Inbox.FromFuture _ -> refusals.count(Reason.FROM_FUTURE, 1);
            case Inbox.Stale _ -> {
                if (will || isTrueSequence(box, header, now)) return true;
                refusals.count(Reason.STALE, 1);
            }
        }
        return false;
    }

    private boolean isTrueSequence(Box box, Header header, Instant now) {
        var before = box.stale;
        boolean follows = before != null
                && header.headerId() > before.headerId()
                && header.timestamp().isAfter(before.timestamp())
                && header.timestamp().isAfter(box.fresh);
        box.staleInRow = follows ? box.staleInRow + 1 : 1;
        box.stale = header;
        if (box.staleInRow < RESYNC) return false;
        box.inbox = inbox();
        box.inbox.judge(header, now);
        box.staleInRow = 0;
        box.fresh = now;
        return true;
    }

    /// The header of the next order.
    Header orderHeader() {
        return header(orders);
    }

    private Header header(AtomicLong counter) {
        return new Header(
                counter.getAndIncrement() & 0xffff_ffffL,
                timeline.instant(),
                address.version().text(),
                address.manufacturer(),
                address.serialNumber());
    }

    /// Sends instant actions at once, past everything else. Any thread.
    void instantly(Action... actions) {
        bus.publish(Bus.Message.once(address.topic(Topic.INSTANT_ACTIONS), codec.write(message(actions))));
    }

    /// Instant actions under the next header. Any thread.
    InstantActions message(Action... actions) {
        return new InstantActions(header(instants), Arrays.asList(actions));
    }

    /// An instant action without arguments; its id is unique within the vehicle.
    Action instant(String type, Action.Parameter... parameters) {
        String id = type + "-" + timeline.instant().toEpochMilli() + "-" + instants.get();
        return new Action(type, id, null, BlockingType.NONE, Arrays.asList(parameters), null);
    }

    /// The last state that was taken. Any thread.
    Optional<State> state() {
        return Optional.ofNullable(state);
    }

    /// From now on this is where it stands.
    void take(State next) {
        state = next;
    }

    Optional<Factsheet> factsheet() {
        return Optional.ofNullable(factsheet);
    }

    ConnectionState connection() {
        return connection;
    }

    /// When its last state or position came.
    Optional<Instant> heard() {
        return Optional.ofNullable(heard);
    }

    /// When its last state came: only that tells how far it is with its order, and whether it knows where it is.
    Optional<Instant> told() {
        return Optional.ofNullable(told);
    }
}
