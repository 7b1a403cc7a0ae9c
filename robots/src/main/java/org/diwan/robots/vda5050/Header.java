package org.diwan.robots.vda5050;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The first members of every message (§7.2).
///
/// @param headerId counts the messages of one topic from its sender, uint32; it wraps to 0
/// @param timestamp when it was sent; cut to milliseconds, which is what is written
/// @param version of the protocol, as `2.1.0`
public record Header(long headerId, Instant timestamp, String version, String manufacturer, String serialNumber) {
    public Header {
        Check.uint32("headerId", headerId);
        timestamp = Check.time("timestamp", timestamp).truncatedTo(ChronoUnit.MILLIS);
    }
}
