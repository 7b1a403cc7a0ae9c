package org.diwan.cloud;

import java.util.List;
import org.diwan.sovereignty.Jurisdiction;

/// Which replicas of a model exist, as whoever places them knows. The gateway tells clients; it does not yet
/// send requests to them.
@FunctionalInterface
public interface Replicas {
    /// Nobody places anything.
    Replicas NONE = _ -> List.of();

    /// The replicas of `model`, wherever they run; none of a model that is not placed. Asked at each listing.
    List<Replica> of(String model);

    /// One of them.
    ///
    /// @param name as the plan has it, such as `chat#0`
    record Replica(String name, String site, Jurisdiction jurisdiction) {}
}
