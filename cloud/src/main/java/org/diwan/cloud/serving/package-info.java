/// A model on this machine, from a conversation to its answer: template, tokens, engine, text.
///
/// Start with [org.diwan.cloud.serving.LocalModel]. Serving and replay both go through it, so that
/// what an auditor re-executes is what the client got. It knows no user, no HTTP and no ledger.
/// Limits are the engine's own ([org.diwan.engine.generate.EngineLimits]) and the model's context.
@NullMarked
package org.diwan.cloud.serving;

import org.jspecify.annotations.NullMarked;
