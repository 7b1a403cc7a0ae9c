package org.diwan.cloud.store;

/// Who calls, and with which of its keys.
///
/// @param key names the key in public: `k-` and 12 hexadecimal digits of a hash of its hash, from which
///     neither can be had
/// @param person whom the request is about, as the client says: its `safety_identifier` or `user`; else empty
public record Caller(Tenant tenant, String key, String person) {
    /// The same caller, speaking about `other`.
    public Caller about(String other) {
        return new Caller(tenant, key, other);
    }
}
