package org.diwan.cloud.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.BreachDuty;
import org.diwan.sovereignty.policy.Pack;

/// One breach under one law, and how much time is left.
///
/// @param pack whose law it is
/// @param hoursLeft as [Breach#hoursLeft]; says something only while [State#isTicking]
public record BreachClock(
        Breach breach, Pack pack, BreachDuty duty, Breach.State state, Instant due, double hoursLeft) {
    /// Every breach under each law that governs the place where it happened, as it stands at `now`.
    public static List<BreachClock> of(Collection<Breach> breaches, List<Pack> packs, Instant now) {
        var clocks = new ArrayList<BreachClock>();
        for (var breach : breaches)
            for (var pack : packs)
                if (pack.breach().isPresent() && pack.governs(new Jurisdiction(breach.origin()))) {
                    var duty = pack.breach().get();
                    clocks.add(new BreachClock(
                            breach,
                            pack,
                            duty,
                            breach.state(duty, now),
                            breach.due(duty),
                            breach.hoursLeft(duty, now)));
                }
        return clocks;
    }
}
