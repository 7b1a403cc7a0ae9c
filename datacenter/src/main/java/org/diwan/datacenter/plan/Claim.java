package org.diwan.datacenter.plan;

/// A constraint at one place, with the numbers: `used` must not exceed `limit`.
///
/// @param place a path of the inventory, a workload, or a replica, as [Constraint] says
/// @param lost for the power of a PDU or a feed, the feed `site/panel/feed` whose loss is the worst
///     case: the first in the order of the file that leads to `used`; else empty
/// @param used in the unit of the constraint; watts are rounded up
public record Claim(Constraint constraint, String place, String lost, long used, long limit)
        implements Comparable<Claim> {
    public boolean holds() {
        return used <= limit;
    }

    @Override
    public int compareTo(Claim other) {
        int byConstraint = constraint.compareTo(other.constraint);
        return byConstraint != 0 ? byConstraint : place.compareTo(other.place);
    }

    /// For people: `rack-power riyadh-1/h1/r1/r1-01: 41000 of 40000`.
    @Override
    public String toString() {
        return constraint.label() + " " + place + (lost.isEmpty() ? "" : " without " + lost) + ": " + used + " of "
                + limit;
    }
}
