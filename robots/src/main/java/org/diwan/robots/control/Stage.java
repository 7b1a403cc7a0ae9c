package org.diwan.robots.control;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.record.EntryBook;
import org.diwan.robots.record.JobFolder;
import org.diwan.robots.record.OrderDesk.Origin;
import org.diwan.robots.record.RobotRules;
import org.diwan.robots.record.RobotRules.Actor;
import org.diwan.robots.record.Trust;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Version;

/// A building with everything in it simulated but fleet control and its records, in time that passes by itself: for
/// demonstrations and tests. Each vehicle has an adapter that trusts the log's keys.
public final class Stage implements AutoCloseable {
    private static final Origin UNREHEARSED = new Origin(Optional.empty(), "not rehearsed");
    private static final System.Logger LOG = System.getLogger(Stage.class.getName());

    /// Decisions about deliveries that nobody asked for, at once: where the disk is slow there are fewer of these.
    private final Semaphore waiting = new Semaphore(4);

    private final Paced timeline;
    private final Control control;

    /// @param robots how many; they begin at chargers and parking places
    /// @param speed simulated seconds in a second
    /// @param trust in the log that `book` writes
    /// @throws IllegalArgumentException if there are fewer places than robots
    public Stage(RoadMap map, int robots, double speed, RobotRules rules, EntryBook book, Trust trust, JobFolder folder)
            throws IOException {
        var addresses = IntStream.rangeClosed(1, robots)
                .mapToObj(i -> new Address("uagv", Version.V3_0, "diwan", "r-%03d".formatted(i)))
                .toList();
        timeline = new Paced(Instant.now(), speed);
        var bus = timeline.guarded(new LocalBus(timeline, LocalBus.Quality.PERFECT, 1));
        Extras.appear(map, addresses, bus, timeline, Optional.of(trust));
        control = new Control(bus, timeline, map, rules, book, addresses, ZoneId.systemDefault(), folder);
    }

    /// From now on `perHour` deliveries in an hour of the building, between places where loads are taken up and set
    /// down, on record as `actor`'s and not rehearsed.
    public void bustle(int perHour, String actor) {
        if (perHour == 0) return;
        var places = control.map().building().places().stream()
                .filter(place ->
                        place.uses().contains(Use.PICKUP) && place.uses().contains(Use.DROPOFF))
                .map(Place::id)
                .filter(place -> control.map().zones(control.map().vertex(place)).stream()
                        .noneMatch(zone -> zone.kind() == Zone.Kind.RESTRICTED))
                .toList();
        var random = new SplittableRandom(1);
        timeline.every(Duration.ofHours(1).dividedBy(perHour), () -> {
            String from = places.get(random.nextInt(places.size()));
            String to = places.get(random.nextInt(places.size()));
            if (!from.equals(to) && waiting.tryAcquire())
                Thread.ofVirtual().start(() -> {
                    try {
                        control.decide(delivery(from, to), new Actor(actor, "staff", Optional.empty()), UNREHEARSED);
                    } catch (IOException | IllegalStateException e) {
                        LOG.log(Level.WARNING, "nobody takes a parcel from " + from + " to " + to, e);
                    } finally {
                        waiting.release();
                    }
                });
        });
    }

    private static Job delivery(String from, String to) {
        String id = RobotsApi.newId();
        return new Job(
                id,
                List.of(
                        new Job.Stop(from, List.of(action("pick", id + "-1"))),
                        new Job.Stop(to, List.of(action("drop", id + "-2")))),
                3,
                Optional.empty(),
                Optional.empty(),
                3,
                List.of(),
                Optional.empty());
    }

    private static Action action(String type, String id) {
        var parcel = new Action.Parameter("loadType", new TextNode("parcel"));
        return new Action(type, id, null, BlockingType.HARD, List.of(parcel), true);
    }

    /// What is in control of it.
    public Control control() {
        return control;
    }

    @Override
    public void close() {
        timeline.close();
        control.close();
    }
}
