package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.robots.twin.Surroundings.Crossing;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Vehicle;
import org.diwan.robots.vda5050.ZoneSet;

/// What `ACTION` zones have a vehicle do as it crosses their borders (§6.4.1.1): the zone names no `actionId`s, so each
/// action gets one here that no other has.
final class ZoneActions {
    private final Map<Crossing, List<Action>> during = new HashMap<>();
    private long named;

    /// What is left is over, and what is entered begins.
    void follow(Surroundings.Step step, Vehicle vehicle) {
        for (var zone : step.left()) {
            var actions = during.remove(zone);
            if (actions != null) vehicle.leaveZone(actions);
            vehicle.enterZone(named(zone.rule().exitActions(), vehicle));
        }
        for (var zone : step.entered()) {
            vehicle.enterZone(named(zone.rule().entryActions(), vehicle));
            var actions = named(zone.rule().duringActions(), vehicle);
            during.put(zone, actions);
            vehicle.enterZone(actions);
        }
    }

    /// It is in none, as far as it knows.
    void clear() {
        during.clear();
    }

    private List<Action> named(List<ZoneSet.ZoneAction> zoneActions, Vehicle vehicle) {
        var actions = new ArrayList<Action>();
        for (var it : zoneActions)
            actions.add(new Action(
                    it.actionType(),
                    name(vehicle),
                    it.actionDescriptor(),
                    it.blockingType(),
                    it.actionParameters(),
                    it.retriable()));
        return actions;
    }

    private String name(Vehicle vehicle) {
        String name;
        do name = "zone-action-" + named++;
        while (vehicle.status(name).isPresent());
        return name;
    }
}
