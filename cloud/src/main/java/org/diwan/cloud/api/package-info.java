/// The language that clients already speak: OpenAI's chat completions, read and written.
///
/// Start with [org.diwan.cloud.api.ChatRequest]: it reads a body strictly and refuses by name what
/// Diwan does not do. [org.diwan.cloud.api.ChatReply] writes answers, whole or as stream chunks;
/// [org.diwan.cloud.api.ApiError] is every refusal. Nothing here knows a server, a model or a user.
/// Limits stand as constants in `ChatRequest` (messages, stop strings, biases) and
/// [org.diwan.cloud.api.Json] (size and depth of a body).
@NullMarked
package org.diwan.cloud.api;

import org.jspecify.annotations.NullMarked;
