/// Lifts, doors and zones that one robot at a time may use, on a lease.
///
/// Start with [Leases], what fleet control sees, and [FacilityDesk], which keeps the queues and talks to the devices.
/// [SimulatedFacilities] stands in for these, with the faults that real ones have. [ZoneLeases] lets vehicles of
/// VDA 5050 3.0 ask by themselves. What is in a lift is not known here: whoever held a grant may be within until it
/// or fleet control says that it is not ([Leases#release]).
///
/// **The devices' protocol**, JSON over the bus, alike Open-RMF's `LiftRequest`, `LiftState`, `DoorRequest` and
/// `DoorState` (github.com/open-rmf/rmf_internal_msgs). Desk to device, sent again every second:
///
/// ```text
/// building/v1/lift/{id}/request  {"number": 1798, "session": "r-001", "floor": "7"}
/// building/v1/door/{id}/request  {"number": 1799, "session": "r-001"}
/// ```
///
/// The session is who is served: the lift goes to the floor and opens there, and stays so; the door opens, and stays
/// so. An empty session ends that: the door closes. A device obeys only numbers higher than the last one obeyed, so
/// that what comes late or twice does nothing; the desk counts up from the clock's milliseconds. Device to desk, on
/// every change and at least every second, with a number that counts up in the same way:
///
/// ```text
/// building/v1/lift/{id}/state  {"number": 5, "time": "2026-11-28T19:00:00Z", "request": 1798, "session": "r-001",
///                               "floor": "7", "height": 24.0, "motion": "STOPPED", "door": "OPEN", "mode": "ROBOT"}
/// building/v1/door/{id}/state  {"number": 5, "time": "2026-11-28T19:00:00Z", "request": 1799, "door": "OPEN",
///                               "mode": "ROBOT"}
/// ```
///
/// `request` is the last number obeyed, `floor` the nearest one, `height` the cabin's in metres as floors have
/// elevations, `motion` one of STOPPED, UP, DOWN, UNKNOWN, `door` one of CLOSED, MOVING, OPEN, UNKNOWN, `mode` one of
/// ROBOT, HUMAN, FIRE, EMERGENCY, OUT_OF_SERVICE. Whatever else comes is dropped.
@NullMarked
package org.diwan.robots.facility;

import org.jspecify.annotations.NullMarked;
