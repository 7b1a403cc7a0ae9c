package org.diwan.sovereignty.vault;

import java.io.IOException;

/// What tenants' keys are wrapped with: a file, a hardware module, or a service that the tenant itself
/// runs and that can say no. Safe to share between threads.
public interface RootKey {
    /// What the shelf calls it: letters, digits, `-`, `.`, `:` and `/`.
    String name();

    /// `key`, wrapped so that it comes back for the same `context` only.
    ///
    /// @throws KeyRefusedException when the holder of the root key says no, or nothing in time
    byte[] wrap(byte[] key, byte[] context) throws IOException;

    /// The key that was wrapped for `context`.
    ///
    /// @throws KeyRefusedException as [#wrap]
    /// @throws SealBrokenException when `wrapped` is anything else than what [#wrap] gave for `context`
    byte[] unwrap(byte[] wrapped, byte[] context) throws IOException;

    /// Whether what it unwrapped may be remembered for a while. If not, each reading asks again, so
    /// that a no counts from the next reading on.
    boolean lends();
}
