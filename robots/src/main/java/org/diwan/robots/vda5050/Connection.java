package org.diwan.robots.vda5050;

/// Whether the vehicle can be spoken to (§6.5, §7.7).
public record Connection(Header header, ConnectionState connectionState) implements Message {
    /// `CONNECTION_BROKEN` is said by the broker in the vehicle's place: its last will.
    public enum ConnectionState {
        ONLINE,
        OFFLINE,
        /// From 3.0.0 on.
        HIBERNATING,
        CONNECTION_BROKEN
    }
}
