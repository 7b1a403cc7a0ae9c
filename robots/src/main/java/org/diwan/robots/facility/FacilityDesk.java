package org.diwan.robots.facility;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Wire.LiftState;

/// Lends a building's lifts, doors and RELEASE zones, each to one holder at a time, whatever is lost, doubled or
/// late on the way to the devices.
///
/// A device that fails is noticed, and everybody who asked for it is REFUSED by name until it works again: another
/// mode at once, a contradiction at once, silence after [Times#silent], standing still after [Times#stall] and its
/// door's time. A holder without a sign of life for [Times#lease] loses its place in the queue; if it was granted
/// before, it may be within, and nobody gets the facility until it is released.
public final class FacilityDesk implements Leases {
    private final Timeline timeline;
    private final Map<String, Counter> counters = new LinkedHashMap<>();
    private final Map<String, Lift> lifts = new LinkedHashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean telling;
    private long dropped;

    /// A desk for all of `building`, with the usual times.
    public FacilityDesk(Building building, Bus bus, Timeline timeline) {
        this(building, bus, timeline, Times.USUAL);
    }

    /// A desk for all of `building`.
    public FacilityDesk(Building building, Bus bus, Timeline timeline, Times times) {
        this.timeline = timeline;
        var elevations = new LinkedHashMap<String, Double>();
        for (var floor : building.floors()) elevations.put(floor.id(), floor.elevation());
        for (var lift : building.lifts()) {
            lifts.put(lift.id(), lift);
            var device = new LiftDevice(lift, elevations, bus, timeline, times);
            var counter = counter(lift.id(), device, times);
            bus.subscribe(Wire.topic("lift", lift.id(), "state"), (_, json) -> {
                var state = Wire.liftState(json);
                if (state.isEmpty()) dropped++;
                state.ifPresent(device::on);
                update(counter);
            });
        }
        for (var door : building.doors()) {
            var device = new DoorDevice(door, bus, timeline, times);
            var counter = counter(door.id(), device, times);
            bus.subscribe(Wire.topic("door", door.id(), "state"), (_, json) -> {
                var state = Wire.doorState(json);
                if (state.isEmpty()) dropped++;
                state.ifPresent(device::on);
                update(counter);
            });
        }
        for (var zone : building.zones())
            if (zone.kind() == Zone.Kind.RELEASE) counter(zone.id(), new Device.Area(), times);
        // VDA 5050 (§4.3): interface, version, manufacturer, serial number; a state is a sign of life.
        bus.subscribe("+/+/+/+/state", (topic, _) -> {
            int last = topic.lastIndexOf('/');
            String serial = topic.substring(topic.lastIndexOf('/', last - 1) + 1, last);
            if (!topic.startsWith("building/v1/")) alive(serial);
        });
        timeline.every(times.state(), () -> {
            for (var counter : counters.values()) {
                counter.device().repeat();
                update(counter);
            }
        });
    }

    private Counter counter(String id, Device device, Times times) {
        var counter = new Counter(id, device, timeline, times);
        counters.put(id, counter);
        return counter;
    }

    @Override
    public void request(String facility, String holder, String floor) {
        var counter = find(facility);
        var lift = lifts.get(facility);
        if (lift != null && !lift.landings().containsKey(floor))
            throw new IllegalArgumentException(facility + " does not stop on floor '" + floor + "'; it does on "
                    + lift.landings().keySet());
        if (holder.isEmpty()) throw new IllegalArgumentException("a holder needs a name");
        counter.request(holder, floor);
        update(counter);
    }

    @Override
    public Standing standing(String facility, String holder) {
        return find(facility).standing(holder);
    }

    @Override
    public Optional<String> why(String facility, String holder) {
        return find(facility).why(holder);
    }

    @Override
    public void release(String facility, String holder) {
        var counter = find(facility);
        counter.release(holder);
        update(counter);
    }

    @Override
    public void listen(Runnable changed) {
        listeners.add(changed);
    }

    @Override
    public void alive(String holder) {
        for (var counter : counters.values()) counter.alive(holder);
    }

    /// A person says that `facility` works again, which a device that contradicted itself needs.
    public void repaired(String facility) {
        var counter = find(facility);
        counter.device().repaired();
        update(counter);
    }

    /// Somebody within the lift sees that it is on `floor`: a lift that says otherwise is out of order.
    public void witness(String facility, String floor) {
        var counter = find(facility);
        if (counter.device() instanceof LiftDevice lift) lift.witness(floor);
        update(counter);
    }

    /// Who is served, granted or not.
    public Optional<String> holder(String facility) {
        return find(facility).holder();
    }

    /// Whether `holder` has had the grant and not given it back; it may be on its way in a lift.
    public boolean holds(String facility, String holder) {
        return find(facility).holds(holder);
    }

    /// When that lease ends if nothing more is heard of the holder.
    public Optional<Instant> expiry(String facility, String holder) {
        return find(facility).expiry(holder);
    }

    /// What is wrong with `facility`, if anything.
    public Optional<String> fault(String facility) {
        return find(facility).device().fault();
    }

    /// Names of all that can be lent.
    public List<String> facilities() {
        return List.copyOf(counters.keySet());
    }

    /// The floor next to a lift's cabin and whether its door is open, as it said last.
    public Optional<Cabin> cabin(String lift) {
        return find(lift).device() instanceof LiftDevice device
                ? device.state().map(FacilityDesk::cabin)
                : Optional.empty();
    }

    /// A lift's cabin.
    ///
    /// @param height metres, as floors have elevations
    public record Cabin(String floor, double height, boolean open) {}

    private static Cabin cabin(LiftState state) {
        return new Cabin(state.floor(), state.height(), state.door() == Wire.DoorMode.OPEN);
    }

    /// Messages of devices that were none.
    public long dropped() {
        return dropped;
    }

    private Counter find(String facility) {
        var counter = counters.get(facility);
        if (counter == null)
            throw new IllegalArgumentException("no lift, door or release zone '" + facility + "'; there are "
                    + counters.keySet().stream().limit(20).toList());
        return counter;
    }

    /// Listeners are told later, so that what they ask for in turn finds the desk at rest.
    private void update(Counter counter) {
        if (!counter.update() || telling) return;
        telling = true;
        timeline.post(() -> {
            telling = false;
            for (var listener : listeners) listener.run();
        });
    }
}
