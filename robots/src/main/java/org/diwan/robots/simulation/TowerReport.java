package org.diwan.robots.simulation;

import java.time.Duration;
import java.util.List;

/// What a simulated tower did.
///
/// @param open jobs that were not over at the end
/// @param deliveryP50 from the wish to the end of the delivery
/// @param liftWaitP50 from being at a landing to being in the cabin
/// @param leases how often a lift, a door or a zone was lent
/// @param lentTwice how often to a second vehicle while another had it
/// @param nearest metres between the two vehicles that came nearest
/// @param lowestCharge of any battery, 0 to 1
/// @param faults how often something was that must never be
/// @param told the first of these, in words
/// @param digest of all messages: runs that agree on it said the same
public record TowerReport(
        int wishes,
        int done,
        int failed,
        int open,
        Duration deliveryP50,
        Duration deliveryP95,
        int rides,
        Duration liftWaitP50,
        Duration liftWaitP95,
        int leases,
        int lentTwice,
        double nearest,
        double lowestCharge,
        long faults,
        List<String> told,
        long messages,
        String digest) {
    public TowerReport {
        told = List.copyOf(told);
    }

    /// The least that `share` of them do not exceed; zero of none.
    static Duration quantile(List<Duration> durations, double share) {
        if (durations.isEmpty()) return Duration.ZERO;
        var sorted = durations.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
