/// What a log shows about the law, for programs and for people.
///
/// Start at [LogFacts#read], which reads a whole log up to its signed root and counts; [Assessment] says
/// what that means for each rule; [OscalReport] and [LawPage] write it down. [Breach] and [BreachClock]
/// are the clocks that the law starts when data is lost; the running server shows the same ones.
///
/// Knows no models and no texts: it reads what anybody can read, and takes the result of an audit as it
/// was handed in. Limits: [LogFacts#MAX_OPEN] decisions without outcome, [BreachLog#MAX_BREACHES]
/// breaches, [Tally#MAX_KEPT] entries shown of each kind.
@NullMarked
package org.diwan.cloud.report;

import org.jspecify.annotations.NullMarked;
