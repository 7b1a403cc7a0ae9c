/// Models that run elsewhere: any service with OpenAI's API, at a place whose law is declared.
///
/// Start with [org.diwan.cloud.upstream.UpstreamAddress], then
/// [org.diwan.cloud.upstream.Upstream]. It decides nothing: whoever calls has asked the policy. It
/// follows no redirect, because a redirect may leave the jurisdiction. Limits stand as constants in
/// `Upstream`.
@NullMarked
package org.diwan.cloud.upstream;

import org.jspecify.annotations.NullMarked;
