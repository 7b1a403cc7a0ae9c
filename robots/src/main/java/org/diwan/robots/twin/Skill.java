package org.diwan.robots.twin;

import java.util.Optional;
import java.util.SplittableRandom;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Vehicle;

/// An action that a vehicle can do on a node or an edge, and how.
///
/// @param least seconds that it takes at least; no more than `most`, by the vehicle's seed
/// @param preparation seconds in which it is `INITIALIZING` before
/// @param pauses whether it stops and goes on with `startPause` and `stopPause`
/// @param cancels whether `cancelOrder` ends it
/// @param wattHours it costs
/// @param failure how many in one fail, 0 to 1
public record Skill(
        String actionType,
        double least,
        double most,
        double preparation,
        boolean pauses,
        boolean cancels,
        double wattHours,
        double failure) {
    /// Waits for as many seconds as its argument [#SECONDS] says.
    public static final String WAIT = "wait";

    /// Its argument.
    public static final String SECONDS = "seconds";

    /// Longest wait.
    public static final double MAX_SECONDS = 86_400;

    /// Opens a compartment, lets a person take or put something, and shuts it.
    public static final String OPEN_COMPARTMENT = "openCompartment";

    public Skill {
        if (!(least >= 0 && most >= least))
            throw new IllegalArgumentException(actionType + " takes " + least + " to " + most + " s");
        if (!(failure >= 0 && failure <= 1))
            throw new IllegalArgumentException(actionType + " fails " + failure + " in one, must be 0 to 1");
    }

    /// Takes between `least` and `most` seconds, can be paused and cancelled, never fails by itself.
    public static Skill of(String actionType, double least, double most) {
        return new Skill(actionType, least, most, 0, true, true, 0.1, 0);
    }

    /// The seconds that a [#WAIT] waits; empty if it says none in [0, [#MAX_SECONDS]].
    static Optional<Double> waits(Action action) {
        try {
            double seconds =
                    Double.parseDouble(Vehicle.argument(action, SECONDS).orElse(""));
            return seconds >= 0 && seconds <= MAX_SECONDS ? Optional.of(seconds) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// How long `action` takes this time; for ever if it waits for a trigger.
    double seconds(Action action, SplittableRandom random) {
        return switch (action.actionType()) {
            case WAIT -> waits(action).orElse(0.0);
            case "waitForTrigger" -> Double.POSITIVE_INFINITY;
            default -> least + random.nextDouble() * (most - least);
        };
    }
}
