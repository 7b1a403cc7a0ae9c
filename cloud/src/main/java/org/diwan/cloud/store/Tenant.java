package org.diwan.cloud.store;

/// Who is served.
///
/// @param id the operator's name for it; never leaves the machine
/// @param pseudonym what stands for it in the public ledger
public record Tenant(String id, String pseudonym) {}
