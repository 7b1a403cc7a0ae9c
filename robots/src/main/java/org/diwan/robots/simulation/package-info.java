/// A whole tower at work, faster than real time: vehicles, lifts, doors and people's wishes, under the fleet manager
/// that commands real ones.
///
/// Start with [TowerSimulation]; [Demand] is what people want in a day. [Observer] looks on from outside, by the
/// vehicles' true poses and the lifts' own log, and finds what must never happen. All of it is a function of the seed.
@NullMarked
package org.diwan.robots.simulation;

import org.jspecify.annotations.NullMarked;
