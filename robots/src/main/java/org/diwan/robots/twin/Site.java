package org.diwan.robots.twin;

import java.util.Set;

/// What a vehicle knows of where it lives.
///
/// @param maps the floors that it has maps of, by mapId
/// @param chargers the nodes on which `startCharging` finds a charger; empty: on any
public record Site(Set<String> maps, Set<String> chargers) {
    public Site {
        maps = Set.copyOf(maps);
        chargers = Set.copyOf(chargers);
    }
}
