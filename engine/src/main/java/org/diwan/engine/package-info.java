/// Inference: from a model file and token ids to token ids, the same to the bit on every machine.
///
/// Read in this order: `gguf` (the file), `tensor` (a weight matrix), `kernel` (arithmetic in a
/// fixed order), `model` (one forward pass per architecture), `generate` (many requests at once).
/// A first program:
///
/// ```java
/// try (var workers = new Workers(2);
///         var model = Model.load(Path.of("model.gguf"), workers);
///         var engine = new Engine(model, EngineLimits.DEFAULT)) {
///     var request = new GenerateRequest(new int[] {1, 2, 3}, Sampling.greedy(), 16, Set.of());
///     try (var generation = engine.submit(request)) {
///         for (var token = generation.next(); token != null; token = generation.next()) {
///             System.out.println(token.id() + " " + token.logprob());
///         }
///     }
/// }
/// ```
///
/// The engine knows no text, user, clock or network. Its promise: the tokens, logits and trace of
/// a request depend on the model file and the request alone; not on what else runs in the batch,
/// in which order requests came, how prompts were cut into chunks, how many threads work or how
/// wide their vectors are. So anyone can run an answer again and compare it bit for bit.
@NullMarked
package org.diwan.engine;

import org.jspecify.annotations.NullMarked;
