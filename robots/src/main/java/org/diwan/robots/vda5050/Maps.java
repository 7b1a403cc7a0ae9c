package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.diwan.robots.vda5050.State.MapEntry;
import org.diwan.robots.vda5050.State.Use;

/// The maps on a vehicle; of each name at most one version is in use (§6.3). One thread owns it.
public final class Maps {
    /// More than that a vehicle does not hold.
    public static final int MAX_MAPS = 256;

    /// What maps that a vehicle came with have for a version.
    public static final String FIRST_VERSION = "1";

    private final List<MapEntry> maps = new ArrayList<>();

    /// Holds maps of these names, all in use.
    public Maps(Collection<String> mapIds) {
        mapIds.stream().sorted().forEach(id -> maps.add(new MapEntry(id, FIRST_VERSION, null, Use.ENABLED)));
    }

    /// Whether a version of it is in use.
    public boolean isEnabled(String mapId) {
        for (var map : maps) if (map.mapId().equals(mapId) && map.mapStatus() == Use.ENABLED) return true;
        return false;
    }

    /// Whether that very version is here.
    public boolean has(String mapId, String mapVersion) {
        return index(mapId, mapVersion) >= 0;
    }

    /// Adds one that is not yet in use.
    ///
    /// @return false if it is here already, or there is no room
    public boolean add(String mapId, String mapVersion) {
        if (has(mapId, mapVersion) || maps.size() >= MAX_MAPS) return false;
        return maps.add(new MapEntry(mapId, mapVersion, null, Use.DISABLED));
    }

    /// Puts it in use, and no other of its name.
    ///
    /// @return false if it is not here
    public boolean enable(String mapId, String mapVersion) {
        if (!has(mapId, mapVersion)) return false;
        maps.replaceAll(map -> !map.mapId().equals(mapId)
                ? map
                : new MapEntry(
                        mapId,
                        map.mapVersion(),
                        map.mapDescriptor(),
                        map.mapVersion().equals(mapVersion) ? Use.ENABLED : Use.DISABLED));
        return true;
    }

    /// Forgets it.
    ///
    /// @return false if it is not here, or in use
    public boolean delete(String mapId, String mapVersion) {
        int index = index(mapId, mapVersion);
        if (index < 0 || maps.get(index).mapStatus() == Use.ENABLED) return false;
        maps.remove(index);
        return true;
    }

    private int index(String mapId, String mapVersion) {
        for (int i = 0; i < maps.size(); i++)
            if (maps.get(i).mapId().equals(mapId) && maps.get(i).mapVersion().equals(mapVersion)) return i;
        return -1;
    }

    /// As the state lists them.
    public List<MapEntry> entries() {
        return List.copyOf(maps);
    }
}
