package org.diwan.robots.mission;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Job.Stop;
import org.diwan.robots.mission.Mission.Load;
import org.diwan.robots.mission.Mission.Step;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Action.Parameter;

/// Missions as jobs of the fleet: places become stops, loads the actions `pick` and `drop` of VDA 5050 (§6.2.3), with
/// the item as `loadType` and a parameter `count`; a wait is an action `wait` with `seconds`.
final class Jobs {
    private final String id;
    private final List<Stop> stops = new ArrayList<>();
    private int actions;

    private Jobs(String id) {
        this.id = id;
    }

    /// The job of `work`.
    ///
    /// @param load kilograms that the vehicle must be able to carry
    static Job job(String id, Mission.Work work, Asker asker, double load) {
        var jobs = new Jobs(id);
        for (var step : work.steps()) jobs.add(step);
        var permissions = asker.permissions().stream().sorted().toList();
        return new Job(
                id, jobs.stops, work.priority(), work.notBefore(), work.due(), load, permissions, Optional.empty());
    }

    /// How many stops `steps` may take.
    static int stops(List<Step> steps) {
        return steps.stream()
                .mapToInt(step ->
                        Feasibility.places(step).size() * (step instanceof Step.Patrol patrol ? patrol.rounds() : 1))
                .sum();
    }

    private void add(Step step) {
        switch (step) {
            case Step.Deliver(var loads, var from, var to) -> {
                stop(from, actions("pick", loads));
                stop(to, actions("drop", loads));
            }
            case Step.Collect(var loads, var from) -> stop(from, actions("pick", loads));
            case Step.HandOver(var loads, var to) -> stop(to, actions("drop", loads));
            case Step.Go(var to) -> stop(to, List.of());
            case Step.Patrol(var places, var rounds) -> {
                for (int round = 0; round < rounds; round++) for (String place : places) stop(place, List.of());
            }
            case Step.Guide(var from, var to) -> {
                from.ifPresent(place -> stop(place, List.of()));
                stop(to, List.of());
            }
            case Step.Wait(var minutes) ->
                stop(
                        stops.getLast().place(),
                        List.of(action("wait", List.of(new Parameter("seconds", IntNode.valueOf(60 * minutes))))));
            case Step.Return(var to) -> stop(to, List.of());
            case Step.Charge(var at) -> stop(at, List.of());
        }
    }

    /// Another stop, or more to do at the one before if that is there.
    private void stop(String place, List<Action> more) {
        if (stops.isEmpty() || !stops.getLast().place().equals(place)) {
            stops.add(new Stop(place, more));
            return;
        }
        var all = new ArrayList<>(stops.removeLast().actions());
        all.addAll(more);
        stops.add(new Stop(place, all));
    }

    private List<Action> actions(String type, List<Load> loads) {
        return loads.stream()
                .map(load -> action(
                        type,
                        List.of(
                                new Parameter("loadType", TextNode.valueOf(load.item())),
                                new Parameter("count", IntNode.valueOf(load.count())))))
                .toList();
    }

    private Action action(String type, List<Parameter> parameters) {
        return new Action(type, id + "-" + ++actions, null, BlockingType.HARD, parameters, null);
    }
}
