package org.diwan.robots.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.diwan.base.Seeded;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Factsheet.Scope;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.RandomMessages;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Reading is the inverse of saying, and whatever a vehicle says makes one that can be played.
class SheetTest {
    private static double draw(SplittableRandom random, double least, double most) {
        return least + random.nextDouble() * (most - least);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whoSaysWhatItIsIsTakenForThat(Version version) {
        var address = new Address("uagv", version, "diwan", "r-1");
        var porter = VehicleType.PORTER;
        Seeded.forAll(100, random -> {
            var kind = new VehicleType(
                    "kind " + random.nextInt(10),
                    draw(random, 0.1, 5),
                    draw(random, 0.1, 3),
                    draw(random, 0.1, 3),
                    porter.stopping(),
                    // Before 3.0.0 nothing says how fast it turns.
                    version == Version.V3_0 ? draw(random, 0.1, 5) : porter.turning(),
                    porter.turningAcceleration(),
                    draw(random, 0.1, 1),
                    draw(random, 0.2, 2),
                    draw(random, 0, 1_000),
                    porter.capacityWh(),
                    porter.whPerMetre(),
                    porter.idleWatts(),
                    porter.chargingWatts(),
                    random.nextBoolean() ? porter.edgeMembers() : Set.of("trajectory"),
                    random.nextBoolean()
                            ? porter.with(Sheet.unknown("clean")).skills()
                            : VehicleType.skills(Skill.of("pick", 1, 2), Sheet.unknown("paint")));
            // Over the wire, as the fleet hears it.
            var codec = new Codec(version);
            var said = (Factsheet) codec.read(Topic.FACTSHEET, codec.write(Sheet.of(kind, address)));
            var heard = Sheet.type(said);
            assertEquals(Math.max(porter.stopping(), kind.deceleration()), heard.stopping());
            assertEquals(kind.skills().keySet(), done(version, heard.skills().keySet(), kind));
            assertEquals(
                    kind,
                    new VehicleType(
                            heard.name(),
                            heard.speed(),
                            heard.acceleration(),
                            heard.deceleration(),
                            kind.stopping(),
                            heard.turning(),
                            heard.turningAcceleration(),
                            heard.radius(),
                            heard.height(),
                            heard.capacity(),
                            heard.capacityWh(),
                            heard.whPerMetre(),
                            heard.idleWatts(),
                            heard.chargingWatts(),
                            heard.edgeMembers(),
                            kind.skills()));
        });
    }

    /// What may stand on a node and is an instant action besides is said of every twin: charging.
    private static Set<String> done(Version version, Set<String> heard, VehicleType kind) {
        var rest = new TreeSet<>(heard);
        rest.removeIf(name -> !kind.skills().containsKey(name)
                && PredefinedAction.of(version, name)
                        .filter(action -> action.scopes().contains(Scope.INSTANT))
                        .isPresent());
        return rest;
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void anyFactsheetMakesAVehicleWithinLimitsThatDoesWhatItNames(Version version) {
        Seeded.forAll(300, random -> {
            var sheet = (Factsheet) new RandomMessages(version, random).message(Topic.FACTSHEET);
            var kind = Sheet.type(sheet);
            for (double value : List.of(kind.speed(), kind.acceleration(), kind.deceleration(), kind.radius()))
                assertTrue(value >= Sheet.LEAST && value <= Sheet.MOST, sheet::toString);
            for (var skill : kind.skills().values()) assertTrue(skill.most() <= Sheet.LONGEST, sheet::toString);
            for (var action : sheet.protocolFeatures().mobileRobotActions()) {
                boolean onTheWay = action.actionScopes().contains(Scope.NODE)
                        || action.actionScopes().contains(Scope.EDGE);
                if (onTheWay) assertTrue(kind.skills().containsKey(action.actionType()), sheet::toString);
            }
        });
    }
}
