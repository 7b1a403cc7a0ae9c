package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.vda5050.State.Use;
import org.diwan.robots.vda5050.State.ZoneSetEntry;
import org.diwan.robots.vda5050.ZoneSet.Zone;

/// The zone sets on a vehicle; of each map at most one is in use (§6.4.2). One thread owns it.
public final class ZoneSets {
    /// More sets than that a vehicle does not hold.
    public static final int MAX_SETS = 256;

    /// More zones in a set are refused.
    public static final int MAX_ZONES = 10_000;

    /// Why a set is not taken.
    public enum Refusal {
        /// One of that name is here (`DUPLICATE_ZONE_SET`).
        DUPLICATE,
        /// Two of its zones have one name.
        AMBIGUOUS,
        /// Too many, or too large.
        NO_ROOM
    }

    private final Map<String, ZoneSet> sets = new LinkedHashMap<>();
    private final Map<String, String> enabled = new LinkedHashMap<>();

    /// Holds it from now on, not in use; or says why not.
    public Optional<Refusal> add(ZoneSet set) {
        if (sets.containsKey(set.zoneSetId())) return Optional.of(Refusal.DUPLICATE);
        if (sets.size() >= MAX_SETS || set.zones().size() > MAX_ZONES) return Optional.of(Refusal.NO_ROOM);
        var names = new HashSet<String>();
        for (var zone : set.zones()) if (!names.add(zone.zoneId())) return Optional.of(Refusal.AMBIGUOUS);
        sets.put(set.zoneSetId(), set);
        return Optional.empty();
    }

    /// Puts it in use, and no other of its map.
    ///
    /// @return false if it is not here
    public boolean enable(String zoneSetId) {
        var set = sets.get(zoneSetId);
        if (set == null) return false;
        enabled.put(set.mapId(), zoneSetId);
        return true;
    }

    /// Forgets it.
    ///
    /// @return false if it is not here, or in use
    public boolean delete(String zoneSetId) {
        if (enabled.containsValue(zoneSetId)) return false;
        return sets.remove(zoneSetId) != null;
    }

    /// The set in use on a map.
    public Optional<ZoneSet> active(String mapId) {
        return Optional.ofNullable(enabled.get(mapId)).map(sets::get);
    }

    /// The zones in use on a map.
    public List<Zone> zones(String mapId) {
        return active(mapId).map(ZoneSet::zones).orElse(List.of());
    }

    /// As the state lists them.
    public List<ZoneSetEntry> entries() {
        var entries = new ArrayList<ZoneSetEntry>();
        for (var set : sets.values())
            entries.add(new ZoneSetEntry(
                    set.zoneSetId(),
                    set.mapId(),
                    set.zoneSetId().equals(enabled.get(set.mapId())) ? Use.ENABLED : Use.DISABLED));
        return entries;
    }
}
