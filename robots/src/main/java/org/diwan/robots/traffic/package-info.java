/// Ways for many vehicles at once on one grid, none of which ever meets another.
///
/// Start at [FleetPlanner]; [Poses] is the law of motion. Everything is an index into integer arrays: a cell is
/// `row * width + column`, a heading 0 east, 1 south, 2 west, 3 north. Nothing here knows orders, files or
/// the League; limits are [Grid#MAX_CELLS] and the bytes given to [Distances].
@NullMarked
package org.diwan.robots.traffic;

import org.jspecify.annotations.NullMarked;
