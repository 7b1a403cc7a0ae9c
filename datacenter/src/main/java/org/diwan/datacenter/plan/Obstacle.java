package org.diwan.datacenter.plan;

import java.util.List;
import org.diwan.sovereignty.policy.Rule;

/// What keeps a replica from a place: a claim that would not hold if it were there.
///
/// For GPUs (`gpu-model`, `gpu-memory`, `gpu`) `used` is how many one part needs and `limit` how many the
/// server has that would do; for `fabric`, parts of the replica and how many of them fit.
///
/// @param rules those that deny, for `residency`; none where nothing permits
public record Obstacle(Claim claim, List<Rule> rules) {
    public Obstacle {
        rules = List.copyOf(rules);
    }
}
