/// From a Hugging Face folder to a GGUF file: names, orders and metadata; the weights' bits are kept.
///
/// Start at [Conversion]. [Naming] says which tensor is which, [ModelFacts] turns `config.json` into
/// metadata. Not known here: text. The vocabulary comes as GGUF metadata from whoever reads
/// `tokenizer.json`. Limits: those of `engine.safetensors` and of [ModelFacts]; a tensor or a setting that
/// the target architecture has no place for is refused by name.
@NullMarked
package org.diwan.engine.convert;

import org.jspecify.annotations.NullMarked;
