/// The auditor's side: draws answers from the signed log, asks for their openings, and runs them again.
///
/// **Where to start.** [org.diwan.cloud.audit.Audit].
///
/// **What it does not know.** Who operates the log. It trusts the verifier keys and its own copies of the
/// models, and believes nothing else.
///
/// **Limits.** A log of at most [org.diwan.cloud.audit.Audit#MAX_ANSWERS] answers.
@NullMarked
package org.diwan.cloud.audit;

import org.jspecify.annotations.NullMarked;
