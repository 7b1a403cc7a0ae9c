package org.diwan.robots.facility;

import java.util.List;
import java.util.Optional;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Wire.DoorMode;
import org.diwan.robots.facility.Wire.DoorState;
import org.jspecify.annotations.Nullable;

/// A door as the desk knows it. One that stays open is passable, and no fault.
final class DoorDevice implements Device {
    private final Door door;
    private final Contact contact;
    private @Nullable DoorState state;

    DoorDevice(Door door, Bus bus, Timeline timeline, Times times) {
        this.door = door;
        contact = new Contact(Wire.topic("door", door.id(), "request"), bus, timeline, times);
    }

    @Override
    public void serve(Optional<Claim> claim) {
        contact.want(claim.map(served -> served.holder).orElse(""), "");
    }

    @Override
    public void repeat() {
        contact.repeat();
    }

    /// Takes what the door says; what is older than what is known is dropped.
    void on(DoorState next) {
        var before = state;
        if (!contact.take(next.number(), next.request(), next.mode())) return;
        if (before == null || before.door() != next.door()) contact.change();
        if (before != null && before.door() == DoorMode.CLOSED && next.door() == DoorMode.OPEN) {
            double seconds = Contact.seconds(before.time(), next.time());
            if (seconds < 0.8 * door.openTime())
                contact.contradict(
                        "says that it opened in %.1f s, which takes it %.1f s".formatted(seconds, door.openTime()));
        }
        state = next;
    }

    @Override
    public boolean ready() {
        return state != null && contact.isObeyed() && state.door() == DoorMode.OPEN;
    }

    @Override
    public Optional<String> fault() {
        return contact.fault(
                ready(),
                door.openTime(),
                () -> "does not open: it is " + (state == null ? DoorMode.UNKNOWN : state.door()) + " since "
                        + contact.changed());
    }

    @Override
    public Claim next(List<Claim> waiting) {
        return waiting.getFirst();
    }

    @Override
    public void repaired() {
        contact.repaired();
        state = null;
    }
}
