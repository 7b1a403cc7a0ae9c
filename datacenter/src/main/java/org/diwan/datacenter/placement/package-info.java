/// Pods placed on GPU nodes one at a time, as they arrive, without looking ahead.
///
/// Start at [org.diwan.datacenter.placement.Experiment], the protocol that all policies are measured
/// by; [org.diwan.datacenter.placement.Placer] takes one decision; [org.diwan.datacenter.placement.ShadowPrices]
/// is the policy of our own, the others are the published ones it is held against.
///
/// Limits: [org.diwan.datacenter.placement.Fleet#MAX_NODES] nodes of at most
/// [org.diwan.datacenter.placement.Pod#MAX_GPUS] GPUs; nothing leaves once it is placed. Nothing here knows
/// power, law or a rack.
@NullMarked
package org.diwan.datacenter.placement;

import org.jspecify.annotations.NullMarked;
