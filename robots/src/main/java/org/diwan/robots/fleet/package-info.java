/// Fleet control: jobs in, orders out, nobody meets anybody.
///
/// [Fleet] is the door. Within, one thing after another: allocate jobs to vehicles, plan joint moves on the road map,
/// turn them into dependencies (who may pass where only after whom), release orders as these are met, watch states.
@NullMarked
package org.diwan.robots.fleet;

import org.jspecify.annotations.NullMarked;
