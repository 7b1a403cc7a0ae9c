package org.diwan.robots.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.MalformedException;
import org.diwan.robots.vda5050.Topic;

/// Stands between fleet control's broker and a vehicle of any maker, which listens on a broker of its own.
/// Orders and instant actions go down only where [WarrantCheck] lets them; what the vehicle says goes up as it is.
///
/// What is refused is said on `diwan/v1/{manufacturer}/{serial}/refused`, as `{"reason","topic"}`, and never reaches
/// the vehicle.
public final class Adapter implements AutoCloseable {
    private static final List<Topic> DOWN = List.of(Topic.ORDER, Topic.INSTANT_ACTIONS);
    private static final List<Topic> UNCHECKED = List.of(Topic.ZONE_SET, Topic.RESPONSES);
    private static final List<Topic> UP = List.of(Topic.STATE, Topic.CONNECTION, Topic.VISUALIZATION, Topic.FACTSHEET);

    private final Bus fleet;
    private final Bus vehicle;
    private final Address address;
    private final WarrantCheck check;
    private final Codec codec;
    private final List<Bus.Subscription> subscriptions = new ArrayList<>();
    private long refused;

    /// Between the two, from now on; both call on one thread.
    public Adapter(Bus fleet, Bus vehicle, Address address, WarrantCheck check) {
        this.fleet = fleet;
        this.vehicle = vehicle;
        this.address = address;
        this.check = check;
        this.codec = new Codec(address.version());
        subscriptions.add(fleet.subscribe(
                check.topic(), (topic, payload) -> check.take(payload).ifPresent(reason -> refuse(topic, reason))));
        for (var topic : DOWN)
            subscriptions.add(fleet.subscribe(address.topic(topic), (name, payload) -> down(topic, name, payload)));
        for (var topic : UNCHECKED)
            if (topic.since().compareTo(address.version()) <= 0)
                subscriptions.add(
                        fleet.subscribe(address.topic(topic), (name, payload) -> pass(vehicle, topic, name, payload)));
        for (var topic : UP)
            subscriptions.add(
                    vehicle.subscribe(address.topic(topic), (name, payload) -> pass(fleet, topic, name, payload)));
    }

    /// How the two retain and repeat is VDA 5050's to say (§4.2).
    private static void pass(Bus to, Topic topic, String name, byte[] payload) {
        boolean kept = topic == Topic.CONNECTION || topic == Topic.FACTSHEET || topic == Topic.ZONE_SET;
        to.publish(kept ? Bus.Message.retained(name, payload) : Bus.Message.once(name, payload));
    }

    private void down(Topic topic, String name, byte[] payload) {
        Optional<String> reason;
        try {
            reason = check.refuse(codec.read(topic, payload));
        } catch (MalformedException e) {
            reason = Optional.of(String.valueOf(e.getMessage()));
        }
        if (reason.isPresent()) refuse(name, reason.get());
        else vehicle.publish(Bus.Message.once(name, payload));
    }

    private void refuse(String topic, String reason) {
        refused++;
        byte[] said =
                CanonicalJson.text(Map.of("topic", topic, "reason", reason)).getBytes(StandardCharsets.UTF_8);
        fleet.publish(Bus.Message.once(
                "diwan/v1/" + address.manufacturer() + "/" + address.serialNumber() + "/refused", said));
    }

    /// Messages that did not pass, since the start.
    public long refused() {
        return refused;
    }

    @Override
    public void close() {
        subscriptions.forEach(Bus.Subscription::close);
    }
}
