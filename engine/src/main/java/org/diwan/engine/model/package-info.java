/// Models: weights from a GGUF file and the forward pass that turns token ids into logits.
///
/// Start at [Model] (what a caller holds), then [LlamaForward] and its neighbours (one
/// straight walk per architecture), then [Batch] (the rows of one step and their activations). Weights
/// ([Weights]) are read-only and shared, configuration ([ModelConfig]) is a printable record, state
/// is a [Sequence] per text and a [Batch] per thread.
///
/// [Encoder] is the other kind of model, which reads a text whole and says one vector or score:
/// [BertForward] is its walk, [TextBatch] its steps.
///
/// Not known here: sampling, requests, text. Limits: the constants of [ModelConfig]; a file whose
/// metadata or tensors ask for anything that the forward pass does not compute is refused by name,
/// because an answer that is silently wrong is worse than none.
@NullMarked
package org.diwan.engine.model;

import org.jspecify.annotations.NullMarked;
