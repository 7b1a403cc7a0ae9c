package org.diwan.robots.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Placement;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A vehicle behind its adapter hears what was decided, and nothing of what an intruder on the fleet's broker says.
class AdapterTest {
    @Test
    void onlyWhatAWarrantCoversReachesTheVehicle(@TempDir Path folder) throws Exception {
        try (var hall = new Hall(folder)) {
            var own = new LocalBus(hall.timeline, LocalBus.Quality.PERFECT, 2);
            var heard = new ArrayList<String>();
            var said = new ArrayList<String>();
            own.subscribe("+/+/+/+/order", (_, payload) -> heard.add(new String(payload, StandardCharsets.UTF_8)));
            hall.bus.subscribe("+/+/+/+/state", (_, payload) -> said.add(new String(payload, StandardCharsets.UTF_8)));
            var check = new WarrantCheck(Trust.of(hall.signer.keys()), Hall.ROBOT, hall.map, hall.timeline);
            try (var adapter = new Adapter(hall.bus, own, Hall.ROBOT, check)) {
                byte[] foreign = new Codec(Version.V3_0).write(Hall.order("m-9", 0, List.of("bar", "hall")));
                hall.bus.publish(Bus.Message.once(Hall.ROBOT.topic(Topic.ORDER), foreign));
                hall.bus.publish(Bus.Message.once(Hall.ROBOT.topic(Topic.ORDER), new byte[] {'{', 1}));
                hall.bus.publish(Bus.Message.once(Hall.ROBOT.topic(Topic.INSTANT_ACTIONS), foreign));
                hall.pass(Duration.ofSeconds(1));
                assertEquals(List.of(), heard);
                assertEquals(3, adapter.refused());
                assertEquals(
                        3,
                        hall.sent.stream()
                                .filter(one -> one.topic().equals("diwan/v1/diwan/r-1/refused"))
                                .count());

                hall.desk.permit(
                        Hall.coffee("m-1", "hall"), Hall.CLERK, new OrderDesk.Origin(Optional.empty(), "clean"));
                hall.desk.send("m-1", Hall.order("m-1", 0, List.of("bar"), Hall.action("pick", "m-1-1", "coffee")));
                hall.pass(Duration.ofSeconds(1));
                assertEquals(1, heard.size());
                assertTrue(heard.getFirst().contains("m-1-1"));

                byte[] state = new Codec(Version.V3_0).write(Hall.state("m-1", "bar", List.of()));
                own.publish(Bus.Message.once(Hall.ROBOT.topic(Topic.STATE), state));
                hall.pass(Duration.ofSeconds(1));
                assertEquals(List.of(new String(state, StandardCharsets.UTF_8)), said);
            }
        }
    }

    /// As it was decided, by nobody else, and not once more when it was ordered about since.
    @Test
    void aVehicleIsToldWhereItIsAsWasDecided(@TempDir Path folder) throws Exception {
        try (var hall = new Hall(folder)) {
            var check = new WarrantCheck(Trust.of(hall.signer.keys()), Hall.ROBOT, hall.map, hall.timeline);
            hall.bus.subscribe(
                    check.topic(), (_, warrant) -> assertEquals(Optional.empty(), check.take(warrant), "a warrant"));
            var job = Placement.job("m-1", "r-1", "bar", "ground", 0.25, 0, 1.5);
            assertEquals(Optional.of("no warrant for initializePosition m-1-1"), check.refuse(told(job)));
            hall.desk.permit(job, Hall.CLERK, new OrderDesk.Origin(Optional.empty(), "not rehearsed"));
            hall.desk.send("m-1", told(job));
            hall.pass(Duration.ofSeconds(1));
            assertEquals(Optional.empty(), check.refuse(told(job)));
            assertEquals(Optional.empty(), check.refuse(told(job)), "it may be said again until it is heard");
            var elsewhere = told(Placement.job("m-1", "r-1", "hall", "ground", 2, 0, 1.5));
            assertEquals(Optional.of("the warrant of m-1 says another position"), check.refuse(elsewhere));

            hall.desk.permit(Hall.coffee("m-2", "hall"), Hall.CLERK, new OrderDesk.Origin(Optional.empty(), "clean"));
            var order = Hall.order("m-2", 0, List.of("bar"), Hall.action("pick", "m-2-1", "coffee"));
            hall.desk.send("m-2", order);
            hall.pass(Duration.ofSeconds(1));
            assertEquals(Optional.empty(), check.refuse(order));
            assertEquals(Optional.of("job m-1 is over"), check.refuse(told(job)));
        }
    }

    private static InstantActions told(Job job) {
        return new InstantActions(
                new Header(1, Hall.START, "3.0.0", "diwan", "r-1"),
                job.stops().getFirst().actions());
    }
}
