package org.diwan.cloud;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the gateway is told of the house that it runs in.
///
/// @param annexes parts of the API that other modules answer
/// @param meter what this machine draws, for the energy of answers in `GET /v1/usage`; null where nobody knows
/// @param replicas where models run besides here
public record Premises(List<Annex> annexes, @Nullable Meter meter, Replicas replicas) {
    /// Nobody knows anything.
    public static final Premises UNKNOWN = new Premises(List.of(), null, Replicas.NONE);

    public Premises {
        annexes = List.copyOf(annexes);
    }

    /// The same with one more part of the API.
    public Premises with(Annex annex) {
        var all = new ArrayList<>(annexes);
        all.add(annex);
        return new Premises(all, meter, replicas);
    }
}
