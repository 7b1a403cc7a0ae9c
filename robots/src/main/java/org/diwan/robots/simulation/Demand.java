package org.diwan.robots.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Job.Stop;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;

/// The deliveries that people in a building want in a day: to and from rooms, most of them by day, three times
/// as many an hour at lunch. Every second one comes from a counter (a bar, the canteen, the post), whose place
/// has a name of its own and not a number.
public final class Demand {
    /// Of one day.
    public static final int MAX = 100_000;

    /// How many an hour, beside each other, from midnight on.
    private static final double[] HOURS = {
        0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1, 1.2, 1.2, 1.2, 2, 3, 2, 1.2, 1.2, 1.2, 1, 0.6, 0.4, 0.3, 0.2, 0.1, 0.1
    };

    /// A job and when somebody asks for it.
    public record Wish(Instant at, Job job) {}

    private final List<Place> counters;
    private final List<Place> rooms;

    /// Of a building with places to pick up and to set down, outside of RESTRICTED zones.
    public Demand(Building building) {
        var open = building.places().stream()
                .filter(place ->
                        place.uses().contains(Use.PICKUP) && place.uses().contains(Use.DROPOFF))
                .filter(place -> building.zones().stream()
                        .noneMatch(zone -> zone.kind() == Zone.Kind.RESTRICTED && zone.holds(place)))
                .toList();
        counters = open.stream().filter(place -> !isNumber(place.id())).toList();
        rooms = open.stream().filter(place -> isNumber(place.id())).toList();
        if (rooms.size() < 2)
            throw new IllegalArgumentException(
                    building.name() + " has " + rooms.size() + " rooms for deliveries, must be at least 2");
    }

    private static boolean isNumber(String id) {
        return id.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// So many wishes of the day that begins at `midnight`, in order.
    public List<Wish> day(Instant midnight, int count, long seed) {
        if (count < 0 || count > MAX)
            throw new IllegalArgumentException(count + " deliveries a day, must be 0 to " + MAX);
        var random = new SplittableRandom(seed);
        var times = new ArrayList<Instant>();
        for (int i = 0; i < count; i++) times.add(midnight.plus(time(random)));
        times.sort(Comparator.naturalOrder());
        var wishes = new ArrayList<Wish>();
        for (int i = 0; i < count; i++) wishes.add(new Wish(times.get(i), job("d-" + i, random)));
        return wishes;
    }

    private static Duration time(SplittableRandom random) {
        double sum = 0;
        for (double rate : HOURS) sum += rate;
        double left = random.nextDouble() * sum;
        int hour = 0;
        while (left >= HOURS[hour]) {
            left -= HOURS[hour];
            hour++;
        }
        return Duration.ofMillis((long) (3.6e6 * (hour + left / HOURS[hour])));
    }

    private Job job(String id, SplittableRandom random) {
        boolean served = !counters.isEmpty() && random.nextBoolean();
        var from = one(served ? counters : rooms, random);
        var to = from;
        while (to.equals(from)) to = one(rooms, random);
        var stops = List.of(new Stop(from.id(), List.of(act(id, "pick"))), new Stop(to.id(), List.of(act(id, "drop"))));
        double kilograms = random.nextInt(1, 10);
        return new Job(
                id, stops, served ? 6 : 4, Optional.empty(), Optional.empty(), kilograms, List.of(), Optional.empty());
    }

    private static Place one(List<Place> places, SplittableRandom random) {
        return places.get(random.nextInt(places.size()));
    }

    private static Action act(String job, String type) {
        return new Action(type, job + "." + type, null, BlockingType.HARD, List.of(), null);
    }
}
