/// What a newcomer and an operator would see, checked on the running process: the pages in a real
/// browser, an unmodified OpenAI client, and what remains after the power fails.
///
/// Start with [org.diwan.acceptance.Server], which runs `diwan up` as the launcher does, then
/// [org.diwan.acceptance.ConsoleIT]. It knows nothing of the classes behind the HTTP API: whatever is
/// asserted here, a customer could assert. Limits: one server and one browser at a time, loopback
/// only; a machine without Chromium skips the browser tests and says so.
@NullMarked
package org.diwan.acceptance;

import org.jspecify.annotations.NullMarked;
