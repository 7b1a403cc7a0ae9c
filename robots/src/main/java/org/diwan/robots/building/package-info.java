/// Where robots live: floors, places and the lanes between them, lifts, doors, zones.
///
/// A [Building] that exists is sound: names are unique, whatever is named is there, every place can be reached from
// every
/// other but those that it names as cut off. [RoadMap] is the same for planners, in integers. Metres, seconds, radians;
// on a
/// floor x points east and y north, headings are counter-clockwise from x.
@NullMarked
package org.diwan.robots.building;

import org.jspecify.annotations.NullMarked;
