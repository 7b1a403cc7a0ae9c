package org.diwan.robots.twin;

import java.util.Optional;
import org.diwan.robots.vda5050.Message;
import org.diwan.robots.vda5050.Topic;

/// Asked before a vehicle takes a message that is well-formed, new and for it. What is refused becomes the error
/// [#NO_CLEARANCE] in its state and goes no further; `cancelOrder` and `startPause` are never refused.
@FunctionalInterface
public interface Admission {
    /// The type of the error.
    String NO_CLEARANCE = "NO_CLEARANCE";

    /// Takes everything.
    Admission ALL = (_, _, _) -> Optional.empty();

    /// Why the vehicle must not take `message`, which came as `payload`; empty if it may.
    Optional<String> refuse(Topic topic, byte[] payload, Message message);
}
