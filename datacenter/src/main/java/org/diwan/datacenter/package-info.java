/// What hosts a nation's models: known, placed on, survived, proved.
///
/// Start at [org.diwan.datacenter.inventory.Inventory], the noun that everything here speaks of:
/// regions, sites under a law, racks, feeds, servers, GPUs. `redfish` and `telemetry` ask machines
/// what they are and how they feel; `placement` decides where replicas run and writes a certificate
/// that a checker of its own verifies; `reassign` improves a whole assignment at once; `simulate`
/// plays a week of it in minutes.
///
/// Nothing here knows a prompt or a token. A power command or a plan asks
/// [org.diwan.sovereignty.policy.Policy] before and is recorded in a ledger after; both are handed in.
@NullMarked
package org.diwan.datacenter;

import org.jspecify.annotations.NullMarked;
