/// The gateway: chat over OpenAI's API, where nothing is answered that was not decided and recorded.
///
/// Start with `Gateway`, then walk one request with `ChatWalk`:
/// authenticate, classify, decide, record, generate, record. What is spoken on the wire is in
/// [org.diwan.cloud.api]; a model that answers here is in [org.diwan.cloud.serving], one that
/// answers elsewhere in [org.diwan.cloud.upstream]; keys and sealed bodies are in
/// [org.diwan.cloud.store]; what an auditor takes home and re-executes is in
/// [org.diwan.cloud.receipt]. Beside the gateway stand a server that vouches for other people's logs
/// ([org.diwan.cloud.witness]) and a copy of our own log elsewhere ([org.diwan.cloud.mirror]).
///
/// It knows nothing of pages (the console is static files on the class path) and nothing of how a
/// policy or a proof is made. One virtual thread serves one request from its first byte to its last.
/// Limits: request bodies [org.diwan.cloud.api.Json#MAX_BODY_SIZE], open requests per key and queue
/// of the engine in `GatewayConfig`.
@NullMarked
package org.diwan.cloud;

import org.jspecify.annotations.NullMarked;
