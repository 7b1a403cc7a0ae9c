/// How machines feel: readings come in, are kept in ever coarser grain, and raise alarms.
///
/// Start at [org.diwan.datacenter.telemetry.Readings], where every reading ends, whoever brought it:
/// [org.diwan.datacenter.telemetry.Poller] asks Redfish services in turn,
/// [org.diwan.datacenter.telemetry.PrometheusText] reads what DCGM's exporter prints,
/// [org.diwan.datacenter.telemetry.PduProbe] asks power strips over SNMP.
///
/// A reading that cannot be is refused and counted; a machine that falls silent is an alarm, and counts
/// as drawing all it can: lost telemetry never loosens a limit.
@NullMarked
package org.diwan.datacenter.telemetry;

import org.jspecify.annotations.NullMarked;
