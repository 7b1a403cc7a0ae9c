/// What would happen if: traffic grows, a site is lost, a heat wave comes, the grid asks for less.
///
/// Two simulators, one above the other. [org.diwan.datacenter.simulate.ReplaySimulation] plays real
/// traces request by request through batching engines: for routing by prefixes and for power below a
/// shared limit. [org.diwan.datacenter.simulate.FleetSimulation] plays a week of a hundred thousand GPUs
/// in minutes, server by server: for capacity, feeds, heat and carbon.
///
/// Both are functions of their input and a seed: the same seed gives the same hash on every machine. They
/// know no clock, no network and no policy; where requests may go is handed in as a table.
@NullMarked
package org.diwan.datacenter.simulate;

import org.jspecify.annotations.NullMarked;
