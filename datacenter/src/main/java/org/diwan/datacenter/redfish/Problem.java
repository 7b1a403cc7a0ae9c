package org.diwan.datacenter.redfish;

import java.util.Locale;

/// Something about a service that is not as the specification has it.
///
/// @param path the resource it is about
public record Problem(String path, Kind kind, String what) {
    /// What kind of wrong.
    public enum Kind {
        /// A link to a resource that is not there.
        DANGLING,
        /// A resource that these credentials may not see.
        DENIED,
        /// No answer, not in time, or not JSON.
        UNREADABLE,
        /// A link to another host or out of the service: not followed.
        FOREIGN,
        /// More pages or resources than are read.
        ENDLESS,
        /// A sensor whose reading cannot be: no number where there should be one, or out of its range.
        IMPLAUSIBLE
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + path + ": " + what;
    }
}
