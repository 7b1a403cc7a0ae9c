/// A whole assignment improved at once: which machine runs which process, when all of them may move
/// and every move has its price.
///
/// The problem is Google's machine reassignment, as ROADEF/EURO 2012 posed it: capacities, some of them
/// needed twice while a process moves, services whose processes keep apart, spread over locations and
/// stay near what they depend on. Start at [org.diwan.datacenter.reassign.Solver];
/// [org.diwan.datacenter.reassign.Evaluator] says what a plan costs and what it breaks, and shares
/// nothing with the search but the [org.diwan.datacenter.reassign.Instance].
///
/// Nothing here knows an inventory, a model or a law. Limits are the constants of `Instance`.
@NullMarked
package org.diwan.datacenter.reassign;

import org.jspecify.annotations.NullMarked;
