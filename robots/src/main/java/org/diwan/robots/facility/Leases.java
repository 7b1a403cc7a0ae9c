package org.diwan.robots.facility;

import java.util.Optional;

/// Who may use a lift, a door or a zone: one holder at a time.
public interface Leases {
    /// Where a request stands.
    enum Standing {
        /// Not asked for.
        NONE,
        /// Others come first, or the lift or door is on its way.
        QUEUED,
        /// Go now: the lift is on that floor with its door open, or the door is open.
        GRANTED,
        /// Not while things are as they are, see [Leases#why]; it stays in the queue and may still be granted.
        REFUSED
    }

    /// Asks for `facility`; once more changes nothing. For a lift, a later request of the holder with another floor
    /// means: carry me there.
    ///
    /// @param floor where the holder stands, or wants to
    /// @throws IllegalArgumentException naming what there is, where no such facility or landing is
    void request(String facility, String holder, String floor);

    /// How that stands now.
    Standing standing(String facility, String holder);

    /// It is not needed any more, and the holder is not within.
    void release(String facility, String holder);

    /// Calls `changed` soon after any standing has changed.
    void listen(Runnable changed);

    /// The holder is alive; leases are for those only. [FacilityDesk] hears vehicles' states by itself.
    default void alive(String holder) {}

    /// Why it is refused, for people.
    default Optional<String> why(String facility, String holder) {
        return Optional.empty();
    }
}
