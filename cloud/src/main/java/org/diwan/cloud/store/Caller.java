package org.diwan.cloud.store;

/// Who calls, and with which of its keys.
///
/// @param key names the key in public: `k-` and 12 hexadecimal digits of a hash of its hash, from which
///     neither can be had
public record Caller(Tenant tenant, String key) {}
