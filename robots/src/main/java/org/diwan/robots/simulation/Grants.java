package org.diwan.robots.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.diwan.robots.facility.Leases;

/// Listens between the fleet and whoever lends lifts, doors and zones, and notes what was lent: from the first
/// GRANTED until it is given back. Two who have the same thing at one time are a fault, whatever the lender thinks.
final class Grants implements Leases {
    private final Leases lender;
    private final Consumer<String> fault;
    private final Map<String, String> holders = new HashMap<>();
    private int lent;
    private int twice;

    /// @param fault is told in words, whenever a thing is lent to a second one
    Grants(Leases lender, Consumer<String> fault) {
        this.lender = lender;
        this.fault = fault;
    }

    @Override
    public void request(String facility, String holder, String floor) {
        lender.request(facility, holder, floor);
    }

    @Override
    public Standing standing(String facility, String holder) {
        var standing = lender.standing(facility, holder);
        if (standing == Standing.GRANTED) note(facility, holder);
        return standing;
    }

    private void note(String facility, String holder) {
        var before = holders.put(facility, holder);
        if (holder.equals(before)) return;
        lent++;
        if (before == null) return;
        twice++;
        fault.accept(facility + " is lent to " + holder + ", and " + before + " has not given it back");
    }

    @Override
    public void release(String facility, String holder) {
        holders.remove(facility, holder);
        lender.release(facility, holder);
    }

    @Override
    public void listen(Runnable changed) {
        lender.listen(changed);
    }

    @Override
    public void alive(String holder) {
        lender.alive(holder);
    }

    @Override
    public Optional<String> why(String facility, String holder) {
        return lender.why(facility, holder);
    }

    /// How often something was lent.
    int lent() {
        return lent;
    }

    /// How often something was lent that another had.
    int twice() {
        return twice;
    }
}
