package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.State.Load;
import org.diwan.robots.vda5050.Vehicle;

/// What a vehicle carries.
final class Cargo {
    private final double capacity;
    private final List<Load> loads = new ArrayList<>();

    Cargo(double capacity) {
        this.capacity = capacity;
    }

    /// Takes the `loadId` of `pick` up, of `weight` kilograms.
    ///
    /// @return false if the weight is no weight, or too much
    boolean pick(Action pick) {
        double weight;
        try {
            weight = Double.parseDouble(Vehicle.argument(pick, "weight").orElse("0"));
        } catch (NumberFormatException e) {
            return false;
        }
        double carried = 0;
        for (var load : loads) carried += load.weight() == null ? 0 : load.weight();
        if (!(weight >= 0 && carried + weight <= capacity)) return false;
        String id = Vehicle.argument(pick, "loadId").orElse(pick.actionId());
        String loadType = Vehicle.argument(pick, "loadType").orElse(null);
        return loads.add(new Load(id, loadType, null, null, null, weight));
    }

    /// Sets the `loadId` of `drop` down, or else what was taken up first.
    ///
    /// @return false if it is not aboard
    boolean drop(Action drop) {
        var id = Vehicle.argument(drop, "loadId");
        for (int i = 0; i < loads.size(); i++) {
            if (id.isPresent() && !id.get().equals(loads.get(i).loadId())) continue;
            loads.remove(i);
            return true;
        }
        return false;
    }

    List<Load> loads() {
        return loads;
    }
}
