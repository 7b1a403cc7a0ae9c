/// Where robots live: floors, places and the lanes between them, lifts, doors, zones.
///
/// Start with [Building], the facts, and [BuildingFile], how they are written down. A building that was read is
/// sound, which [BuildingCheck] says fault by fault: names are unique, whatever is named is there, robots on
/// different places do not touch, and every place can be reached from every other but those that it names as cut off.
/// [RoadMap] is the same for planners, in integers. [TowerPlan] makes office towers of any height; [Import] and
/// [Export] speak Open-RMF's building maps and VDA's LIF, and say what is lost; [Drawing] shows it all, with a [View]
/// of what moves.
///
/// Metres, seconds, radians; on a floor x points east and y north, headings are counter-clockwise from x. Limits:
/// [RoadMap#MAX_VERTICES] places, [BuildingFile#MAX_FLOORS] floors, and those that [BuildingCheck] names. Nothing here
/// knows robots, jobs or messages.
@NullMarked
package org.diwan.robots.building;

import org.jspecify.annotations.NullMarked;
