package org.diwan.robots.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.control.Copy.Start;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Snapshot;
import org.diwan.robots.fleet.Snapshot.Task;
import org.diwan.robots.twin.Sheet;
import org.diwan.robots.twin.Skill;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.State;

/// Who takes part in a [Play], beside the job that it is about.
///
/// @param others jobs; those of them that a vehicle is at have it among the vehicles
/// @param leftOut who does not, and why, in words
record Cast(List<Start> vehicles, List<Task> others, List<String> leftOut) {
    /// Of more vehicles, those on floors of the job come first.
    static final int MAX_VEHICLES = 200;

    /// Other jobs: those under way, then those that would be given out first.
    static final int MAX_JOBS = 100;

    Cast {
        vehicles = List.copyOf(vehicles);
        others = List.copyOf(others);
        leftOut = List.copyOf(leftOut);
    }

    /// For a play that begins at `begin`: of jobs, if that is not now, nobody can know which are open then.
    static Cast of(Job job, Snapshot fleet, Instant begin, RoadMap map) {
        var leftOut = new ArrayList<String>();
        var vehicles = vehicles(job, fleet, map, leftOut);
        var serials =
                vehicles.stream().map(start -> start.address().serialNumber()).collect(Collectors.toSet());
        var open = fleet.tasks().stream()
                .filter(task -> !task.job().id().equals(job.id()) && matters(task, begin))
                .toList();
        if (begin.equals(fleet.at())) return new Cast(vehicles, others(open, serials, leftOut), leftOut);
        if (!open.isEmpty()) leftOut.add(open.size() + " other jobs, for it begins at " + begin);
        return new Cast(vehicles, List.of(), leftOut);
    }

    private static List<Start> vehicles(Job job, Snapshot fleet, RoadMap map, List<String> leftOut) {
        var floors = job.stops().stream()
                .map(stop -> map.place(map.vertex(stop.place())).floor())
                .collect(Collectors.toSet());
        var lost = new ArrayList<String>();
        var known = new ArrayList<Start>();
        var anything = anything(job, fleet);
        for (var vehicle : fleet.vehicles())
            vehicle.state()
                    .map(State::mobileRobotPosition)
                    .ifPresentOrElse(
                            _ -> known.add(Start.of(
                                    vehicle,
                                    map,
                                    vehicle.factsheet().map(Sheet::type).orElse(anything))),
                            () -> lost.add(vehicle.address().serialNumber()));
        if (!lost.isEmpty()) leftOut.add("vehicles that do not say where they are: " + String.join(", ", lost));
        if (known.size() > MAX_VEHICLES)
            leftOut.add((known.size() - MAX_VEHICLES) + " of " + known.size() + " vehicles, beyond the limit of "
                    + MAX_VEHICLES);
        return known.stream()
                .sorted(Comparator.comparing(
                        start -> !floors.contains(start.pose().mapId())))
                .limit(MAX_VEHICLES)
                .toList();
    }

    /// Of a vehicle without a factsheet the fleet believes that it can act: it is a porter that can do whatever
    /// jobs ask for.
    private static VehicleType anything(Job job, Snapshot fleet) {
        var porter = VehicleType.PORTER;
        var asked = Stream.concat(Stream.of(job), fleet.tasks().stream().map(Task::job))
                .flatMap(one -> one.stops().stream())
                .flatMap(stop -> stop.actions().stream())
                .map(Action::actionType)
                .filter(name -> !porter.skills().containsKey(name))
                .distinct();
        return porter.with(asked.map(Sheet::unknown).toArray(Skill[]::new));
    }

    private static boolean matters(Task task, Instant begin) {
        return task.job()
                .notBefore()
                .filter(from -> from.isAfter(begin.plus(Play.LIMIT)))
                .isEmpty();
    }

    private static List<Task> others(List<Task> open, Set<String> serials, List<String> leftOut) {
        var known = open.stream()
                .map(task -> task.vehicle().filter(serials::contains).isPresent() ? task : waiting(task))
                .filter(task -> task.stop() == 0 || task.vehicle().isPresent())
                .sorted(Comparator.comparing((Task task) -> task.vehicle().isEmpty())
                        .thenComparing(task -> -task.job().priority())
                        .thenComparing(task -> task.job().due().orElse(Instant.MAX))
                        .thenComparing(Task::submitted))
                .limit(MAX_JOBS)
                .toList();
        if (known.size() < open.size())
            leftOut.add((open.size() - known.size()) + " of " + open.size() + " other jobs, beyond the limit of "
                    + MAX_JOBS + " or in the hands of a vehicle that is left out");
        return known;
    }

    private static Task waiting(Task task) {
        return new Task(task.job(), task.submitted(), Optional.empty(), task.stop(), task.refusedBy());
    }

    /// Whether no vehicle can be ordered about.
    boolean isUnable() {
        return vehicles.stream()
                .noneMatch(start -> start.able() && !start.nodeId().isEmpty());
    }

    /// The same vehicles, and no other jobs.
    Cast alone() {
        return new Cast(vehicles, List.of(), leftOut);
    }

    /// What is left out, and one thing more.
    List<String> leftOut(String more) {
        var all = new ArrayList<>(leftOut);
        all.add(more);
        return all;
    }
}
