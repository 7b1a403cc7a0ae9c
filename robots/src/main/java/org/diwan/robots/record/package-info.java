/// Decide, record, then move; and show afterwards that it was so.
///
/// A job is decided by [RobotRules] before a vehicle hears of it; decision and plan become an entry of the ledger.
/// The entry with its proof is a [Warrant], which goes to the vehicle with the order: the vehicle's adapter
/// ([WarrantCheck]) holds the log's public key and refuses what no warrant covers, so that not even whoever owns
/// the broker can order a robot about. Every message of a job goes into its [JobFile], a hash chain whose end is an
/// entry too. A job that is open when fleet control ends, however it does, gets that entry from the next start
/// ([Leftovers]). Where somebody says that a vehicle is ([org.diwan.robots.fleet.Placement]) goes the same way: with an
/// instant action in place of orders.
/// [Trace] walks all of it back, from the words that were said to the state that the robot reported.
///
/// ```
/// robot-asked ◂─ robot-decided ◂─ warrant ◂─ order, order, … ─▸ chain ─▸ robot-done
///  (words, salted)  (verdict, plan)               state, state, …
/// ```
@NullMarked
package org.diwan.robots.record;

import org.jspecify.annotations.NullMarked;
