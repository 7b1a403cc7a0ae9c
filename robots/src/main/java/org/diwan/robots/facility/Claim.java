package org.diwan.robots.facility;

import java.time.Instant;
import org.diwan.robots.facility.Leases.Standing;

/// One holder's request at one facility; owned by its [Counter].
final class Claim {
    final String holder;

    /// When it came.
    final Instant since;

    /// Where it is to be served next.
    String floor;

    /// Its last sign of life.
    Instant alive;

    /// Whether it was granted once, so that the holder may be within.
    boolean entered;

    /// As it was last told.
    Standing told = Standing.NONE;

    Claim(String holder, String floor, Instant now) {
        this.holder = holder;
        this.floor = floor;
        since = now;
        alive = now;
    }
}
