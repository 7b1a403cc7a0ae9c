/// Which server holds which replica, and the proof that it may.
///
/// A [org.diwan.datacenter.plan.Demand] says what shall run: replicas and jobs, with the data they see,
/// what they need and how they must be kept apart. [org.diwan.datacenter.plan.Planner] finds a
/// [org.diwan.datacenter.plan.Plan] on an inventory under a policy and writes a
/// [org.diwan.datacenter.plan.Certificate]: for nothing lost, and for each site lost, where everything
/// is, which rules allow it, and how full each server, rack, feed and cooling zone is in the worst
/// case. [org.diwan.datacenter.plan.CertificateChecker] counts it all again from inventory, demand and
/// policy and shares nothing with the planner but the records: read it first.
///
/// What limits a placement is a [org.diwan.datacenter.plan.Constraint], each a number that must not
/// exceed another; [org.diwan.datacenter.plan.Explainer] answers "why not here?" with the ones
/// broken. A limit that the inventory lacks cannot be: a missing number is refused when it is read, and
/// what the law does not know it denies.
///
/// Nothing here knows a prompt, a clock or a telemetry stream; the caller says what is down.
@NullMarked
package org.diwan.datacenter.plan;

import org.jspecify.annotations.NullMarked;
