package org.diwan.robots.control;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.control.Copy.Start;
import org.diwan.robots.record.EntryBook;
import org.diwan.robots.record.RobotRules;
import org.diwan.robots.record.WarrantCheck;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Version;
import org.diwan.sovereignty.ledger.VerifierKey;

/// A building with everything in it simulated but fleet control and its records, in time that passes by itself: for
/// demonstrations and tests. Each vehicle has an adapter that trusts the log's keys.
public final class Stage implements AutoCloseable {
    /// Where a position on the page comes from.
    private static final Duration SHOWN_EVERY = Duration.ofMillis(500);

    private final Paced timeline;
    private final Control control;

    /// @param robots how many; they begin at chargers and parking places
    /// @param speed simulated seconds in a second
    /// @param keys of the log that `book` writes
    /// @throws IllegalArgumentException if there are fewer places than robots
    public Stage(
            RoadMap map,
            int robots,
            double speed,
            RobotRules rules,
            EntryBook book,
            List<VerifierKey> keys,
            Path folder)
            throws IOException {
        var starts = starts(map, robots);
        timeline = new Paced(Instant.now(), speed);
        var local = new LocalBus(timeline, LocalBus.Quality.PERFECT, 1);
        var bus = timeline.guarded(local);
        var copy = timeline.once(() -> new Copy(map.building(), starts, local, timeline, 1));
        for (var vehicle : copy.vehicles()) {
            var check = new WarrantCheck(keys, vehicle.address(), map, timeline);
            bus.subscribe(check.topic(), (_, warrant) -> check.take(warrant));
            vehicle.admission((_, _, message) -> check.refuse(message));
            timeline.once(() -> {
                vehicle.visualize(SHOWN_EVERY);
                return vehicle;
            });
        }
        var addresses = starts.stream().map(Start::address).toList();
        control = new Control(bus, timeline, map, rules, book, addresses, ZoneId.systemDefault(), folder);
    }

    private static List<Start> starts(RoadMap map, int robots) {
        var places = new ArrayList<Place>();
        for (var use : List.of(Use.CHARGER, Use.PARKING))
            for (var place : map.building().places())
                if (place.uses().contains(use) && !places.contains(place)) places.add(place);
        if (places.size() < robots)
            throw new IllegalArgumentException(
                    robots + " robots, and " + map.building().name() + " has " + places.size() + " places for them");
        var starts = new ArrayList<Start>();
        for (var place : places.subList(0, robots)) {
            var address = new Address("uagv", Version.V3_0, "diwan", "r-%03d".formatted(starts.size() + 1));
            starts.add(new Start(address, VehicleType.PORTER, place, 0.9));
        }
        return starts;
    }

    /// What is in control of it.
    public Control control() {
        return control;
    }

    @Override
    public void close() {
        control.close();
        timeline.close();
    }
}
