package org.diwan.robots.mission;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.diwan.robots.mission.Mission.Load;
import org.diwan.robots.mission.Mission.Step;
import org.diwan.robots.mission.Understanding.Why;

/// Whether some vehicle could do a mission at all: ways, loads, equipment, time. A first look without traffic; what
/// the traffic allows, a [Rehearsal] says.
final class Feasibility {
    /// Seconds to take something up, or to set it down.
    private static final double HANDLING_SECONDS = 15;

    private final Premises premises;
    private final Routes routes;

    /// @param subject the id of a place or item, or a time
    record Fault(Why why, String subject) {}

    Feasibility(Premises premises, Routes routes) {
        this.premises = premises;
        this.routes = routes;
    }

    /// The first thing that makes it impossible.
    Optional<Fault> fault(Mission.Work work, Asker asker, Instant now) {
        var stops = new ArrayList<String>();
        for (var step : work.steps()) stops.addAll(places(step));
        String base = premises.home().orElse(stops.isEmpty() ? "" : stops.getFirst());
        double seconds = handling(work);
        String last = base;
        for (String stop : stops) {
            var way = routes.seconds(last, stop, asker);
            if (way.isEmpty()) return Optional.of(new Fault(Why.UNREACHABLE, stop));
            if (!last.equals(base)) seconds += way.get(); // where the vehicle comes from is not known
            last = stop;
        }
        var load = load(work);
        if (load.isPresent()) return load;
        if (work.due().isEmpty()) return Optional.empty();
        var start = work.notBefore().filter(time -> time.isAfter(now)).orElse(now);
        boolean late = start.plus(Duration.ofMillis((long) (1000 * seconds)))
                .isAfter(work.due().get());
        return late ? Optional.of(new Fault(Why.TOO_LATE, work.due().get().toString())) : Optional.empty();
    }

    private static double handling(Mission.Work work) {
        return HANDLING_SECONDS
                * work.steps().stream()
                        .mapToInt(step -> switch (step) {
                            case Step.Deliver deliver -> 2;
                            case Step.Collect collect -> 1;
                            case Step.HandOver drop -> 1;
                            case Step.Go go -> 0;
                            case Step.Patrol patrol -> 0;
                            case Step.Guide guide -> 0;
                            case Step.Wait wait -> 0;
                            case Step.Return back -> 0;
                            case Step.Charge charge -> 0;
                        })
                        .sum();
    }

    /// What is carried whenever something was taken up, so the most is among it.
    private static List<Map<String, Integer>> burdens(Mission.Work work) {
        var burdens = new ArrayList<Map<String, Integer>>();
        var carried = new HashMap<String, Integer>();
        for (var step : work.steps()) {
            switch (step) {
                case Step.Collect(var loads, var from) -> {
                    add(carried, loads, 1);
                    burdens.add(Map.copyOf(carried));
                }
                case Step.Deliver(var loads, var from, var to) -> {
                    var both = new HashMap<>(carried);
                    add(both, loads, 1);
                    burdens.add(both);
                }
                case Step.HandOver(var loads, var to) -> add(carried, loads, -1);
                case Step.Go go -> {}
                case Step.Patrol patrol -> {}
                case Step.Guide guide -> {}
                case Step.Wait wait -> {}
                case Step.Return back -> {}
                case Step.Charge charge -> {}
            }
        }
        return burdens;
    }

    private static void add(Map<String, Integer> carried, List<Load> loads, int sign) {
        for (var load : loads) carried.merge(load.item(), sign * load.count(), Integer::sum);
    }

    private Premises.Item item(String id) {
        return Objects.requireNonNull(premises.catalogue().get(id), id);
    }

    private double kilograms(Map<String, Integer> burden) {
        return burden.entrySet().stream()
                .mapToDouble(entry -> item(entry.getKey()).kg() * Math.max(0, entry.getValue()))
                .sum();
    }

    /// Kilograms that the vehicle of `work` must be able to carry.
    double kilograms(Mission.Work work) {
        return burdens(work).stream().mapToDouble(this::kilograms).max().orElse(0);
    }

    /// No vehicle with the equipment, or none that carries so much.
    private Optional<Fault> load(Mission.Work work) {
        for (var burden : burdens(work)) {
            String heaviest = burden.keySet().stream()
                    .max(Comparator.comparingDouble(id -> item(id).kg() * burden.getOrDefault(id, 0)))
                    .orElseThrow();
            var able = premises.carriers().stream()
                    .filter(carrier -> burden.keySet().stream()
                            .flatMap(id -> item(id).needs().stream())
                            .allMatch(carrier.equipment()::contains))
                    .toList();
            if (able.isEmpty()) return Optional.of(new Fault(Why.NO_VEHICLE, heaviest));
            double kg = kilograms(burden);
            if (able.stream().noneMatch(carrier -> carrier.maxLoad() >= kg))
                return Optional.of(new Fault(Why.TOO_HEAVY, heaviest));
        }
        return Optional.empty();
    }

    /// Where a step leads, in order.
    static List<String> places(Step step) {
        return switch (step) {
            case Step.Deliver(var loads, var from, var to) -> List.of(from, to);
            case Step.Collect(var loads, var from) -> List.of(from);
            case Step.HandOver(var loads, var to) -> List.of(to);
            case Step.Go(var to) -> List.of(to);
            case Step.Patrol(var places, var rounds) -> places;
            case Step.Guide(var from, var to) ->
                from.map(place -> List.of(place, to)).orElse(List.of(to));
            case Step.Wait(var minutes) -> List.of();
            case Step.Return(var to) -> List.of(to);
            case Step.Charge(var at) -> List.of(at);
        };
    }
}
