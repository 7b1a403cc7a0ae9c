package org.diwan.datacenter.simulate;

/// How a request finds its replica.
public enum Routing {
    /// Any, by chance.
    RANDOM,
    /// The one with the fewest requests.
    LEAST_LOADED,
    /// The one that would answer first: what waits before it, and what of its prompt that replica would have
    /// to read, both in tokens. As Mooncake's conductor (Qin et al. 2024, §6) without moving caches.
    PREFIX_AWARE
}
