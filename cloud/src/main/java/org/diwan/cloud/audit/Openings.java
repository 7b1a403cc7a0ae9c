package org.diwan.cloud.audit;

import java.io.IOException;
import java.util.Optional;

/// Whoever keeps what the log only commits to: the tenants' vault.
@FunctionalInterface
public interface Openings {
    /// The receipt file `id`, or nothing where it is not handed out.
    ///
    /// @throws IOException when nobody answers: that is no finding
    Optional<byte[]> receipt(String id) throws IOException, InterruptedException;
}
