package org.diwan.robots.mission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Job.Stop;
import org.diwan.robots.mission.Mission.Load;
import org.diwan.robots.mission.Mission.Step;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Action.Parameter;

/// Missions as jobs of the fleet. Places become stops. What is taken up at one stop and set down at another is one
/// load: a `pick` and a `drop` of VDA 5050 (§6.2.3) with the same `loadId`, with the item as `loadType`, its `count`
/// and its `weight` in kilograms; both may be tried again. A wait is an action `wait` with `seconds`.
final class Jobs {
    private final String id;
    private final Premises premises;
    private final List<Stop> stops = new ArrayList<>();
    private int actions;

    /// A load from where it is taken up to where it is set down.
    private record Transfer(String loadId, Load load, int pick, int drop) {}

    /// So many of an item that are aboard since a step.
    private record Taken(int step, int count) {}

    private final List<Transfer> transfers = new ArrayList<>();

    private Jobs(String id, Premises premises) {
        this.id = id;
        this.premises = premises;
    }

    /// The job of `work`.
    ///
    /// @param load kilograms that the vehicle must be able to carry
    static Job job(String id, Mission.Work work, Asker asker, double load, Premises premises) {
        var jobs = new Jobs(id, premises);
        jobs.transfers(work.steps());
        for (int i = 0; i < work.steps().size(); i++) jobs.add(i, work.steps().get(i));
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

    /// Matches what is taken up with what is set down: of one item, what was taken first goes first.
    private void transfers(List<Step> steps) {
        var aboard = new HashMap<String, Deque<Taken>>();
        for (int i = 0; i < steps.size(); i++) {
            switch (steps.get(i)) {
                case Step.Deliver(var loads, var from, var to) -> {
                    for (var load : loads) transfer(load, i, i);
                }
                case Step.Collect(var loads, var from) -> {
                    for (var load : loads)
                        aboard.computeIfAbsent(load.item(), same -> new ArrayDeque<>())
                                .add(new Taken(i, load.count()));
                }
                case Step.HandOver(var loads, var to) -> {
                    for (var load : loads) {
                        var taken = aboard.getOrDefault(load.item(), new ArrayDeque<>());
                        for (int left = load.count(); left > 0 && !taken.isEmpty(); ) {
                            var first = taken.removeFirst();
                            int count = Math.min(left, first.count());
                            transfer(new Load(load.item(), count), first.step(), i);
                            if (count < first.count()) taken.addFirst(new Taken(first.step(), first.count() - count));
                            left -= count;
                        }
                    }
                }
                case Step.Go go -> {}
                case Step.Patrol patrol -> {}
                case Step.Guide guide -> {}
                case Step.Wait wait -> {}
                case Step.Return back -> {}
                case Step.Charge charge -> {}
            }
        }
    }

    private void transfer(Load load, int pick, int drop) {
        transfers.add(new Transfer(load.item() + "-" + (transfers.size() + 1), load, pick, drop));
    }

    private void add(int i, Step step) {
        switch (step) {
            case Step.Deliver(var loads, var from, var to) -> {
                stop(from, picks(i));
                stop(to, drops(i));
            }
            case Step.Collect(var loads, var from) -> stop(from, picks(i));
            case Step.HandOver(var loads, var to) -> stop(to, drops(i));
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
                        List.of(action("wait", Map.of("seconds", IntNode.valueOf(60 * minutes)), false)));
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

    private List<Action> picks(int step) {
        return transfers.stream()
                .filter(transfer -> transfer.pick() == step)
                .map(transfer -> action("pick", transfer))
                .toList();
    }

    private List<Action> drops(int step) {
        return transfers.stream()
                .filter(transfer -> transfer.drop() == step)
                .map(transfer -> action("drop", transfer))
                .toList();
    }

    private Action action(String type, Transfer transfer) {
        var load = transfer.load();
        var item = premises.catalogue().get(load.item());
        double kg = item == null ? 0 : item.kg() * load.count();
        return action(
                type,
                Map.of(
                        "loadId", TextNode.valueOf(transfer.loadId()),
                        "loadType", TextNode.valueOf(load.item()),
                        "count", IntNode.valueOf(load.count()),
                        "weight", DoubleNode.valueOf(kg)),
                true);
    }

    private Action action(String type, Map<String, JsonNode> arguments, boolean retriable) {
        var parameters = arguments.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Parameter(entry.getKey(), entry.getValue()))
                .toList();
        return new Action(type, id + "-" + ++actions, null, BlockingType.HARD, parameters, retriable);
    }
}
