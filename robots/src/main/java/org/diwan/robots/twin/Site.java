package org.diwan.robots.twin;

import java.util.List;
import java.util.Set;
import org.diwan.robots.vda5050.ZoneSet.Vertex;

/// What a vehicle knows of where it lives.
///
/// @param maps the floors that it has maps of, by mapId
/// @param chargers the nodes on which `startCharging` finds a charger; empty: on any
/// @param privacy where its cameras are off
public record Site(Set<String> maps, Set<String> chargers, List<Private> privacy) {
    /// Where nobody is to be filmed.
    ///
    /// @param outline corners in order
    public record Private(String id, String mapId, List<Vertex> outline) {
        public Private {
            outline = List.copyOf(outline);
        }
    }

    public Site {
        maps = Set.copyOf(maps);
        chargers = Set.copyOf(chargers);
        privacy = List.copyOf(privacy);
    }

    /// Without privacy zones.
    public Site(Set<String> maps, Set<String> chargers) {
        this(maps, chargers, List.of());
    }
}
