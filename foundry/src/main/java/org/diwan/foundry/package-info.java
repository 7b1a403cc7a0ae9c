/// The model factory: text in, model out (`./diwan foundry build recipe.yaml`).
///
/// Start at [Recipe], what one can ask for, then [Build], the stages in order. Each package below
/// does one part and knows nothing of the others but what its arguments say: `corpus` (documents,
/// cleaning, duplicates), `tokenizer` (byte pairs, dialogues, rows of tokens), `train` (libtorch),
/// `stage` (folders and their manifests).
///
/// It knows no HTTP and no users, and never runs inside the server. The corpus is streamed through
/// one machine's memory document by document, which is enough for some ten gigabytes of text;
/// Spark takes over where a corpus outgrows that. Training is f32 on the cores of one machine.
@NullMarked
package org.diwan.foundry;

import org.jspecify.annotations.NullMarked;
