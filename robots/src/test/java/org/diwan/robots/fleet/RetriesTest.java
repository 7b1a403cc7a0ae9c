package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.Cause;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.Skill;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What fails and may be tried again is, but not for ever.
class RetriesTest {
    private static final VehicleType CLUMSY =
            VehicleType.PORTER.with(new Skill("pick", 2, 4, 1, true, true, 0.5, /* failure= */ 1));

    private final Site site = site(Version.V3_0, Quality.PERFECT, 3);

    private static Site site(Version version, Quality quality, long seed) {
        return new Site(Site.grid(8, 2, Set.of(), Set.of("p00")), version, quality, seed);
    }

    private static Job delivery(String id) {
        return Site.job(
                id,
                new Job.Stop("p30", List.of(retriable(id, "pick"))),
                new Job.Stop("p60", List.of(retriable(id, "drop"))));
    }

    private static Action retriable(String id, String type) {
        return new Action(type, id + "." + type, null, BlockingType.HARD, List.of(), true);
    }

    private static Job wait(String id) {
        return Site.job(id, new Job.Stop("p70", List.of(Site.act(id, "finePositioning"))));
    }

    private static void over(Site site, String job) {
        assertTrue(site.runUntilOver(Set.of(job), 900), () -> "not over: " + site.fleet.view());
    }

    /// How often a vehicle begins with an action, and so often it fails with `j-1.pick`.
    private static Map<String, Integer> watch(Site site, SimulatedVehicle vehicle, int failures) {
        var tries = new HashMap<String, Integer>();
        var before = new HashMap<String, ActionStatus>();
        site.timeline.every(Duration.ofMillis(1), () -> {
            for (var action : vehicle.vehicle().actionStates()) {
                var was = before.put(action.actionId(), action.actionStatus());
                boolean begins = action.actionStatus() == ActionStatus.INITIALIZING && was != action.actionStatus();
                if (!begins) continue;
                int count = tries.merge(action.actionId(), 1, Integer::sum);
                if ("pick".equals(action.actionType()) && count <= failures) vehicle.breakNext("pick");
            }
        });
        return tries;
    }

    /// As often as it may: the job is done, the action was begun so many times and once more, in one order.
    @ParameterizedTest
    @ValueSource(ints = {1, Retries.MAX})
    void whatFailsOnceOrTwiceIsTriedAgain(int failures) {
        var tries = watch(site, site.vehicle("r-1", "p00"), failures);
        site.fleet.submit(delivery("j-1"));
        over(site, "j-1");
        assertEquals(
                Status.DONE, site.job("j-1").status(), () -> site.job("j-1").toString());
        assertEquals(Map.of("j-1.pick", failures + 1, "j-1.drop", 1), tries);
        assertTrue(site.orders.stream().noneMatch(order -> order.orderId().startsWith("j-1~")));
    }

    @Test
    void whatFailsAlwaysIsGivenUpAndTheVehicleGoesOn() {
        var instants = new ArrayList<String>();
        site.bus.subscribe("+/+/+/+/" + Topic.INSTANT_ACTIONS.text(), (_, payload) -> {
            String text = new String(payload, java.nio.charset.StandardCharsets.UTF_8);
            for (String type : List.of("\"retry\"", "\"skipRetry\"")) if (text.contains(type)) instants.add(type);
        });
        var vehicle = site.vehicle("r-1", "p00", CLUMSY);
        var tries = watch(site, vehicle, 0);
        site.fleet.submit(delivery("j-1"));
        over(site, "j-1");
        assertEquals(Status.FAILED, site.job("j-1").status());
        assertEquals(
                Optional.of("pick failed 3 times"), site.job("j-1").reason().map(Cause::text));
        assertEquals(Map.of("j-1.pick", Retries.MAX + 1), tries);
        assertEquals(List.of("\"retry\"", "\"retry\"", "\"skipRetry\""), instants);
        assertEquals(Optional.of(ActionStatus.FAILED), vehicle.vehicle().status("j-1.pick"));
        site.fleet.submit(wait("j-2"));
        over(site, "j-2");
        assertEquals(Status.DONE, site.job("j-2").status());
    }

    /// What is lost is sent again, what comes twice is done once.
    @Test
    void alsoWhereAThirdOfTheMessagesIsLost() {
        var bad = new Quality(0.33, 0.2, Duration.ofMillis(5), Duration.ofMillis(400));
        for (int seed = 0; seed < Integer.getInteger("iterations", 5); seed++) {
            var site = site(Version.V3_0, bad, seed);
            var tries = watch(site, site.vehicle("r-1", "p00", CLUMSY), 0);
            site.fleet.submit(delivery("j-1"));
            over(site, "j-1");
            assertEquals(Status.FAILED, site.job("j-1").status());
            assertEquals(
                    Optional.of("pick failed 3 times"), site.job("j-1").reason().map(Cause::text));
            assertEquals(Map.of("j-1.pick", Retries.MAX + 1), tries);
        }
    }

    /// Before 3.0.0 there is no such state: it has failed.
    @ParameterizedTest
    @ValueSource(strings = {"V2_0", "V2_1"})
    void anOlderVehicleIsNotAsked(String version) {
        var site = site(Version.valueOf(version), Quality.PERFECT, 3);
        site.vehicle("r-1", "p00", CLUMSY);
        site.fleet.submit(delivery("j-1"));
        over(site, "j-1");
        assertEquals(Optional.of("pick failed"), site.job("j-1").reason().map(Cause::text));
        assertEquals(1, site.begun.get("j-1.pick"));
    }

    /// Called off while it waits to be tried again: the order is cancelled, and it takes the next.
    @Test
    void aJobThatIsCalledOffIsNotTriedAgain() {
        var vehicle = site.vehicle("r-1", "p00", CLUMSY);
        site.fleet.submit(delivery("j-1"));
        for (int i = 0;
                vehicle.vehicle()
                        .status("j-1.pick")
                        .filter(ActionStatus.RETRIABLE::equals)
                        .isEmpty();
                i++) {
            assertTrue(i < 10_000, "it was never retriable");
            site.timeline.run(Duration.ofMillis(10));
        }
        site.fleet.cancel("j-1");
        site.fleet.submit(wait("j-2"));
        over(site, "j-2");
        assertEquals(Status.DONE, site.job("j-2").status());
        assertEquals(Status.CANCELLED, site.job("j-1").status());
    }

    /// It refuses what it is told then: its order is cancelled, the job fails, and the fleet goes on.
    @Test
    void whoDoesNotListenFailsItsJob() {
        var deaf = site.vehicle("r-1", "p00", CLUMSY);
        deaf.admission((topic, payload, _) -> topic == Topic.INSTANT_ACTIONS
                        && new String(payload, java.nio.charset.StandardCharsets.UTF_8).contains("etry\"")
                ? Optional.of("no")
                : Optional.empty());
        site.fleet.submit(delivery("j-1"));
        over(site, "j-1");
        assertEquals(Status.FAILED, site.job("j-1").status());
        deaf.admission((_, _, _) -> Optional.empty());
        site.fleet.submit(wait("j-2"));
        over(site, "j-2");
        assertEquals(Status.DONE, site.job("j-2").status());
    }
}
