/// Asking machines what they are, over DMTF's Redfish (DSP0266), and telling them to change power.
///
/// Start at [org.diwan.datacenter.redfish.Discovery]: it walks a baseboard controller's whole tree
/// through a [org.diwan.datacenter.redfish.RedfishClient] and reads machines, GPUs and sensors out of
/// it. [org.diwan.datacenter.redfish.Drift] holds that against the inventory.
/// [org.diwan.datacenter.redfish.PowerDesk] is the only way to change anything: it decides and records
/// first.
///
/// Real controllers are wrong in every way that a format allows: links lead nowhere, numbers are text,
/// members are missing, vendors add their own. What is wrong is listed, nothing is thrown.
@NullMarked
package org.diwan.datacenter.redfish;

import org.jspecify.annotations.NullMarked;
