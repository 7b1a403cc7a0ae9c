package org.diwan.robots.control;

import java.util.Map;
import java.util.Set;
import org.diwan.robots.facility.FacilityDesk.Cabin;
import org.diwan.robots.fleet.Snapshot;

/// A building at one instant, to be copied.
///
/// @param cabins where lifts are, of those that said so
/// @param broken lifts and doors that are out of order
record Scene(Snapshot fleet, Map<String, Cabin> cabins, Set<String> broken) {
    Scene {
        cabins = Map.copyOf(cabins);
        broken = Set.copyOf(broken);
    }
}
