/// Joint moves of many vehicles over a building's roads, none of which ever meets another, whatever their pace.
///
/// Start at [RoadTraffic]. [Roads] is the map in arrays, [Fields] what is left to go, [Step] one joint move,
/// [Precedence] who goes through which vertex after whom; [Detector] sees who waits in vain, and [Rescue] helps it
/// by a [Search]. All is integers: vertices of the [org.diwan.robots.building.RoadMap], vehicles by the number that
/// they got, milliseconds. Nothing here knows orders, messages or time: vehicles report that they have passed.
/// Limits are in [Roads], [RoadTraffic] and [Rescue].
@NullMarked
package org.diwan.robots.roads;

import org.jspecify.annotations.NullMarked;
