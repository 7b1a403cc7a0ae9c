package org.diwan.robots.facility;

import java.time.Duration;

/// What devices and holders are held to.
///
/// @param state a device says how it is at least so often; the desk repeats its request as often
/// @param silent without a word for so long, it is out of order
/// @param stall beyond the time its door takes, without any change for so long while it should act, it is stuck
/// @param lease a holder's, from its last sign of life; longer than the 30 s of VDA 5050's states
public record Times(Duration state, Duration silent, Duration stall, Duration lease) {
    /// One word in five may be lost: ten in a row are within one history in ten million.
    public static final Times USUAL =
            new Times(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(60));
}
