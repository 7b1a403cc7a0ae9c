package org.diwan.robots.twin;

import java.util.List;
import org.diwan.robots.vda5050.ErrorLog;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.Version;

/// What is wrong with a vehicle, in its errors for as long as it is (table 9).
final class Complaints {
    /// Below this part of the charge it drives no more.
    static final double EMPTY = 0.01;

    private static final double LOW = 0.2;

    private final Version version;
    private final ErrorLog errors;
    private final Surroundings surroundings;

    Complaints(Version version, ErrorLog errors, Surroundings surroundings) {
        this.version = version;
        this.errors = errors;
        this.surroundings = surroundings;
    }

    /// Brings the errors up to date.
    ///
    /// @param charge that is left, 0 to 1
    void follow(Voice.Self self, double charge) {
        condition(charge <= EMPTY, "BATTERY_EMPTY", ErrorLevel.FATAL, "it cannot drive");
        condition(charge > EMPTY && charge <= LOW, "BATTERY_LOW", ErrorLevel.URGENT, "below a fifth");
        condition(self.isObstructed(), "OBSTACLE", ErrorLevel.WARNING, "something is in the way");
        condition(!self.isLocalized(), "LOCALIZATION_ERROR", ErrorLevel.FATAL, "it does not know where it is");
        condition(
                self.vehicle().isFull() && version == Version.V3_0,
                "INSTANT_ACTION_STATES_FULL",
                ErrorLevel.URGENT,
                "clearInstantActions makes room");
        zones(surroundings.violated(), "BLOCKED_ZONE_VIOLATION", ErrorLevel.CRITICAL, "it is where nobody may be");
        zones(surroundings.lost(), "RELEASE_LOST", ErrorLevel.CRITICAL, "it may no longer be here");
        zones(surroundings.pathless(), "REPLANNING_LOST", ErrorLevel.WARNING, "its path through is no longer granted");
    }

    private void condition(boolean is, String errorType, ErrorLevel level, String description) {
        set(is, errorType, level, description, List.of());
    }

    private void zones(List<String> zoneIds, String errorType, ErrorLevel level, String description) {
        var about = zoneIds.stream().map(it -> new Reference("zoneId", it)).toList();
        set(!about.isEmpty(), errorType, level, description, about);
    }

    private void set(boolean is, String errorType, ErrorLevel level, String description, List<Reference> about) {
        if (is) errors.raise(errorType, Fault.of(errorType, level, description, about));
        else errors.clear(errorType);
    }

    /// Whether one of them forbids to drive: it is where it may not be.
    boolean isStranded() {
        return errors.has("BLOCKED_ZONE_VIOLATION") || errors.has("RELEASE_LOST") || errors.has("REPLANNING_LOST");
    }
}
