package org.diwan.robots.building;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Files of others may hold a hundred thousand of the same: that is told, in seconds and not in hours.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeapTest {
    @Test
    void placesInOneSpotAreFaults() {
        var places = new ArrayList<Place>();
        for (int i = 0; i < 300_000; i++) places.add(new Place("p" + i, "1", 0, 0, Map.of(), Set.of()));
        var floors = List.of(new Floor("1", 0, List.of()));
        var building = new Building("heap", floors, places, List.of(), List.of(), List.of(), List.of());
        assertEquals(BuildingCheck.MAX_FAULTS, BuildingCheck.faults(building).size());
    }

    @Test
    void placesOfOneNameGetANameEach() {
        var ids = new Ids();
        var names = new HashSet<String>();
        for (int i = 0; i < 300_000; i++) names.add(ids.of("a", "L1"));
        assertEquals(300_000, names.size());
        assertEquals("a-L1-300000", ids.of("a", "L1"));
    }
}
