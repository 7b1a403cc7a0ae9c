package org.diwan.robots.roads;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who waits in vain: for somebody that waits in vain too, or that cannot be moved. Asked when a joint move moves
/// nobody; then a wait ends only if it is for a vehicle that has so much ahead that it is planned no further until it
/// has passed some of it, or that is on its way to its goal.
final class Detector {
    private final Roads roads;
    private final Step step;
    /// `[room]`: who is the last that is committed to be there.
    private final @Nullable Vehicle[] last;

    Detector(Roads roads, Step step) {
        this.roads = roads;
        this.step = step;
        last = new Vehicle[roads.size];
    }

    /// Of `vehicles`, whose agents are those of the move, all that want to move and never will if only time passes.
    List<Vehicle> inVain(List<Vehicle> vehicles, List<Agent> agents, boolean[] closed) {
        for (var vehicle : vehicles) last[roads.room[vehicle.end()]] = vehicle;
        for (int i = 0; i < vehicles.size(); i++)
            vehicles.get(i).hopeful = vehicles.get(i).arriving() || agents.get(i).resting;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < vehicles.size(); i++) {
                var vehicle = vehicles.get(i);
                if (vehicle.hopeful || vehicle.held || !waitsForHope(agents.get(i), closed)) continue;
                vehicle.hopeful = true;
                changed = true;
            }
        }
        var inVain = new ArrayList<Vehicle>();
        for (var vehicle : vehicles) if (!vehicle.hopeful && vehicle.wants()) inVain.add(vehicle);
        Arrays.fill(last, null);
        return inVain;
    }

    /// Whether a vehicle that may still move is where this one would go: on a best way if it has a goal, else
    /// anywhere.
    private boolean waitsForHope(Agent agent, boolean[] closed) {
        int[] next = roads.next[agent.at];
        for (int way = 0; way < next.length; way++) {
            var other = last[roads.room[next[way]]];
            if (other == null || !other.hopeful || !step.allows(agent, way, closed)) continue;
            if (agent.left == null || agent.arrived()) return true;
            if (Fields.through(roads, agent.left, agent.at, way, agent.permit, closed) <= agent.left[agent.at])
                return true;
        }
        return false;
    }
}
