/// Generation: many requests share one model, each getting the tokens it would get alone.
///
/// Start at [Engine] (the loop that batches), then [Sampling] and its `Sampler` (how a token is
/// chosen), then `TraceChain` (what makes an answer re-executable). A request is a
/// [GenerateRequest], with a [TokenConstraint] where its answer must keep to a form; its tokens
/// arrive at a [Generation].
///
/// Not known here: text, users, time. Limits: [EngineLimits], the ranges of [Sampling], and the
/// context of the model.
@NullMarked
package org.diwan.engine.generate;

import org.jspecify.annotations.NullMarked;
