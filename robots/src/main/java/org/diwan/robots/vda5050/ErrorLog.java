package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.robots.vda5050.State.Fault;

/// The errors that a vehicle reports, each for as long as table 9 says (§6.6.5.4). One thread owns it.
public final class ErrorLog {
    /// Reported at once; the oldest refusals make room.
    public static final int MAX_ERRORS = 32;

    /// What ends the report of a refusal.
    public enum Until {
        /// A new order, or an update, was accepted.
        ORDER,
        /// A new instant action was accepted.
        INSTANT_ACTION,
        /// The mode lets orders in again.
        MODE
    }

    private record Refusal(Fault fault, Until until) {}

    private final Map<String, Fault> conditions = new LinkedHashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();

    /// Reports `fault` until what ends it; the same once more is reported once.
    public void refuse(Fault fault, Until until) {
        var refusal = new Refusal(fault, until);
        if (refusals.contains(refusal)) return;
        if (refusals.size() >= MAX_ERRORS) refusals.removeFirst();
        refusals.add(refusal);
    }

    /// Something happened that ends reports.
    public void over(Until until) {
        refusals.removeIf(refusal -> refusal.until() == until);
    }

    /// Reports `fault` for as long as `condition` is not [#clear]ed.
    ///
    /// @return whether that is new
    public boolean raise(String condition, Fault fault) {
        return !fault.equals(conditions.put(condition, fault));
    }

    /// The condition is over.
    ///
    /// @return whether it was reported
    public boolean clear(String condition) {
        return conditions.remove(condition) != null;
    }

    /// Forgets all of them.
    public void clear() {
        conditions.clear();
        refusals.clear();
    }

    /// Whether that condition is reported.
    public boolean has(String condition) {
        return conditions.containsKey(condition);
    }

    /// As the state lists them.
    public List<Fault> faults() {
        var all = new ArrayList<>(conditions.values());
        for (var refusal : refusals) all.add(refusal.fault());
        return all;
    }
}
