/// Measurements beside peers, made with one command and printed as JSON.
///
/// Start with [org.diwan.bench.Main]: each verb is one class. Results that were kept are in
/// `bench/results`, one file for each machine; `docs/PERFORMANCE.md` says what they mean.
///
/// A peer runs in the same minutes as Diwan, in turns, on the same input: ratios hold where absolute
/// numbers do not. Knows nothing of correctness, which is what tests are for.
@NullMarked
package org.diwan.bench;

import org.jspecify.annotations.NullMarked;
