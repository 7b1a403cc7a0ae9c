package org.diwan.robots;

import java.util.Map;

/// Why a job is not done: its kind, which people are told in their own language, and a sentence in English, which goes
/// on record and to programs.
///
/// @param names what the kind's sentences name: ids and numbers, which are the same in every language
/// @param text in English, with all that is known
public record Cause(Kind kind, Map<String, String> names, String text) {
    /// What kind of cause it is, and what it names.
    public enum Kind {
        // A vehicle at work.

        /// An action failed, so often that it is not tried again.
        ACTION_FAILED,
        /// Its vehicle was taken out of the fleet.
        WITHDRAWN,
        /// Somebody took control of its vehicle.
        TAKEN_OVER,
        /// Its vehicle was started anew.
        RESTARTED,
        /// Its vehicle has its order no more.
        ORDER_LOST,
        /// Its vehicle is where its order does not lead.
        MOVED,
        /// Its vehicle refused the order.
        ORDER_REFUSED,
        /// The other vehicle did not come.
        NO_HANDOVER,
        /// Its vehicle does not answer.
        SILENT,
        /// A vehicle cannot be where it is said to be.
        MISPLACED,

        // A dry run.

        /// It is for a time too far ahead: `days`.
        TOO_FAR_AHEAD,
        /// No vehicle can be ordered about.
        NO_VEHICLE_READY,
        /// It is not done within so many `hours`.
        NOT_DONE,
        /// It is not done within so many `hours` behind so many `others`.
        BEHIND_OTHERS,
        /// It took longer than so many `seconds` to play it.
        TOO_LONG_TO_PLAY,
        /// A `vehicle` and an `other` would touch.
        COLLISION,
        /// A `vehicle` would enter a `zone` that is not opened to it.
        TRESPASS,
        /// It was called off.
        CALLED_OFF,
        /// Fleet control does not answer.
        NO_ANSWER,

        // The rules.

        /// A `rule` forbids it at a `place`.
        FORBIDDEN,
        /// No rule permits it at a `place`.
        NOT_PERMITTED,
        /// A second person has to agree.
        NEEDS_APPROVAL
    }

    public Cause {
        names = Map.copyOf(names);
    }

    /// One that names nothing.
    public static Cause of(Kind kind, String text) {
        return new Cause(kind, Map.of(), text);
    }

    /// The same, with something said before it on record.
    public Cause after(String before) {
        return new Cause(kind, names, before + text);
    }
}
